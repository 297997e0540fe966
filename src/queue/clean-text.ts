import { stripVTControlCharacters } from 'node:util';
import { clip } from '../core/clip.ts';

/** Box drawing (U+2500 to U+257F) and block elements, with which consoles frame their panels. */
const BOXES = /[\u2500-\u259f]+/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Marks that turn the direction of what follows, so that a text would read as another one. */
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** How long a line stays at most, in characters: 2,000 of its own, and the mark that it was cut. */
export const LINE_MAX = 2_001;

/** One line of a log as plain text: without ANSI sequences, frames, and what a carriage return overwrote. */
export function cleanLine(raw: string): string {
  const plain = stripVTControlCharacters(raw).replace(/\r+$/, '');
  const overwritten = plain.lastIndexOf('\r') + 1;
  const visible = plain
    .slice(overwritten)
    .replace(BOXES, '')
    .replace(CONTROLS, '')
    .replace(DIRECTIONS, '')
    .trimEnd();
  return clip(visible, LINE_MAX);
}

/** A piece of a log, line by line as `cleanLine`; without the empty line after a last newline. */
export function cleanLines(text: string): string[] {
  const lines = text.split('\n').map(cleanLine);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
