import type { Reply } from '../../src/core/adapter.ts';
import { jsonText } from '../../src/core/json.ts';
import type { FileRef, Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { complain, say, sayJson } from './screen.ts';

export interface Printer {
  json: boolean;
  timezone: string;
  /** How many columns the terminal has; undefined where it is none. */
  width?: number;
  pathOf(ref: FileRef): string | undefined;
}

/** Exit codes: 0 the command did what was asked, 1 it did not, 2 it waits for a yes; `wait` has more. */
export const EXIT_FAILED = 1;
export const EXIT_UNCONFIRMED = 2;

/** Prints one answer: final ones on stdout (or stderr when they failed), interim ones on stderr. */
export function printReply(answer: Reply, { json, timezone, width, pathOf }: Printer): void {
  const reply = { ...answer, message: withoutButtons(answer.message) };
  if (!reply.final) {
    if (!json) complain(plainText(reply.message, { timezone, now: Date.now(), width, pathOf }));
    return;
  }
  if (json) {
    const failed = {
      ok: false,
      error: { code: reply.errorCode, message: plainText(reply.message, { timezone }) },
    };
    const done = { ok: reply.ok, data: withPaths(reply.data, pathOf) };
    sayJson(jsonText(reply.errorCode ? failed : done));
    return;
  }
  const write = reply.ok ? say : complain;
  write(plainText(reply.message, { timezone, now: Date.now(), width, pathOf }));
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

/** A terminal has nothing to press: its commands are typed. */
function withoutButtons(message: Message): Message {
  return { ...message, blocks: message.blocks.filter(({ kind }) => kind !== 'buttons') };
}
