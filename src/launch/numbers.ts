import type { PresetOption } from '../core/preset.ts';
import { rangeWords } from '../core/range-words.ts';

/**
 * Numbers as xax reads them too. It reads values with PyYAML's YAML 1.1, where 010 is 8, 0x10 is 16, 1_000 is 1000 and
 * 1:30 is 90, and has Python's int() and float() read what is left as a text: 1e3 is no whole number to them.
 */
const INTEGER = /^[-+]?(0|[1-9]\d*)$/;
const NUMBER = /^[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

type Numeric = Pick<PresetOption, 'type' | 'min' | 'max'>;

/** Whether it is a number in plain digits, an exponent included. */
export function isPlainNumber(text: string): boolean {
  return NUMBER.test(text);
}

/** A number of the option's type and range as it is passed on; null where it is none. */
export function numberWithin({ type, min, max }: Numeric, text: string): string | null {
  if (!(type === 'integer' ? INTEGER : NUMBER).test(text) || !Number.isFinite(Number(text))) return null;
  // Whole numbers of any size are compared as they are: seeds and revisions may exceed 2^53.
  const value = INTEGER.test(text) ? BigInt(text.replace('+', '')) : Number(text);
  const isInRange = value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
  return isInRange ? withLeadingZero(text) : null;
}

/** What is accepted, in words: `a whole number from 1 to 64`. */
export function acceptedNumbers({ type, min, max }: Numeric, text: string): string {
  const accepted = `${type === 'integer' ? 'a whole number' : 'a number'}${rangeWords({ min, max })}`;
  const value = Number(text);
  const isOfType = text !== '' && Number.isFinite(value) && (type === 'number' || Number.isInteger(value));
  return isOfType && !(type === 'integer' ? INTEGER : NUMBER).test(text)
    ? `${accepted}, in plain digits`
    : accepted;
}

/** YAML 1.1 takes `-.5` for a text, and `.5` for a number. */
function withLeadingZero(text: string): string {
  return text.replace(/^([-+]?)\./, '$10.');
}
