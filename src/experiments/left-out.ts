import { appendFile, chmod } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { clip } from '../core/clip.ts';
import { isoSeconds } from '../core/time.ts';
import { readContent } from './disk-file.ts';
import { LOG_NAME } from './session.ts';
import { newFileMode } from './team-files.ts';

/** So many lines are quoted where they are told of, each of so many letters. */
const LINES_SAID = 5;
const LETTERS_SAID = 60;

function leftOutName(logName: string): string {
  return `${basename(logName, extname(logName))}.left-out.txt`;
}

/** The notice about lines that were left out. */
export function leftOutText(lines: readonly string[]): string {
  const what =
    lines.length === 1
      ? 'A line of the experiment log is not an experiment'
      : `${lines.length} lines of the experiment log are not experiments`;
  const quoted = lines.slice(0, LINES_SAID).map((line) => `"${clip(line, LETTERS_SAID)}"`);
  const more = lines.length > LINES_SAID ? ', and more' : '';
  return `${what}: ${quoted.join(', ')}${more}. The text was moved to ${leftOutName(LOG_NAME)} beside it. An experiment has an id, and a status or some text about it.`;
}

/** Appends lines that are not experiments to a file beside the log, each with the time (epoch ms); returns the new ones. */
export async function keepLeftOut(logPath: string, lines: readonly string[], now: number): Promise<string[]> {
  if (lines.length === 0) return [];
  const path = join(dirname(logPath), leftOutName(basename(logPath)));
  const found = await readContent(path);
  const text = found?.bytes.toString('utf8') ?? '';
  const kept = new Set(text.split(/^(?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ )/m).map(entryOf));
  const fresh = [...new Set(lines.map((line) => line.replace(/\r\n?/g, '\n').trim()))].filter(
    (line) => !kept.has(line),
  );
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  if (fresh.length > 0) {
    await appendFile(path, separator + fresh.map((line) => `${isoSeconds(now)} ${line}\n`).join(''));
    if (!found) await chmod(path, newFileMode());
  }
  return fresh;
}

/** An entry's line without its time. */
function entryOf(entry: string): string {
  return entry.replace(/^\S+ /, '').trim();
}
