import { characters } from '../core/characters.ts';

/** As much of a text as is not wider than `most`, with an ellipsis in place of the rest; the unit is that of `measure`. */
export function fitted(text: string, most: number, measure: (text: string) => number): string {
  if (measure(text) <= most) return text;
  const all = [...characters(text)];
  let [fits, tooLong] = [0, all.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(`${all.slice(0, middle).join('')}…`) <= most) fits = middle;
    else tooLong = middle;
  }
  return `${all.slice(0, fits).join('').trimEnd()}…`;
}
