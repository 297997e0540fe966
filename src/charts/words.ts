import { characters } from '../core/characters.ts';
import { ended, widthOf } from '../core/columns.ts';
import { legible } from '../core/unseen.ts';

/** Notes one after the other on as many lines as they take, two at most. */
export function linesOf(notes: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const note of notes) {
    const longer = lines.length > 0 ? `${lines.at(-1)} · ${note}` : note;
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(note);
  }
  const shown = lines.length > 2 ? [lines[0]!, lines.slice(1).join(' · ')] : lines;
  return shown.map((line) => clipped(line, columns));
}

/** Text as the shipped font can draw it: tags hold emoji, which would come out as boxes. */
export function drawable(text: string): string {
  return legible(text)
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Variation_Selector}|\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A text of at most so many columns: an ideograph is as wide as two letters. */
export function clipped(text: string, most: number): string {
  return widthOf(text) <= most ? text : ended(text, most - 1);
}

/** The end of a text, of at most so many columns. */
export function ending(text: string, most: number): string {
  if (widthOf(text) <= most) return text;
  const kept: string[] = [];
  let width = 1;
  for (const character of [...characters(text)].reverse()) {
    width += widthOf(character);
    if (width > most) break;
    kept.unshift(character);
  }
  return `…${kept.join('')}`;
}
