import { setImmediate as nextTurn } from 'node:timers/promises';
import { BotError } from '../core/errors.ts';
import type { JobLogTail, RunFiles } from '../core/queue.ts';
import { cleanLine } from './clean-text.ts';

/** How much is read at a time from the end of a log, and cleaned between two turns of the event loop. */
const CHUNK_BYTES = 64 * 1024;
/** How much of a log's end is looked at, however long its lines are. */
const TAIL_MAX_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The last `count` lines of a log in a run folder, or the last before a byte of it, cleaned; a log of gigabytes is read from
 * its end, and what it grows by meanwhile moves nothing. Error `no-log`
 * when there is none yet, `run-file` when the path leads out of the run folder.
 */
export async function tailJobLog(
  files: RunFiles,
  path: string,
  count: number,
  before = Number.POSITIVE_INFINITY,
): Promise<JobLogTail> {
  const found = await files.stat(path);
  if (!found)
    throw new BotError(
      'no-log',
      `There is no log yet at ${path}.`,
      'It appears when the job starts; task and observer are two logs.',
    );
  const chunks: Buffer[] = [];
  const end = Math.min(found.size, before);
  let start = end;
  let newlines = 0;
  while (start > 0 && newlines <= count && end - start < TAIL_MAX_BYTES) {
    const from = Math.max(0, start - CHUNK_BYTES);
    const chunk = await files.read(path, from, start);
    newlines += newlinesIn(chunk);
    chunks.unshift(chunk);
    start = from;
  }
  const read = Buffer.concat(chunks);
  const edges = linesIn(read);
  const first = Math.max(0, edges.length - count);
  const kept: string[] = [];
  let cleaned = 0;
  for (const { begin, end } of edges.slice(first)) {
    kept.push(cleanLine(read.toString('utf8', begin, end)));
    cleaned += end - begin;
    if (cleaned > CHUNK_BYTES) {
      cleaned = 0;
      await nextTurn();
    }
  }
  const truncated = start > 0 || first > 0;
  const from = start + (edges[first]?.begin ?? read.length);
  while (kept[0] === '') kept.shift();
  const isUnended = end === found.size && read.length > 0 && read.at(-1) !== NEWLINE;
  const whole = isUnended ? start + edges.at(-1)!.begin : end;
  return { lines: kept, truncated, from, next: { inode: found.inode, at: whole }, isUnended, path };
}

/** Where lines begin and end, bytes; without an empty one after the last newline. */
function linesIn(text: Buffer): { begin: number; end: number }[] {
  const edges: { begin: number; end: number }[] = [];
  for (let begin = 0; begin < text.length; ) {
    const newline = text.indexOf(NEWLINE, begin);
    const end = newline < 0 ? text.length : newline;
    edges.push({ begin, end });
    begin = end + 1;
  }
  return edges;
}

function newlinesIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
