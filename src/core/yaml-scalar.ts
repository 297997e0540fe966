/**
 * Scalars as PyYAML reads them, which is what xax (0.4.9, structured_config.py) reads each `key=value` and writes each
 * `config.yaml` with: YAML 1.1, whose words differ from those of the YAML that the rest of the world reads.
 */

/** What an unquoted scalar is: `special` are `=` and `<<`, at which PyYAML fails. */
export type PlainKind = 'boolean' | 'number' | 'null' | 'time' | 'special' | 'text';

/** yaml/resolver.py of PyYAML 6.0, in its order. */
const RESOLVERS: readonly (readonly [PlainKind, RegExp])[] = [
  ['boolean', /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/],
  [
    'number',
    /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  ],
  [
    'number',
    /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/,
  ],
  ['special', /^(?:<<|=)$/],
  ['null', /^(?:~|null|Null|NULL|)$/],
  ['time', /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/],
  [
    'time',
    /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$/,
  ],
];

/** Texts that are written without quotes: nothing in them means anything to YAML. */
const UNQUOTED = /^[A-Za-z_][\w./+'-]*$/;
const SINGLE_QUOTED = /^'(?:[^']|'')*'$/;
const DOUBLE_QUOTED = /^"[^"\\]*"$/;
/** As many digits as Python makes a number of (sys.get_int_max_str_digits() of 3.12); more take ever longer. */
export const DIGITS_MAX = 4_300;
/** Decimal numbers as people and programs write them. */
const DECIMAL = /^([-+]?)(\d+(?:\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/** What PyYAML takes an unquoted scalar for. */
export function plainKind(source: string): PlainKind {
  return RESOLVERS.find(([, pattern]) => pattern.test(source))?.[0] ?? 'text';
}

/** A text of one line as a scalar that is read back as that text; in single quotes, which have no escapes, where it needs some. */
export function scalarOf(text: string): string {
  if (UNQUOTED.test(text) && plainKind(text) === 'text') return text;
  return `'${text.replaceAll("'", "''")}'`;
}

/** What somebody wrote as a scalar, without its quotes. */
export function withoutQuotes(scalar: string): string {
  if (SINGLE_QUOTED.test(scalar)) return scalar.slice(1, -1).replaceAll("''", "'");
  return DOUBLE_QUOTED.test(scalar) ? scalar.slice(1, -1) : scalar;
}

/** One spelling of each number: that of `1`, `1.0` and `+1.0e+0` is `1`; whole numbers keep every digit. null: no decimal number. */
export function canonicalNumber(text: string): string | null {
  const match = text.length > DIGITS_MAX ? null : DECIMAL.exec(text);
  if (!match) return null;
  const [, sign, digits, exponent] = match;
  if (exponent === undefined && /^\d+$/.test(digits!)) {
    const whole = BigInt(digits!);
    return String(sign === '-' ? -whole : whole);
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) ? String(BigInt(value)) : String(value);
}
