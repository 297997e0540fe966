import { BotError } from '../core/errors.ts';
import type { JobLogNews, LogPlace, RunFiles } from '../core/queue.ts';
import { cleanLine } from './clean-text.ts';

/** How much is read at once of what a log has grown by, bytes; a longer line is told in pieces. */
const READ_MAX_BYTES = 256 * 1024;
const NEWLINE = 0x0a;

/**
 * The first `count` lines that were added to a log after a place in it, cleaned. A log that is shorter than that or another file
 * by now is read from its beginning. Error `no-log` when there is none, `run-file` when the path leads out of the run folder.
 */
export async function logNews(
  files: RunFiles,
  path: string,
  count: number,
  after: LogPlace,
): Promise<JobLogNews> {
  const found = await files.stat(path);
  if (!found) throw new BotError('no-log', `There is no log at ${path} any more.`);
  const isAnother = found.inode !== after.inode;
  const begunAnew = isAnother ? 'another' : found.size < after.at ? 'shorter' : null;
  const start = begunAnew === null ? after.at : 0;
  const read = await files.read(path, start, Math.min(found.size, start + READ_MAX_BYTES));
  const lines: string[] = [];
  let at = 0;
  while (lines.length < count) {
    const newline = read.indexOf(NEWLINE, at);
    if (newline < 0) break;
    lines.push(cleanLine(read.toString('utf8', at, newline)));
    at = newline + 1;
  }
  // A line that fills all that is read would never end.
  if (lines.length === 0 && read.length === READ_MAX_BYTES) {
    lines.push(cleanLine(read.toString('utf8')));
    at = read.length;
  }
  const isAll = start + at >= found.size || (lines.length < count && start + read.length >= found.size);
  return {
    lines,
    unended: isAll ? cleanLine(read.toString('utf8', at)) : '',
    next: { inode: found.inode, at: start + at },
    isAll,
    begunAnew,
    path,
  };
}
