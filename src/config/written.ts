/** Where xaxbot.yaml says what is passed on to a task; `*` is any key. */
const PASSED_ON = [
  ['presets', '*', 'options', '*', 'default'],
  ['presets', '*', 'options', '*', 'choices'],
];

/**
 * The values of a YAML file with what is passed on to a task as the person wrote it: `1e-3` and `1.0`, where YAML's
 * numbers would become `0.001` and `1`.
 */
export function keepWritten(values: unknown, written: unknown): unknown {
  return PASSED_ON.reduce((kept, path) => replaceAt(kept, written, path), values);
}

function replaceAt(values: unknown, written: unknown, [part, ...rest]: readonly string[]): unknown {
  if (part === undefined) return asWritten(values, written);
  if (!isRecord(values) || !isRecord(written)) return values;
  const keys = Object.keys(values).filter((key) => part === '*' || part === key);
  const replaced = keys.map((key) => [key, replaceAt(values[key], written[key], rest)]);
  return { ...values, ...Object.fromEntries(replaced) };
}

function asWritten(value: unknown, written: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(written))
    return value.map((each, index) => asWritten(each, written[index]));
  // Nothing at all after a key is a mistake, not an empty text.
  const isEmpty = value === null && written === '';
  return typeof written === 'string' && !isEmpty ? written : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
