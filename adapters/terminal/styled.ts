import { piecesOf, widthOf } from '../../src/core/columns.ts';

/** How a piece of text is drawn where there are colours. What it says stands in its words all the same. */
export type Style = 'strong' | 'quiet' | 'name' | 'active' | 'good' | 'warning' | 'bad';

export interface Piece {
  text: string;
  style?: Style | undefined;
}

export type Line = readonly Piece[];

/** A line without its styles. */
export function wordsOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** A line in lines of at most so many columns, broken at spaces where there are any. */
export function foldedLine(line: Line, width: number): Line[] {
  if (widthOf(wordsOf(line)) <= width) return [line];
  const lines: Piece[][] = [[]];
  let taken = 0;
  for (const { text, style } of line) {
    for (const part of text.split(/( +)/).flatMap((each) => piecesOf(each, width))) {
      const wide = widthOf(part);
      const isBlank = part.trim() === '';
      if (taken + wide > width && taken > 0) {
        lines.push([]);
        taken = 0;
        // A line begins with a word.
        if (isBlank) continue;
      }
      lines.at(-1)!.push({ text: part, style });
      taken += wide;
    }
  }
  return lines.map(withoutBlanksBehind);
}

function withoutBlanksBehind(line: Piece[]): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== '');
  return line.slice(0, last + 1);
}
