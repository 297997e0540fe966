import { type ExperimentRow, experimentRow } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { ExperimentStore, RowText, Session, StoredRow } from '../store/experiments.ts';
import type { DiskRow, ParsedLog } from './csv.ts';
import { doubtsAbout } from './doubts.ts';
import { isMachineText, type MachineWords } from './from-job.ts';
import { mergeRow } from './merge.ts';

/**
 * How long after our last writing a program may still write what it had read before it, milliseconds: the original
 * scripts read, change and write the whole file, which takes them a second or two with many rows.
 */
const READ_BEFORE_MS = 10_000;

/** More than so many doubts about one file are not said. */
const DOUBTS_SAID = 5;

/** What somebody else's file has changed here. */
export interface TakenIn {
  /** Worth telling, in words: conflicts, rows that came back or were named. What was taken in as it stands is not. */
  notices: string[];
  /** Jobs whose rows changed. */
  edited: JobKey[];
}

export interface Reading {
  store: ExperimentStore;
  session: Session;
  disk: ParsedLog;
  now: number;
  /** False for a file that our own writing has replaced meanwhile. */
  isOnDisk: boolean;
  /** What a machine may write of a job; undefined for one that is not known. */
  wordsOf(job: JobKey): MachineWords | undefined;
}

/** Takes what stands in a file into the memory, row by row; call inside a transaction. Nothing is ever removed. */
export function takeIn({ store, session, disk, now, isOnDisk, wordsOf }: Reading): TakenIn {
  const result: TakenIn = { notices: [], edited: [] };
  /** Rows that somebody else wrote or changed, and what they were. */
  const written: { id: string; before: ExperimentRow | null }[] = [];
  const known = store.texts(session);
  const knownColumns = store.extraColumns(session);
  const newColumns = disk.extraColumns.filter((name) => !knownColumns.includes(name));
  if (newColumns.length > 0) store.setExtraColumns(session, [...knownColumns, ...newColumns]);

  const rows = withIds(disk, known, result.notices);
  if (!disk.isWhole) dropCutCell(rows, known);
  for (const row of rows) {
    const text = known.get(row.fields.experiment_id);
    if (!text) addRow(row);
    else if (JSON.stringify(row.fields) !== text.base || !sameExtra(row, text)) mergeKnown(row);
  }
  const ids = rows.map(({ fields }) => fields.experiment_id);
  const missing = missingIds(known, ids);
  if (isOnDisk) {
    if (missing.length === 0) store.arrange(session, ids);
    sayReturned(missing);
  }
  // A log that is read for the first time is taken as it is.
  if (known.size > 0) sayDoubts();
  return result;

  function addRow({ fields, extra }: NamedRow): void {
    store.add(session, { fields: experimentRow(fields), extra }, null, isOnDisk);
    written.push({ id: fields.experiment_id, before: null });
  }

  function mergeKnown({ fields: theirs, extra: theirExtra }: NamedRow): void {
    const row = store.row(session, theirs.experiment_id)!;
    const ancestors = ancestorsOf(row, theirs);
    if (row.replaced) {
      if (!hasPersonsWords(theirs, row.base ?? row.fields)) return;
      store.restore(row);
    }
    const { fields, conflicts } = mergeRow({
      ancestors,
      disk: theirs,
      ours: row.fields,
      job: (row.job && wordsOf(row.job)) ?? null,
    });
    if (conflicts.length > 0) {
      const columns = conflicts.join(', ');
      result.notices.push(
        `${row.fields.experiment_id}: ${columns} was changed here and in the log at once. The log's text stands, ours is kept in notes.`,
      );
    }
    const others = Object.entries(row.extra).filter(([name]) => !disk.extraColumns.includes(name));
    const extra = { ...Object.fromEntries(others), ...theirExtra };
    const isChanged = JSON.stringify(fields) !== JSON.stringify(row.fields);
    if (isChanged || JSON.stringify(extra) !== JSON.stringify(row.extra))
      store.put({ ...row, fields, extra });
    if (isChanged && row.job) result.edited.push(row.job);
    if (isChanged) written.push({ id: row.fields.experiment_id, before: row.fields });
    if (isOnDisk) store.setBase(row, { ...(row.base ?? experimentRow({})), ...theirs });
  }

  /** The states of a row that the writer of the file may have started from. */
  function ancestorsOf(row: StoredRow, theirs: Partial<ExperimentRow>): ExperimentRow[] {
    if (!row.base) return [];
    const time = theirs.updated_at ?? '';
    const copies = time === '' ? [] : store.versionsOfCopy(row, time);
    if (time === row.base.updated_at) return [row.base, ...copies];
    if (copies.length > 0) return copies;
    return [row.base, ...store.versionsSince(row, now - READ_BEFORE_MS)];
  }

  function sayDoubts(): void {
    const fieldsOf = (id: string) => store.row(session, id)?.fields;
    const parentOf = (id: string) => fieldsOf(id)?.parent_experiment_id;
    const doubts: string[] = [];
    for (const { id, before } of written) {
      for (const doubt of doubtsAbout(fieldsOf(id)!, before, parentOf)) doubts.push(`${id}: ${doubt}`);
      if (doubts.length > DOUBTS_SAID) break;
    }
    if (doubts.length === 0) return;
    const more = doubts.length > DOUBTS_SAID ? ' And more like it.' : '';
    result.notices.push(
      `In the log stands what makes no sense; it is kept as it stands. ${doubts.slice(0, DOUBTS_SAID).join('. ')}.${more}`,
    );
  }

  /** A row that is only some seconds old was not deleted: a program had read the file before it. */
  function sayReturned(missing: readonly string[]): void {
    const deleted = missing.filter((id) => {
      const created = Date.parse(store.row(session, id)!.fields.created_at);
      return !(now - created < 2 * READ_BEFORE_MS);
    });
    if (deleted.length === 0) return;
    const what = deleted.length === 1 ? 'A row was' : `${deleted.length} rows were`;
    const names =
      deleted.slice(0, 5).join(', ') + (deleted.length > 5 ? ` and ${deleted.length - 5} more` : '');
    result.notices.push(
      `${what} deleted from the log and came back: ${names}. Nothing deletes an experiment; mark it superseded instead.`,
    );
  }
}

/** Ids of rows that stood in the file and are not among these. */
export function missingIds(
  known: ReadonlyMap<string, RowText>,
  ids: readonly (string | undefined)[],
): string[] {
  const there = new Set(ids);
  const missing = [...known.values()].filter((row) => row.base !== null && row.replaced === 0);
  return missing.map((row) => row.experiment_id).filter((id) => !there.has(id));
}

type NamedRow = DiskRow & { fields: { experiment_id: string } };

/** The rows with an id of their own each. A second row of an id is kept beside the first, unless it is a mere copy. */
function withIds(disk: ParsedLog, known: ReadonlyMap<string, RowText>, notices: string[]): NamedRow[] {
  const inFile = new Set(disk.rows.map(({ fields }) => fields.experiment_id));
  const isTaken = (id: string) => inFile.has(id) || known.has(id);
  const first = new Map<string, string>();
  const rows: NamedRow[] = [];
  for (const { fields, extra } of disk.rows) {
    const given = fields.experiment_id ?? '';
    const text = JSON.stringify([fields, extra]);
    if (given !== '' && first.get(given) === text) continue;
    let id = given;
    if (given === '' || first.has(given)) {
      id = unusedId(given, isTaken);
      inFile.add(id);
      const why = given === '' ? 'A row without an id' : `A second row named ${given}`;
      notices.push(`${why} stood in the log; it is kept as ${id}.`);
    }
    first.set(id, text);
    rows.push({ fields: { ...fields, experiment_id: id }, extra });
  }
  return rows;
}

function unusedId(given: string, isTaken: (id: string) => boolean): string {
  const name = (count: number) => (given === '' ? `unnamed-${count}` : `${given}~${count + 1}`);
  let count = 1;
  while (isTaken(name(count))) count += 1;
  return name(count);
}

/**
 * Where a file ends in the middle of a line, its last cell may be half a text: when it is the beginning of what stood
 * there, nothing is known of that cell.
 */
function dropCutCell(rows: NamedRow[], known: ReadonlyMap<string, RowText>): void {
  const last = rows.at(-1);
  if (!last || Object.keys(last.extra).length > 0) return;
  const column = Object.keys(last.fields).at(-1) as keyof ExperimentRow;
  const cell = last.fields[column] ?? '';
  if (column === 'experiment_id') {
    if ([...known.keys()].some((id) => id !== cell && id.startsWith(cell))) rows.pop();
    return;
  }
  const base = known.get(last.fields.experiment_id)?.base;
  if (base && (JSON.parse(base) as ExperimentRow)[column].startsWith(cell)) delete last.fields[column];
}

function sameExtra({ extra }: DiskRow, text: RowText): boolean {
  return JSON.stringify(extra) === text.extra;
}

/** Whether somebody has written into a row that had given way to a planned one. */
function hasPersonsWords(theirs: Partial<ExperimentRow>, before: ExperimentRow): boolean {
  const columns = ['hypothesis', 'change_summary', 'result_summary', 'next_action', 'notes'] as const;
  return columns.some((column) => {
    const text = theirs[column] ?? '';
    return text !== before[column] && !isMachineText(column, text);
  });
}
