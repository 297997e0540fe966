import { BotError } from '../core/errors.ts';
import { type ExperimentLogRow, type ExperimentRow, experimentRow } from '../core/experiment.ts';
import { isoSeconds } from '../core/time.ts';
import { formatExperimentLog } from '../experiments/csv.ts';
import { type DiskTimings, whileLocked } from '../experiments/disk-file.ts';
import { keepLeftOut, leftOutText } from '../experiments/left-out.ts';
import { readExperimentLog } from './read.ts';

/** How long programs that heed no lock may write between our reading and our writing, milliseconds. */
const BUSY_MS = 20_000;

/**
 * Changes a log on disk in one step: it is written only over what was read, and read again when somebody wrote
 * meanwhile. Our own programs stand in line from the reading on. `change` may be called several times, each with
 * fresh rows. Lines that are no experiments are kept beside the log and told of in `warnings`.
 */
export function changeExperimentLog<T>(
  path: string,
  change: (rows: ExperimentLogRow[]) => T,
  { warnings = [], timings }: { warnings?: string[]; timings?: DiskTimings | undefined } = {},
): Promise<T> {
  return whileLocked(
    path,
    async (replace) => {
      const until = performance.now() + BUSY_MS;
      const news: string[] = [];
      do {
        const { rows, extraColumns, leftOut, bytes } = await readExperimentLog(path, timings);
        news.push(...(await keepLeftOut(path, leftOut, Date.now())));
        const result = change(rows);
        const written = await replace(bytes, Buffer.from(formatExperimentLog(rows, extraColumns)));
        if (!written) continue;
        await written.replaced?.close();
        if (news.length > 0) warnings.push(leftOutText(news));
        return result;
      } while (performance.now() < until);
      throw new BotError(
        'log-busy',
        `${path} keeps being changed by another program.`,
        'Try again in a moment.',
      );
    },
    timings,
  );
}

/** A new row at the end of a log. */
export function addRow(rows: ExperimentLogRow[], experimentId: string, now: number): ExperimentLogRow {
  const row = {
    fields: experimentRow({ experiment_id: experimentId, created_at: isoSeconds(now) }),
    extra: {},
  };
  rows.push(row);
  return row;
}

/** Gives a row values as the original does: an empty one changes nothing. */
export function updateRow({ fields }: ExperimentLogRow, values: Partial<ExperimentRow>, now: number): void {
  for (const [column, value] of Object.entries(values))
    if (value !== '') Object.assign(fields, { [column]: value });
  fields.updated_at = isoSeconds(now);
  fields.created_at ||= fields.updated_at;
}
