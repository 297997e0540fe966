import type { Reply } from '../../src/core/adapter.ts';
import { jsonText } from '../../src/core/json.ts';
import type { FileRef } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Depth } from './colours.ts';
import { linesOf } from './render.ts';
import { sayJson, sayLines } from './screen.ts';
import type { Line } from './styled.ts';

export interface Printer {
  json: boolean;
  timezone: string;
  /** How many columns the terminal has; undefined where it is none. */
  width(): number | undefined;
  /** The colours of standard output and of standard error. */
  colours: { out: Depth; err: Depth };
  /** Shows what is longer than the screen page by page; false where it is not, and has to be written. */
  page(lines: readonly Line[]): Promise<boolean>;
  pathOf(ref: FileRef): string | undefined;
}

/** Exit codes: 0 the command did what was asked, 1 it did not, 2 it waits for a yes; `wait` has more. */
export const EXIT_FAILED = 1;
export const EXIT_UNCONFIRMED = 2;

/** An answer in lines, as it is printed. */
export function answerLines(
  { message }: Pick<Reply, 'message'>,
  { timezone, width, pathOf }: Pick<Printer, 'timezone' | 'width' | 'pathOf'>,
): Line[] {
  return linesOf(message, { timezone, now: Date.now(), width: width(), pathOf });
}

/** Prints a last answer: on stdout, or on stderr when it failed; as JSON on stdout in any case. */
export async function printReply(reply: Reply, printer: Printer): Promise<void> {
  const { json, timezone, colours, pathOf } = printer;
  if (json) {
    const failed = {
      ok: false,
      error: { code: reply.errorCode, message: plainText(reply.message, { timezone }) },
    };
    const done = { ok: reply.ok, data: withPaths(reply.data, pathOf) };
    return sayJson(jsonText(reply.errorCode ? failed : done));
  }
  const lines = answerLines(reply, printer);
  if (!reply.ok) return sayLines(lines, colours.err, false);
  if (!(await printer.page(lines))) sayLines(lines, colours.out);
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
