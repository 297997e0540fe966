import { GOES_ON } from './rules.ts';

/** One frame of a Python traceback. */
export interface Frame {
  file: string;
  line: number;
  function: string;
}

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
}

const TRACEBACK = /^(Exception Group )?Traceback \(most recent call last\):$/;
/** As the library rich draws it, without its box: indented lines, frames as `/path/file.py:42 in name`. */
const RICH_TRACEBACK = /^Traceback \(most recent call last\)$/;
const RICH_LINE = /^(\s|$)/;
const RICH_FRAME = /^\s*(\S+\.py):(\d+) in (\S+)/;
/** A file that Python could not compile is told of without a traceback's first line. */
const SYNTAX_ERROR = /^(SyntaxError|IndentationError|TabError): /;
const SYNTAX_FRAME_LINES = 4;
const FRAME = /^\s*File "([^"]+)", line (\d+)(?:, in (.+))?$/;
const EXCEPTION = /^(?:[A-Za-z_]\w*\.)*([A-Za-z_]\w*)(?::(?: .*)?)?$/;
/** What an exception group draws before the lines of what is in it (traceback.py). */
const GROUP_MARK = /^\s*[|+](?: ?[|+]|-+)*(?: \d+ -+)?\s?/;
/** An exception's own words may go on; more than this belongs to what follows. */
const TEXT_LINES = 12;
/** Lines that stand after an exception and are not its words. */
const AFTERWORD =
  /^(-{5,}|Exception (ignored|in thread)|During handling of|The above exception|The stack trace below|The preceding|Traceback |For simplicity, JAX|\[|ERROR\b|INFO\b|WARNING\b|\d{4}-\d\d-\d\d )/;

/** Every traceback in a log, oldest first. Lines are plain text. */
export function pythonExceptions(rawLines: readonly string[]): PythonException[] {
  const lines = rawLines.map((line) => line.replace(GROUP_MARK, ''));
  const found: PythonException[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const exception = exceptionAt(lines, at);
    if (!exception) continue;
    found.push(exception);
    // What a group holds has tracebacks of its own, which follow at once.
    at = exception.end - 1;
  }
  return found;
}

function exceptionAt(lines: readonly string[], at: number): PythonException | null {
  const line = lines[at]!.trim();
  if (TRACEBACK.test(line)) return readTraceback(lines, at);
  if (RICH_TRACEBACK.test(line)) return readRich(lines, at);
  if (SYNTAX_ERROR.test(line)) return readSyntaxError(lines, at);
  return null;
}

function readRich(lines: readonly string[], start: number): PythonException | null {
  let at = start + 1;
  const frames: Frame[] = [];
  for (; at < lines.length && RICH_LINE.test(lines[at]!); at += 1) {
    const [, file, line, name] = RICH_FRAME.exec(lines[at]!) ?? [];
    if (file !== undefined) frames.push({ file, line: Number(line), function: name! });
  }
  const [, type] = EXCEPTION.exec(lines[at] ?? '') ?? [];
  if (type === undefined) return null;
  const end = endOfText(lines, at);
  return { type, text: lines.slice(at, end).join('\n').trimEnd(), frames, start, end };
}

function readSyntaxError(lines: readonly string[], at: number): PythonException | null {
  const from = Math.max(0, at - SYNTAX_FRAME_LINES);
  const frame = lines.slice(from, at).findLastIndex((line) => FRAME.test(line));
  if (frame < 0) return null;
  const [, file, line, name] = FRAME.exec(lines[from + frame]!)!;
  return {
    type: SYNTAX_ERROR.exec(lines[at]!.trim())![1]!,
    text: lines[at]!,
    frames: [{ file: file!, line: Number(line), function: name ?? '' }],
    start: from + frame,
    end: at + 1,
  };
}

function readTraceback(lines: readonly string[], start: number): PythonException | null {
  const frames: Frame[] = [];
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at]!;
    const frame = FRAME.exec(line);
    if (frame) {
      frames.push({ file: frame[1]!, line: Number(frame[2]), function: frame[3] ?? '' });
      continue;
    }
    if (/^\s/.test(line) || line === '') continue;
    const [, type] = EXCEPTION.exec(line) ?? [];
    if (type === undefined) return null;
    const end = endOfText(lines, at);
    return { type, text: lines.slice(at, end).join('\n').trimEnd(), frames, start, end };
  }
  return null;
}

function endOfText(lines: readonly string[], first: number): number {
  const isOwn = (line: string) => line !== '' && !AFTERWORD.test(line) && !GOES_ON.test(line);
  let end = first + 1;
  while (end < lines.length && end - first < TEXT_LINES && isOwn(lines[end]!)) end += 1;
  return end;
}

/** Code of the interpreter, of installed packages, and what has no file. */
const NOT_OWN = /\/(site|dist)-packages\/|\/lib(64)?\/python\d|^</;

/** The last frame in the team's own code; undefined when all are of libraries. */
export function ownFrame(frames: readonly Frame[]): Frame | undefined {
  return frames.findLast(({ file }) => !NOT_OWN.test(file));
}
