import { hasAtMost } from '../core/has-at-most.ts';

/** Python's json.dumps writes numbers that JSON has no word for; within a string, closed or not, they are text. */
const WORDS = /"(?:[^"\\]+|\\.)*"?|-?Infinity|NaN/g;
/** Put before such a word so that it is told from a text that was logged. */
const MARK = '\u0001';
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  [`${MARK}NaN`, Number.NaN],
  [`${MARK}Infinity`, Number.POSITIVE_INFINITY],
  [`${MARK}-Infinity`, Number.NEGATIVE_INFINITY],
]);

/** Commas and brackets in a text, of which each may be a value: more than these take long to parse. */
const SIGNS_MAX = 50_000;

/** An object as Python's json.dumps writes it, bare NaN and Infinity among its numbers; undefined for anything else, and for what is too large. */
export function parseLooseJson(text: string, signsMax = SIGNS_MAX): Record<string, unknown> | undefined {
  if (!hasAtMost(text, ',[{', signsMax)) return undefined;
  const isStrict = !text.includes('NaN') && !text.includes('Infinity');
  const strict = isStrict
    ? text
    : text.replace(WORDS, (word) => (word.startsWith('"') ? word : JSON.stringify(MARK + word)));
  try {
    const value: unknown = JSON.parse(strict, isStrict ? undefined : (_key, each) => numberMeant(each));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function numberMeant(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(MARK) ? (NOT_FINITE.get(value) ?? value) : value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
