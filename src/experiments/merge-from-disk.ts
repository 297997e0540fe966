import { clip } from '../core/clip.ts';
import {
  type ExperimentColumn,
  type ExperimentLogRow,
  type ExperimentRow,
  experimentRow,
} from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import { type Slices, setOf } from '../core/slices.ts';
import { isoSeconds } from '../core/time.ts';
import { fieldsText, type RowText, type Session, type StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import { ancestorsOf, copyOf } from './ancestors.ts';
import { type DiskRow, type ParsedExperimentLog, putRight } from './csv.ts';
import { mayBeDoubted } from './doubts.ts';
import { addedColumns, experimentsIn } from './experiments-of.ts';
import { isMachineText, type MachineWords } from './from-job.ts';
import { dropCutCell, missingIds } from './lacking.ts';
import { mergeAdded, mergeRow, sameValue, withNote } from './merge.ts';
import { createMergeRemarks, type OlderText, type WrittenRow } from './merge-remarks.ts';
import { type NamedRow, withIds } from './row-ids.ts';

/** Columns in which people write text. */
const WORDS = ['hypothesis', 'change_summary', 'result_summary', 'next_action', 'owner', 'command'] as const;

/** The changes that a foreign file made here. */
export interface TakenIn {
  /** Worth telling, in words: conflicts, rows that came back or were named. What was taken in as it stands is not. */
  notices: string[];
  /** Jobs whose rows changed. */
  edited: JobKey[];
  /** Lines that are no experiments, as they stood. */
  leftOut: string[];
}

export interface Reading {
  store: ExperimentStore;
  session: Session;
  disk: ParsedExperimentLog;
  now: number;
  /** False for a file that our own writing has replaced meanwhile. */
  isOnDisk: boolean;
  /** What a machine may write of a job; undefined for one that is not known. */
  wordsOf(job: JobKey): MachineWords | undefined;
}

/**
 * Merges a file into the database, row by row; each slice is to be in a transaction. Nothing is ever removed, and a file of
 * which only a part was taken in is merged again as if it had not been. */
export function* mergeFromDisk({ store, session, disk, now, isOnDisk, wordsOf }: Reading): Slices<TakenIn> {
  const result: TakenIn = { notices: [], edited: [], leftOut: [] };
  const remarks = createMergeRemarks({ store, session, now, notices: result.notices });
  const written: WrittenRow[] = [];
  const putBack: OlderText[] = [];
  /** What the file holds of rows, agreed on once all of it was read: another side of a merge is compared with what was before. */
  const agreed = new Map<string, { row: Pick<StoredRow, 'id'>; state: ExperimentLogRow }>();
  /** Those of which it holds several texts: it agrees with none of them. */
  const several = new Set<string>();
  store.forgetFile(session);
  const known = yield* store.known(session, disk.hasParts);
  const { experiments, leftOut } = yield* experimentsIn(disk, known);
  result.leftOut = leftOut;
  const knownColumns = store.extraColumns(session);
  const newColumns = addedColumns(disk, experiments).filter((name) => !knownColumns.includes(name));
  if (newColumns.length > 0) store.setExtraColumns(session, [...knownColumns, ...newColumns]);
  const copy = yield* copyOf(experiments);
  const rows = yield* withIds(experiments, known, { store, session }, result.notices);
  if (!disk.isWhole) yield* dropCutCell(rows, known);
  for (const [index, row] of rows.entries()) {
    yield { done: index, of: rows.length, unit: 'rows' };
    const id = row.fields.experiment_id;
    const text = known.text(id);
    const isAsBefore = text && fieldsText(row.fields) === text.base && sameExtra(row, text);
    // Of the texts that a file has for one row each was taken in once: read again, none is newer than the others.
    const isRepeated = disk.hasParts && !isAsBefore && !remarks.isNews('part', id, rowText(row));
    if (!text && !agreed.has(id) && !store.row(session, id)) addRow(row);
    else if (!isRepeated && (row.part || !isAsBefore)) mergeKnown(row, text === undefined);
  }
  for (const [id, { row, state }] of agreed) {
    yield;
    if (!several.has(id)) store.setBase(row, state, now, copy);
  }
  const missing = yield* missingIds(yield* store.idsInFile(session), rows);
  if (isOnDisk) {
    if (missing.length === 0)
      yield* store.arrange(session, yield* setOf(rows, ({ fields }) => fields.experiment_id));
    yield* remarks.returned(missing);
  }
  if (disk.isMerged) remarks.merged(disk.rows);
  yield* remarks.leftOut(leftOut);
  remarks.putBack(putBack);
  // A log that is read for the first time is taken as it is.
  if (known.size > 0) yield* remarks.doubts(written);
  return result;

  function addRow({ fields, extra }: NamedRow): void {
    const state = { fields: experimentRow(fields), extra };
    const row = store.add(session, state, null, isOnDisk ? copy : null);
    if (disk.hasParts) agreed.set(fields.experiment_id, { row, state });
    written.push({ id: fields.experiment_id, before: null });
  }

  function mergeKnown(found: NamedRow, isAdded: boolean): void {
    const row = store.row(session, found.fields.experiment_id)!;
    const before = row.base ? { fields: row.base, extra: row.extraBase } : row;
    const right = found.cells && putRight(found.cells, found.part?.columns ?? disk.columns, before);
    const theirs = right ? { ...right, fields: { ...right.fields, ...idOf(row) } } : found;
    const planned = row.replaced
      ? store.ofQueueJob(session, row.fields.queue_job_id, row.fields.run_dir)
      : undefined;
    if (row.replaced && !planned) store.restore(row);
    const into = planned ?? row;
    if (theirs.cells) keepMisshapen(into, theirs.cells);
    else
      mergeInto(
        into,
        row,
        theirs,
        isAdded ? [] : ancestorsOf(store, row, { fields: theirs.fields, extra: addedIn(theirs), copy }, now),
      );
    if (agreed.has(row.fields.experiment_id)) several.add(row.fields.experiment_id);
    if (isOnDisk && !planned && !theirs.cells)
      agreed.set(row.fields.experiment_id, {
        row: { id: row.id },
        state: {
          fields: asStored(theirs.fields, row.base ?? experimentRow({})),
          extra: { ...row.extraBase, ...addedIn(theirs) },
        },
      });
  }

  /** Takes what somebody wrote in `disk` since these states into `row`: another one where that of `from` gave way to it. */
  function mergeInto(
    row: StoredRow,
    from: StoredRow,
    found: NamedRow,
    ancestors: readonly ExperimentLogRow[],
  ): void {
    const { experiment_id: _, ...theirs } = found.fields;
    const { fields, conflicts } = mergeRow({
      ancestors: ancestors.map((each) => each.fields),
      disk: row === from ? theirs : changedSince(ancestors, theirs),
      ours: row.fields,
      isOtherSide: disk.isMerged && found.part !== undefined,
      job: (row.job && wordsOf(row.job)) ?? null,
    });
    const extra = { ...row.extra };
    for (const [name, text] of Object.entries(addedIn(found))) {
      const ours = extra[name] ?? '';
      const choice = mergeAdded(
        text,
        ours,
        ancestors.map((each) => each.extra[name] ?? ''),
      );
      if (choice === 'both') {
        conflicts.push(name as ExperimentColumn);
        fields.notes = withNote(fields.notes, `[${name} here was: ${ours}]`);
      }
      setOrDrop(extra, name, choice === 'both' ? text : choice);
    }
    remarks.conflicts(row, found, conflicts);
    const isChanged = JSON.stringify(fields) !== JSON.stringify(row.fields);
    const isAddedChanged = JSON.stringify(extra) !== JSON.stringify(row.extra);
    if (isChanged || isAddedChanged) {
      if (fields.updated_at === row.fields.updated_at) fields.updated_at = laterThan(fields.updated_at, now);
      store.put({ ...row, fields, extra });
    }
    if (isChanged && row.job) result.edited.push(row.job);
    if (mayBeDoubted(fields, row.fields)) written.push({ id: row.fields.experiment_id, before: row.fields });
    putBack.push(...olderWords(row, fields, found.fields));
  }

  /** What the file says in the columns that somebody added, an empty cell being empty. */
  function addedIn({ extra }: NamedRow): Record<string, string> {
    return Object.fromEntries(disk.extraColumns.map((name) => [name, extra[name] ?? '']));
  }

  /** Its cells stand under the wrong names, so none of them is an edit; its words are kept all the same. */
  function keepMisshapen(row: StoredRow, cells: readonly string[]): void {
    const text = cells.filter((cell) => cell !== '').join(' | ');
    const notes = withNote(row.fields.notes, `[this row stood in the log with too many cells: ${text}]`);
    if (notes === row.fields.notes) return;
    store.put({
      ...row,
      fields: { ...row.fields, notes, updated_at: laterThan(row.fields.updated_at, now) },
    });
    remarks.misshapen(row);
  }

  /** Words of an older copy that stood over newer ones in the file, and did not stay. */
  function olderWords(row: StoredRow, after: ExperimentRow, theirs: Partial<ExperimentRow>) {
    const words = (row.job && wordsOf(row.job)) ?? undefined;
    const id = row.fields.experiment_id;
    return WORDS.filter((column) => {
      const text = theirs[column] ?? '';
      if (text === '' || after[column].includes(text) || sameValue(column, text, after[column])) return false;
      if (row.base && sameValue(column, text, row.base[column])) return false;
      return !isMachineText(column, text, words);
    }).map((column) => {
      const text = theirs[column]!;
      return { key: JSON.stringify([id, column, text]), text: `${id} ${column} ("${clip(text, 60)}")` };
    });
  }
}

/** A row of a file in the words that are stored, where it only rewrites them. */
function asStored(theirs: Partial<ExperimentRow>, base: ExperimentRow): ExperimentRow {
  const own = Object.entries(theirs).filter(
    ([column, text]) => !sameValue(column as ExperimentColumn, text, base[column as ExperimentColumn]),
  );
  return { ...base, ...Object.fromEntries(own), experiment_id: theirs.experiment_id ?? base.experiment_id };
}

function rowText({ fields, extra }: DiskRow): string {
  return JSON.stringify([fields, extra]);
}

function sameExtra({ extra }: DiskRow, text: RowText): boolean {
  return JSON.stringify(extra) === text.extra;
}

/** Now, and in any case another second than before: by it a copy that was made before is told from the file as it is. */
function laterThan(time: string, now: number): string {
  const before = Date.parse(time);
  return isoSeconds(before >= now - 1_000 ? before + 1_000 : now);
}

function idOf({ fields }: StoredRow): { experiment_id: string } {
  return { experiment_id: fields.experiment_id };
}

/** What is none of its older states, column by column. */
function changedSince(
  ancestors: readonly ExperimentLogRow[],
  theirs: Partial<ExperimentRow>,
): Partial<ExperimentRow> {
  const changed = Object.entries(theirs).filter(
    ([column, text]) =>
      text !== '' && !ancestors.some(({ fields }) => fields[column as ExperimentColumn] === text),
  );
  return Object.fromEntries(changed);
}

function setOrDrop(values: Record<string, string>, name: string, text: string): void {
  if (text === '') delete values[name];
  else values[name] = text;
}
