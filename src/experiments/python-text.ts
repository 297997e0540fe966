import { DIGITS_MAX } from '../core/yaml-scalar.ts';

/** From this size on, and below the small one, Python's repr() writes a float with an exponent. */
const LARGE = 1e16;
const SMALL = 1e-4;

/** A float as Python's repr() writes it, which is how the log holds objective_value: `5.0`, `1e-05`, `0.2177734375`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= LARGE || size < SMALL)) {
    const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** A JSON value; whole numbers that were written without a point are bigint, which Python keeps apart from floats. */
export type PythonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | PythonValue[]
  | { [key: string]: PythonValue };

/** A zero that nobody writes, which stands for NaN while JSON.parse reads. */
const NAN_SOURCE = '0e-7374';

/** How deep lists and objects may stand in one another; Python's own reader gives up at a thousand. */
const NESTING_MAX = 500;
/** A text, closed or not, so that none is begun twice; a bracket; what JSON has no word for. */
const TOKENS = /"(?:[^"\\]+|\\.)*"?|[[\]{}]|(?<!-)\bNaN\b|\bInfinity\b/gs;

/** JSON as Python's json.loads reads it, with NaN and Infinity, which it also writes. Throws SyntaxError. */
export function parsePythonJson(text: string): PythonValue {
  let depth = 0;
  const inJson = text.replace(TOKENS, (found) => {
    if (found === '[' || found === '{') depth += 1;
    else if (found === ']' || found === '}') depth -= 1;
    if (depth > NESTING_MAX) throw new SyntaxError(`more than ${NESTING_MAX} brackets in one another`);
    return found === 'NaN' ? NAN_SOURCE : found === 'Infinity' ? '1e999' : found;
  });
  const asInPython = (_key: string, value: unknown, context?: { source?: string }) => {
    if (typeof value !== 'number') return value;
    const source = context?.source ?? '';
    if (source === NAN_SOURCE) return Number.NaN;
    if (source.length > DIGITS_MAX) throw new SyntaxError(`a number of more than ${DIGITS_MAX} digits`);
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(inJson, asInPython as (key: string, value: unknown) => unknown) as PythonValue;
}

/** An object as Python's json.dumps(sort_keys=True) writes it: ASCII only, `", "` and `": "` between. */
export function pythonJson(values: Readonly<Record<string, PythonValue>>): string {
  const entries = Object.keys(values)
    .sort(byCodePoint)
    .map((key) => `${asciiString(key)}: ${anyValue(values[key]!)}`);
  return `{${entries.join(', ')}}`;
}

/** Python's order of strings; JavaScript's own would put an emoji before the last of the two-byte characters. */
function byCodePoint(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1) return left.length - right.length;
  return left[at]!.codePointAt(0)! - (right[at]?.codePointAt(0) ?? -1);
}

function anyValue(value: PythonValue): string {
  if (typeof value === 'string') return asciiString(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(anyValue).join(', ')}]`;
  if (typeof value === 'object') return pythonJson(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return pythonFloat(value);
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
