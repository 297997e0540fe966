import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { BotError, errorText } from '../../src/core/errors.ts';
import type { Mask } from '../../src/core/masked.ts';
import { spelledOut } from '../../src/core/unseen.ts';

// The only file that writes to the terminal: nothing of a file, a name or somebody's error moves its cursor, colours it, names
// its window or turns words around.

/** Writes lines on standard output: what was asked for. */
export function say(text: string): void {
  process.stdout.write(`${spelledOut(text)}\n`);
}

/** Writes lines on standard error: what keeps what was asked for from being done, and what goes on meanwhile. */
export function complain(text: string): void {
  process.stderr.write(`${spelledOut(text)}\n`);
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

/** How many columns the terminal has; undefined where it is none. */
export function screenWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns || undefined : undefined;
}

/**
 * Takes over what Node itself writes raw: warnings, whose words may be out of a file, and errors that nothing catches. Whoever reads
 * may go before the end (`xaxbot jobs | head`): the rest is dropped, and what was asked for is still done.
 */
export function guardScreen(mask: Mask): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
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
