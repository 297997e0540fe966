const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** No number is written in more characters, spaces about it among them. */
const LENGTH_MAX = 400;
const [POINT, ZERO, NINE] = [0x2e, 0x30, 0x39];
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
  if (cell === '') return null;
  if (isPlain(cell)) return Number(cell);
  if (cell.length > LENGTH_MAX) return undefined;
  const text = cell.trim();
  if (NUMBER.test(text)) return Number(text);
  const small = text.toLowerCase();
  return ABSENT.has(small) ? null : WORDS.get(small);
}

/** Digits with a point at most, as nearly all of them are: told without a pattern, in a fraction of the time. */
function isPlain(cell: string): boolean {
  let points = 0;
  for (let at = 0; at < cell.length; at += 1) {
    const sign = cell.charCodeAt(at);
    if (sign === POINT) points += 1;
    else if (sign < ZERO || sign > NINE) return false;
  }
  return points <= 1 && cell.length > points && cell.length <= LENGTH_MAX;
}
