import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { BotError, errorText } from '../../src/core/errors.ts';
import type { Mask } from '../../src/core/masked.ts';
import { spelledOut } from '../../src/core/unseen.ts';
import { colourDepth, type Depth, painted } from './colours.ts';
import { foldedLine, type Line } from './styled.ts';

// The only file that writes to the terminal: nothing of a file, a name or somebody's error moves its cursor, colours it, names
// its window or turns words around. Colours and what moves the cursor are put around texts that were made harmless before.

/** Writes lines on standard output: what was asked for. */
export function say(text: string): void {
  process.stdout.write(`${spelledOut(text)}\n`);
}

/** Writes lines on standard error: what keeps what was asked for from being done, and what goes on meanwhile. */
export function complain(text: string): void {
  process.stderr.write(`${spelledOut(text)}\n`);
}

/** Lines with their colours as a pager is given them, each piece made harmless; with a line end behind each. */
export function linesText(lines: readonly Line[], depth: Depth): string {
  return lines.map((line) => `${painted(line, depth, spelledOut)}\n`).join('');
}

/** Writes lines with their colours: what was asked for on standard output, else on standard error. */
export function sayLines(lines: readonly Line[], depth: Depth, isAskedFor = true): void {
  (isAskedFor ? process.stdout : process.stderr).write(linesText(lines, depth));
}

/** A text that may have several lines as one, so that none of them looks like a line of ours. */
export function inLine(text: string): string {
  return text.replace(/[\s\u0085]+/g, (blanks) =>
    /[\r\n\v\f\u0085\u2028\u2029]/.test(blanks) ? ' ' : blanks,
  );
}

/** Writes a value as JSON for a program on standard output, a line of it. */
export function sayJson(json: string): void {
  process.stdout.write(`${asciiJson(json)}\n`);
}

/** Writes a record of the log, a line of JSON with its end, on standard error. */
export function record(json: string): void {
  process.stderr.write(asciiJson(json));
}

/** Says why the program ends: the words of an error that a person can mend, else all of it. */
export function complainOf(error: unknown, mask: Mask): void {
  complain(mask(error instanceof BotError ? `xaxbot: ${errorText(error)}` : inspect(error)));
}

/** Asks on the terminal; no without one. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${spelledOut(question)} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Questions on a terminal, one after the other, that are answered in lines. */
export interface Prompt {
  /** What is typed, without the blanks around it; a secret is not shown. undefined: no more comes, as after Ctrl+C. */
  ask(question: string, options?: { isSecret?: boolean }): Promise<string | undefined>;
  close(): void;
}

/** Opens the terminal for questions; undefined without one. Lines that are pasted together answer one question each. */
export function openPrompt(): Prompt | undefined {
  if (!process.stdin.isTTY) return undefined;
  let isHidden = false;
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!isHidden) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const typed = lines[Symbol.asyncIterator]();
  return {
    async ask(question, { isSecret = false } = {}) {
      lines.setPrompt(`${spelledOut(question)} `);
      lines.prompt();
      isHidden = isSecret;
      const { value, done } = await typed.next();
      if (isSecret) process.stderr.write('\n');
      isHidden = false;
      return done ? undefined : (value as string).trim();
    },
    close: () => lines.close(),
  };
}

/** Whether standard error is a terminal: a person reads what goes on. */
export function isWatched(): boolean {
  return process.stderr.isTTY ?? false;
}

/** Whether standard output is a terminal, with its columns and rows; undefined where it does not say. */
export function screenSize(): { isTerminal: boolean; width: number | undefined; height: number | undefined } {
  const { isTTY = false, columns, rows } = process.stdout;
  return {
    isTerminal: isTTY,
    width: (isTTY && columns) || undefined,
    height: (isTTY && rows) || undefined,
  };
}

/** How many colours standard output and standard error have. */
export function screenColours(env: NodeJS.ProcessEnv): { out: Depth; err: Depth } {
  return { out: colourDepth(process.stdout, env), err: colourDepth(process.stderr, env) };
}

/** What the terminal obeys (ECMA-48, 8.3; the last three are xterm's, of every terminal in use). */
const ERASE_LINE = '\r\u001b[2K';
const ERASE_TO_LINE_END = '\u001b[K';
const ERASE_BELOW = '\u001b[J';
const HOME = '\u001b[H';
const OTHER_SCREEN = '\u001b[?1049h\u001b[?25l';
const BACK = '\u001b[?25h\u001b[?1049l';

/** A line on standard error that the next one replaces, and that is gone in the end; nothing where that is no terminal. */
export function statusLine(depth: Depth) {
  const { stderr } = process;
  let isShown = false;
  return {
    show(line: Line): void {
      if (!stderr.isTTY) return;
      // The last column is left free: terminals differ in what they do behind it.
      const [first = []] = foldedLine(line, Math.max(1, (stderr.columns || 80) - 1));
      stderr.write(`${ERASE_LINE}${painted(first, depth, (text) => spelledOut(inLine(text)))}`);
      isShown = true;
    },
    clear(): void {
      if (isShown) stderr.write(ERASE_LINE);
      isShown = false;
    },
  };
}

export type StatusLine = ReturnType<typeof statusLine>;

/**
 * A screen of its own beside the terminal's, in which each picture replaces the one before without a flicker; drawn anew when the
 * terminal's size changes. `close` gives the terminal back as it was, cursor and all; so does the end of the process, in whatever
 * way but SIGKILL. Only of a standard output that is a terminal.
 */
export function openPicture(depth: Depth) {
  const { stdout } = process;
  let isOpen = false;
  let drawn: readonly Line[] = [];

  function put(): void {
    if (!isOpen) return;
    const { rows, columns } = stdout;
    const all = drawn.flatMap((line) => foldedLine(line, columns || Number.POSITIVE_INFINITY));
    const most = Math.max(3, rows || 24);
    const shown = all.length <= most ? all : [...all.slice(0, most - 2), MORE, all.at(-1)!];
    const text = shown.map((line) => painted(line, depth, spelledOut) + ERASE_TO_LINE_END).join('\r\n');
    stdout.write(`${HOME}${text}${ERASE_BELOW}`);
  }
  function enter(): void {
    isOpen = true;
    stdout.write(OTHER_SCREEN);
    put();
  }
  function leave(): void {
    if (isOpen) stdout.write(BACK);
    isOpen = false;
  }
  process.once('exit', leave);
  stdout.on('resize', put);
  enter();
  return {
    enter,
    leave,
    /** Draws lines; what does not fit is left out, but for the last line. */
    draw(lines: readonly Line[]): void {
      drawn = lines;
      put();
    },
    close(): void {
      leave();
      process.removeListener('exit', leave);
      stdout.removeListener('resize', put);
    },
  };
}

const MORE: Line = [{ text: '… (the terminal has no more lines)', style: 'quiet' }];

/** Nobody reads any more: the other end of a pipe, or a terminal that was closed. */
const GONE: readonly (string | undefined)[] = ['EPIPE', 'EIO'];

/**
 * Takes over what Node itself writes raw: warnings, whose words may be out of a file, and errors that nothing catches. Whoever reads
 * may go before the end (`xaxbot jobs | head`): the rest is dropped, and what was asked for is still done.
 */
export function guardScreen(mask: Mask): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!GONE.includes(error.code)) throw error;
    });
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    // What Node calls experimental is what this program is built on.
    if (name !== 'ExperimentalWarning') complain(mask(`${name}: ${message}`));
  });
  process.on('uncaughtException', (error) => {
    complainOf(error, mask);
    process.exit(1);
  });
}

/** JSON in which every character beyond ASCII that acts or is not seen is written as `\\uXXXX`, which means the same. */
function asciiJson(json: string): string {
  return json.replace(/[\u007f-\u009f\u2028\u2029]|\p{Cf}|\p{Cs}|\p{Variation_Selector}/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
