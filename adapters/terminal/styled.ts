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

/**
 * A line in lines of at most so many columns, broken at spaces where there are any. `keepsWords`: a word that is wider, as a path
 * that is to be copied, begins a line and stays whole; the terminal itself goes on with it in the next.
 */
export function foldedLine(line: Line, width: number, keepsWords = false): Line[] {
  if (widthOf(wordsOf(line)) <= width) return [line];
  const lines: Piece[][] = [[]];
  let taken = 0;
  for (const { text, style } of line) {
    for (const part of wordsAndBlanks(text, width, keepsWords)) {
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

function wordsAndBlanks(text: string, width: number, keepsWords: boolean): string[] {
  const parts = text.split(/( +)/).filter((part) => part !== '');
  return keepsWords ? parts : parts.flatMap((part) => piecesOf(part, width));
}

function withoutBlanksBehind(line: Piece[]): Line {
  const last = line.findLastIndex(({ text }) => text.trim() !== '');
  return line.slice(0, last + 1);
}
