import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { settingField } from '../core/setting-fields.ts';
import { plainKind, scalarOf } from '../core/yaml-scalar.ts';
import { isPlainNumber } from './numbers.ts';

/** Both YAML and Python's own spelling, which xax writes into a setting that is a text. */
const BOOLEAN = /^([Tt]rue|[Ff]alse)$/;
/** A beginning that people read as a number: `010`, `0x1F`, `0o17`, `1_000`, `1:30`. */
const NUMBER_LIKE = /^[-+]?(0x[\da-f_]+|0[ob][\d_]+|\d[\d_]*(:[\d_]+)*(\.[\d_]*)?)$/i;
const COLLECTION = /^[[{]|^[-?:]( |$)|:( |$)/;
const QUOTED = /^(['"]).*\1$/s;
/** Python writes numbers beyond these with an exponent (repr of CPython). */
const PLAIN_FROM = 1e-4;
const PLAIN_BELOW = 1e16;

/**
 * Refuses a value of a setting whose type the preset does not declare, unless it is a number in plain digits, true or
 * false, or a text: what people and YAML 1.1 read differently is none of them. Error `bad-assignment`.
 */
export function checkUndeclared(key: string, value: string): void {
  const refused = refusal(value);
  if (refused === undefined) return;
  throw new BotError(
    'bad-assignment',
    `${clip(key, 60)} is "${clip(value, 60)}", ${refused}; accepted: a number in plain digits, true or false, or a text.`,
    `To pass it as text, declare it in xaxbot.yaml: "${clip(key, 60)}: {type: text}" below the preset's options. Nothing was launched.`,
    settingField(key),
  );
}

/**
 * The scalar that such a value is passed on as. A number stands bare where Python prints it alike, so that it arrives
 * whatever the setting's type is; `1.10` goes as a text, of which a setting that is a number makes 1.1.
 */
export function undeclaredScalar(value: string): string {
  return BOOLEAN.test(value) || (isPlainNumber(value) && isPrintedAlike(value)) ? value : scalarOf(value);
}

function refusal(value: string): string | undefined {
  const text = value.trim();
  if (text === '') return 'which YAML reads as null';
  if (QUOTED.test(text)) return 'where it is unclear whether the quotes are part of it';
  if (COLLECTION.test(text)) return 'which YAML reads as a list or a mapping';
  const kind = plainKind(text);
  if (kind === 'null') return 'which YAML reads as null';
  const isNumber = isPlainNumber(text);
  if (isNumber && !Number.isFinite(Number(text))) return 'which is beyond the range of numbers';
  if (kind === 'boolean' && !BOOLEAN.test(text)) return 'which YAML reads as a boolean';
  if (!isNumber && (kind === 'number' || NUMBER_LIKE.test(text)))
    return 'which YAML and people read as different numbers';
  const isText = !isNumber && kind !== 'boolean';
  return isText || text === value ? undefined : 'with spaces around it';
}

/** Whether Python, having read the number, prints it as it was written. */
function isPrintedAlike(text: string): boolean {
  if (/^(0|-?[1-9]\d*)$/.test(text)) return true;
  if (!/^-?(0|[1-9]\d*)\.\d+$/.test(text)) return false;
  const size = Math.abs(Number(text));
  const isPlain = size === 0 ? !text.startsWith('-') : size >= PLAIN_FROM && size < PLAIN_BELOW;
  return isPlain && String(Number(text)) === text.replace(/\.0$/, '');
}
