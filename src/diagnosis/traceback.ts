import { type BlockLine, linesOf, marginsOf } from './block.ts';
import { exceptionType, isCertainException } from './exception-line.ts';
import { drawnFrame, type Frame, pythonFrame } from './frames.ts';
import { type Header, headerOf } from './header.ts';
import { type Margin, marginOf } from './margin.ts';
import { wordsEnd } from './words-end.ts';

/** A Python exception as it was printed. */
export interface PythonException {
  /** `XlaRuntimeError`, without the module before it. */
  type: string;
  /** The whole of it, from the type on, in lines. */
  text: string;
  frames: Frame[];
  /** Where its traceback begins and its text ends, as indices of lines; the end is the first line after it. */
  start: number;
  end: number;
  /** What stands before each of its lines, and the lines without it, the first one aside. */
  margin: Margin;
  body: string[];
}

/** So many lines of the same process, of another thread or a bar, may stand among a block's. */
const STRAY_LINES = 6;
const SYNTAX_ERROR = /(?:^|\s)((?:SyntaxError|IndentationError|TabError): .*)$/;
const SYNTAX_FRAME_LINES = 5;
/** A line so long may have been broken at a console's width. */
const WRAPPED_FROM = 60;

/** Every traceback in a log, in the order of their first lines. Lines are plain text. */
export function pythonExceptions(lines: readonly string[]): PythonException[] {
  const found: PythonException[] = [];
  let covered = 0;
  for (const [at, line] of lines.entries()) {
    const header = headerOf(line);
    const exception = header
      ? read(lines, at, header)
      : at >= covered && SYNTAX_ERROR.test(line)
        ? readSyntaxError(lines, at)
        : null;
    if (!exception) continue;
    found.push(exception);
    covered = Math.max(covered, exception.end);
  }
  return found;
}

function read(lines: readonly string[], start: number, header: Header): PythonException | null {
  for (const margin of marginsOf(lines, start, header)) {
    const found = readWithin(lines, start, header, margin);
    if (found) return found;
  }
  return null;
}

function readWithin(
  lines: readonly string[],
  start: number,
  header: Header,
  margin: Margin,
): PythonException | null {
  const block = linesOf(lines, start, margin);
  const frames: Frame[] = [];
  let strays = 0;
  // A first line may be drawn and the frames below it CPython's, where two programs handle one traceback.
  let { isDrawn } = header;
  for (const [index, { text }] of block.entries()) {
    if (headerOf(text)) return null;
    const frame = (header.isDrawn ? drawnFrame(text) : undefined) ?? pythonFrame(text)?.frame;
    if (frame) {
      frames.push(frame);
      isDrawn &&= pythonFrame(text) === undefined;
      continue;
    }
    const words = isDrawn ? text.trim() : text;
    const isBelowBox = block[index - 1]?.text === '' && !/^\s/.test(text);
    const type = isBelowBox || isFirstWords(words, { ...header, isDrawn }) ? exceptionType(words) : undefined;
    if (type !== undefined) return made(type, frames, start, margin, block, index, isDrawn);
    if (words !== '' && !/^\s/.test(words) && !isDrawn) strays += 1;
    if (strays > STRAY_LINES) return null;
  }
  return null;
}

/** In a drawing, source lines and values stand unindented too: only what is an exception's for certain ends it. */
function isFirstWords(words: string, { isDrawn, type }: Header): boolean {
  if (!isDrawn) return true;
  return type === null ? isCertainException(words) : words.startsWith(`${type}:`) || words === type;
}

function made(
  type: string,
  frames: Frame[],
  start: number,
  margin: Margin,
  block: readonly BlockLine[],
  first: number,
  isDrawn: boolean,
): PythonException {
  const rest = block.slice(first).map(({ text }) => text);
  const count = wordsEnd(rest);
  return {
    type,
    text: (isDrawn ? unwrapped(rest.slice(0, count)) : rest.slice(0, count).join('\n')).trim(),
    frames,
    start,
    end: block[first + count - 1]!.at + 1,
    margin,
    body: block.slice(0, first).map(({ text }) => text),
  };
}

/** rich breaks an exception's words at the console's width: a long line goes on with a word in small letters. */
function unwrapped(lines: readonly string[]): string {
  return lines.reduce((text, line, at) => {
    const isBroken = lines[at - 1]!.length >= WRAPPED_FROM && /^[a-z]+[ ,.:;)]/.test(line);
    return `${text}${isBroken ? ' ' : '\n'}${line}`;
  });
}

/** A file that Python could not compile is told of without a traceback's first line. */
function readSyntaxError(lines: readonly string[], at: number): PythonException | null {
  const from = Math.max(0, at - SYNTAX_FRAME_LINES);
  const above = lines.slice(from, at);
  const index = above.findLastIndex((line) => pythonFrame(line) !== undefined);
  if (index < 0) return null;
  const { margin, frame } = pythonFrame(above[index]!)!;
  const text = SYNTAX_ERROR.exec(lines[at]!)![1]!;
  return {
    type: exceptionType(text)!,
    text,
    frames: [frame],
    start: from + index,
    end: at + 1,
    margin: marginOf(margin),
    body: above.slice(index),
  };
}
