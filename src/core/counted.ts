/** So many of something, in words: "1 line", "3 lines", "2 queries". `many` where it is more than an s that is added. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const ENDINGS = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });

/** A whole number as a place: "1st", "22nd", "113th". */
export function ordinal(number: number): string {
  return `${number}${ENDINGS.get(ORDINALS.select(number)) ?? 'th'}`;
}
