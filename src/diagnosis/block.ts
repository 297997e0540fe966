import { exceptionType } from './exception-line.ts';
import { pythonFrame } from './frames.ts';
import { type Header, headerOf } from './header.ts';
import { type Margin, marginOf } from './margin.ts';

/** A traceback longer than this is cut by whoever prints it: Python repeats no frame more than three times. */
const BLOCK_LINES = 1_500;
/** So many lines of other processes may stand between two of a block. */
const FOREIGN_LINES = 40;
/** Where the first frame is looked for, which tells the margin. */
const FIRST_FRAME_WITHIN = 40;
/** Below a first line the frames begin, unless other processes write between. */
const NEXT_LINES = 6;

/** A line of a traceback's block. */
export interface BlockLine {
  /** Index in the log. */
  at: number;
  /** Without the block's margin. */
  text: string;
}

/** The lines after a first one that have its margin, until too many have another. */
export function linesOf(lines: readonly string[], start: number, margin: Margin): BlockLine[] {
  const own: BlockLine[] = [];
  let foreign = 0;
  for (let at = start + 1; at < lines.length && own.length < BLOCK_LINES; at += 1) {
    const text = margin.strip(lines[at]!);
    if (text === null) {
      foreign += 1;
      if (foreign > FOREIGN_LINES) break;
      continue;
    }
    foreign = 0;
    own.push({ at, text });
    if (headerOf(text)) break;
  }
  return own;
}

/** What stands before the frames: the first line's own prefix where they have it too, else what is before the first of them. */
function framesMargin(lines: readonly string[], start: number, { prefix }: Header): string {
  const near = lines.slice(start + 1, start + 1 + FIRST_FRAME_WITHIN);
  if (prefix !== '') {
    const margin = marginOf(prefix);
    const isOwn = (line: string) => {
      const text = margin.strip(line);
      return text !== null && (pythonFrame(text)?.margin === '' || exceptionType(text) !== undefined);
    };
    if (near.some(isOwn)) return prefix;
  }
  for (const line of near.slice(0, NEXT_LINES)) {
    const found = pythonFrame(line);
    if (found) return found.margin;
  }
  return '';
}

function drawnMargin(lines: readonly string[], start: number, { prefix }: Header): Margin {
  // rich writes one space between its box and the title.
  const before = prefix.replace(/\s$/, '');
  const margin = marginOf(before);
  const next = lines.slice(start + 1, start + 1 + NEXT_LINES).find((line) => line !== '');
  return before !== '' && next !== undefined && margin.strip(next) !== null ? margin : marginOf('');
}

/** What may stand before the lines of a block, the likelier first. */
export function marginsOf(lines: readonly string[], start: number, header: Header): Margin[] {
  const ofFrames = marginOf(framesMargin(lines, start, header));
  return header.isDrawn ? [drawnMargin(lines, start, header), marginOf(''), ofFrames] : [ofFrames];
}
