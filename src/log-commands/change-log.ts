import { BotError } from '../core/errors.ts';
import { type ExperimentRow, experimentRow } from '../core/experiment.ts';
import { isoSeconds } from '../core/time.ts';
import { formatLog, type LogRow, parseLog } from '../experiments/csv.ts';
import { readContent, replaceFile } from '../experiments/disk-log.ts';

/** Times somebody else may write the log between our reading and our writing. */
const ATTEMPTS = 20;

/** The rows of a log on disk; none where there is no file. Error `log-unreadable`: it is left as it is. */
export async function readLog(
  path: string,
): Promise<{ rows: LogRow[]; extraColumns: string[]; bytes: Buffer | undefined }> {
  const found = await readContent(path);
  if (!found) return { rows: [], extraColumns: [], bytes: undefined };
  const { rows, extraColumns, problem } = parseLog(textOf(found.bytes, path));
  if (problem !== null)
    throw new BotError('log-unreadable', `${path} cannot be read: ${problem}.`, 'Nothing was written.');
  return {
    rows: rows.map(({ fields, extra }) => ({ fields: experimentRow(fields), extra })),
    extraColumns,
    bytes: found.bytes,
  };
}

/**
 * Changes a log on disk in one step: it is written only over what was read, and read again when somebody wrote
 * meanwhile. `change` may be called several times, each with fresh rows.
 */
export async function changeLog<T>(path: string, change: (rows: LogRow[]) => T): Promise<T> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { rows, extraColumns, bytes } = await readLog(path);
    const result = change(rows);
    const written = await replaceFile(path, bytes, Buffer.from(formatLog(rows, extraColumns)));
    if (!written) continue;
    await written.replaced?.close();
    return result;
  }
  throw new BotError(
    'log-busy',
    `${path} is written by somebody else all the time.`,
    'Try again in a moment.',
  );
}

/** The row of an id, made at the end where there is none; true when it was made. */
export function upsertRow(
  rows: LogRow[],
  experimentId: string,
  now: number,
  updates: (current: ExperimentRow) => Partial<ExperimentRow>,
): boolean {
  const time = isoSeconds(now);
  const known = rows.find(({ fields }) => fields.experiment_id === experimentId);
  const row = known ?? {
    fields: experimentRow({ experiment_id: experimentId, created_at: time }),
    extra: {},
  };
  if (!known) rows.push(row);
  for (const [column, value] of Object.entries(updates(row.fields)))
    if (value !== '') Object.assign(row.fields, { [column]: value });
  row.fields.updated_at = time;
  row.fields.created_at ||= time;
  return !known;
}

function textOf(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BotError('log-unreadable', `${path} is not UTF-8 text.`, 'Nothing was written.');
  }
}
