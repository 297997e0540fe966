import { setTimeout as sleep } from 'node:timers/promises';
import { BotError } from '../core/errors.ts';
import { type ExperimentLogRow, experimentRow } from '../core/experiment.ts';
import { atOnce } from '../core/slices.ts';
import type { DiskRow } from '../experiments/csv.ts';
import { parseExperimentLogBytes } from '../experiments/decode.ts';
import { DISK_TIMINGS, type DiskTimings, type FileContent, readContent } from '../experiments/disk-file.ts';
import { addedColumns, experimentsIn } from '../experiments/experiments-of.ts';
import { mergeAdded, mergeRow, withNote } from '../experiments/merge.ts';

/** These commands are a process of their own, which ends when they have read it. */
const LOG_MAX_BYTES = 256 * 1024 * 1024;
/** How long a file may go on changing before it is refused, milliseconds. */
const CHANGING_MS = 20_000;

export interface ReadExperimentLog {
  rows: ExperimentLogRow[];
  extraColumns: string[];
  /** Lines that are no experiments, as they stand. */
  leftOut: string[];
  /** What the file held; undefined where there is none. */
  bytes: Buffer | undefined;
}

/**
 * The rows of a log on disk; none where there is no file. Half a file is normal for a moment, as the scripts write in
 * place: it is read again until it is whole. Error `log-unreadable` when it stays as it is: it is left so.
 */
export async function readExperimentLog(
  path: string,
  timings: DiskTimings = DISK_TIMINGS,
): Promise<ReadExperimentLog> {
  const until = performance.now() + CHANGING_MS;
  let doubtful: { bytes: Buffer; since: number; problem: string } | undefined;
  for (;;) {
    const found = await readSettled(path, timings);
    if (!found) return { rows: [], extraColumns: [], leftOut: [], bytes: undefined };
    const { bytes } = found;
    if (!doubtful?.bytes.equals(bytes)) {
      const { problem, ...read } = parse(bytes);
      if (problem === null) return { ...read, bytes };
      doubtful = { bytes, since: performance.now(), problem };
    }
    const now = performance.now();
    if (now - doubtful.since >= timings.unchangedMs || now >= until) {
      // A script that starts a log over empties the file first; one that stays empty has nothing to lose.
      if (bytes.length === 0) return { rows: [], extraColumns: [], leftOut: [], bytes };
      throw new BotError(
        'log-unreadable',
        `${path} cannot be read: ${doubtful.problem}.`,
        'Nothing was written.',
      );
    }
    await sleep(timings.settleMs);
  }
}

/** The file once it has stopped changing; as it is when it does not stop. */
async function readSettled(
  path: string,
  { settleMs, unchangedMs }: DiskTimings,
): Promise<FileContent | undefined> {
  const until = performance.now() + unchangedMs;
  for (;;) {
    const found = await readContent(path, LOG_MAX_BYTES);
    const age = Date.now() - (found?.modifiedMs ?? 0);
    if (!found || age < 0 || age >= settleMs || performance.now() > until) return found;
    await sleep(settleMs - age);
  }
}

function parse(bytes: Buffer): Omit<ReadExperimentLog, 'bytes'> & { problem: string | null } {
  const none = { rows: [], extraColumns: [], leftOut: [] };
  const disk = parseExperimentLogBytes(bytes);
  if (disk.problem !== null) return { ...none, problem: disk.problem };
  if (!disk.isWhole)
    return {
      ...none,
      problem: 'its last line has no line break, as in a half-written file; if it is complete, add one',
    };
  const { experiments, leftOut } = atOnce(experimentsIn(disk));
  return { rows: joined(experiments), extraColumns: addedColumns(disk, experiments), leftOut, problem: null };
}

/** One row for each experiment: what another log in the file says of it, as the other side of a merge, is kept with it. */
function joined(found: readonly DiskRow[]): ExperimentLogRow[] {
  const rows: ExperimentLogRow[] = [];
  const byId = new Map<string, ExperimentLogRow>();
  for (const { fields, extra, part } of found) {
    const id = fields.experiment_id ?? '';
    const before = part && id !== '' ? byId.get(id) : undefined;
    if (before) {
      const { experiment_id: _, ...disk } = fields;
      before.fields = mergeRow({ ancestors: [], disk, ours: before.fields, job: null }).fields;
      for (const [name, text] of Object.entries(extra)) addTo(before, name, text);
    } else {
      const row = { fields: experimentRow(fields), extra };
      rows.push(row);
      byId.set(id, row);
    }
  }
  return rows;
}

/** Takes in what another log says in a column that somebody added. */
function addTo({ fields, extra }: ExperimentLogRow, name: string, text: string): void {
  const ours = extra[name] ?? '';
  const choice = mergeAdded(text, ours, []);
  if (choice === 'both') fields.notes = withNote(fields.notes, `[${name} here was: ${ours}]`);
  extra[name] = choice === 'both' ? text : choice;
}
