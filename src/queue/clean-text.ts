import { clip } from '../core/clip.ts';

/**
 * Escape sequences of a terminal (ECMA-48): control sequences, strings with their end, and the rest. None of its parts can
 * begin at another's place, so that a text costs no more than its length.
 */
const SEQUENCES =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]?|[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|[ -/]*[0-~])/g;
/** Box drawing (U+2500 to U+257F) and block elements, with which consoles frame their panels. */
const BOXES = /[\u2500-\u259f]+/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** Marks that turn the direction of what follows, so that a text would read as another one. */
const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
/** How long a line stays at most, in characters: 2,000 of its own, and the mark that it was cut. */
export const LINE_MAX = 2_001;
/** So much of a line is looked at, in characters: colours and frames may take most of it, and a line may be gigabytes. */
const LINE_READ = 8 * LINE_MAX;

/** One line of a log as plain text: without ANSI sequences, frames, and what a carriage return overwrote. */
export function cleanLine(raw: string): string {
  let end = raw.length;
  let visible = '';
  while (visible === '' && end > 0) {
    const begin = raw.lastIndexOf('\r', end - 1) + 1;
    visible = raw.slice(begin, Math.min(end, begin + LINE_READ)).replace(SEQUENCES, '');
    end = begin - 1;
  }
  const plain = visible.replace(BOXES, '').replace(CONTROLS, '').replace(DIRECTIONS, '').trimEnd();
  return clip(plain, LINE_MAX);
}
