import { createInterface } from 'node:readline/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Reply } from '../../src/core/adapter.ts';
import { jsonText } from '../../src/core/json.ts';
import type { FileRef, Message } from '../../src/core/message.ts';
import { type PlainTextOptions, plainText } from '../../src/core/plain-text.ts';

export interface Printer {
  json: boolean;
  timezone: string;
  /** How many columns the terminal has; undefined where it is none. */
  width?: number;
  pathOf(ref: FileRef): string | undefined;
}

/** Exit codes: 0 the command did what was asked, 1 it did not, 2 it waits for a yes. */
export const EXIT_FAILED = 1;
export const EXIT_UNCONFIRMED = 2;

/** Prints one answer: final ones on stdout (or stderr when they failed), interim ones on stderr. */
export function printReply(answer: Reply, { json, timezone, width, pathOf }: Printer): void {
  const reply = { ...answer, message: withoutButtons(answer.message) };
  if (!reply.final) {
    if (!json)
      process.stderr.write(`${printable(reply.message, { timezone, now: Date.now(), width, pathOf })}\n`);
    return;
  }
  if (json) {
    const failed = {
      ok: false,
      error: { code: reply.errorCode, message: plainText(reply.message, { timezone }) },
    };
    const done = { ok: reply.ok, data: withPaths(reply.data, pathOf) };
    process.stdout.write(`${jsonText(reply.errorCode ? failed : done)}\n`);
    return;
  }
  const out = reply.ok ? process.stdout : process.stderr;
  out.write(`${printable(reply.message, { timezone, now: Date.now(), width, pathOf })}\n`);
}

/** Data in which each kept file says where it lies on this host: a script cannot use its name alone. */
export function withPaths(data: unknown, pathOf: Printer['pathOf']): unknown {
  if (Array.isArray(data)) return data.map((each) => withPaths(each, pathOf));
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data).map(([key, value]) => [key, withPaths(value, pathOf)]);
  const path = isFileRef(data) ? pathOf(data) : undefined;
  return Object.fromEntries(path === undefined ? entries : [...entries, ['path', path]]);
}

function isFileRef(value: object): value is FileRef {
  const names = Object.keys(value);
  return names.length === 1 && names[0] === 'file' && typeof (value as FileRef).file === 'string';
}

/** What a terminal would act on and not show: all control characters but tab and line feed, and what turns text around. */
const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu;

/** A message's words, in which nothing that people or logs wrote moves the cursor, colours or names the window. */
export function printable(message: Message, options: PlainTextOptions): string {
  return stripVTControlCharacters(plainText(message, options)).replace(ACTING, '');
}

/** A terminal has nothing to press: its commands are typed. */
function withoutButtons(message: Message): Message {
  return { ...message, blocks: message.blocks.filter(({ kind }) => kind !== 'buttons') };
}

/** Asks on the terminal; no without one. */
export async function askYes(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}
