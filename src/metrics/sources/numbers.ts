const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);
/** What stands for no value at all: Keras writes NA where it did not validate. */
const ABSENT = new Set(['', 'na', 'n/a', 'none', 'null', '-']);

/** The number in a cell as Python writes one, `nan` and `inf` among them; null where there is no value, undefined for text. */
export function cellNumber(cell: string): number | null | undefined {
  const text = cell.trim();
  if (NUMBER.test(text)) return Number(text);
  const small = text.toLowerCase();
  return ABSENT.has(small) ? null : WORDS.get(small);
}
