import { BotError } from '../core/errors.ts';
import type { JobLogTail, RunFiles } from '../core/queue.ts';
import { cleanLines } from './clean-text.ts';

/** How much is read at a time from the end of a log. */
const CHUNK_BYTES = 64 * 1024;
/** How much of a log's end is looked at, however long its lines are. */
const TAIL_MAX_BYTES = 8 * 1024 * 1024;
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
  const lines = cleanLines(read.toString('utf8'));
  const kept = count > 0 ? lines.slice(-count) : [];
  const truncated = start > 0 || kept.length < lines.length;
  const from = start + beginOfLine(read, lines.length - kept.length);
  while (kept[0] === '') kept.shift();
  return { lines: kept, truncated, from, path };
}

/** Where a line begins, bytes; lines count from 0. */
function beginOfLine(text: Buffer, line: number): number {
  let begin = 0;
  for (let count = 0; count < line; count += 1) {
    const newline = text.indexOf(NEWLINE, begin);
    if (newline < 0) return text.length;
    begin = newline + 1;
  }
  return begin;
}

function newlinesIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
