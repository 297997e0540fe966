import { clip } from '../core/clip.ts';
import {
  type ExperimentColumn,
  type ExperimentLogRow,
  type ExperimentRow,
  experimentRow,
} from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import { isoSeconds } from '../core/time.ts';
import type { ExperimentStore, RowText, Session, StoredRow } from '../store/experiments.ts';
import { ancestorsOf, copyOf, READ_BEFORE_MS } from './ancestors.ts';
import { type DiskRow, type ParsedExperimentLog, putRight } from './csv.ts';
import { doubtsAbout } from './doubts.ts';
import { addedColumns, experimentsOf } from './experiments-of.ts';
import { isMachineText, type MachineWords } from './from-job.ts';
import { dropCutCell, missingIds } from './lacking.ts';
import { leftOutText } from './left-out.ts';
import { mergeAdded, mergeRow, sameValue, withNote } from './merge.ts';
import { type NamedRow, withIds } from './row-ids.ts';

/** Columns in which people write words. */
const WORDS = ['hypothesis', 'change_summary', 'result_summary', 'next_action', 'owner', 'command'] as const;

/** More than so many doubts about one file are not said. */
const DOUBTS_SAID = 5;

/** What somebody else's file has changed here. */
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

/** Takes what stands in a file into the database, row by row; call inside a transaction. Nothing is ever removed. */
export function mergeFromDisk({ store, session, disk, now, isOnDisk, wordsOf }: Reading): TakenIn {
  const result: TakenIn = { notices: [], edited: [], leftOut: [] };
  /** Rows that somebody else wrote or changed, and what they were. */
  const written: { id: string; before: ExperimentRow | null }[] = [];
  /** Older words that a copy would have put over newer ones. */
  const putBack: { key: string; text: string }[] = [];
  /** What the file holds of rows, agreed on once all of it was read: another side of a merge is compared with what was before. */
  const agreed = new Map<string, ExperimentLogRow>();
  /** Those of which it holds several texts: it agrees with none of them. */
  const several = new Set<string>();
  const known = store.texts(session);
  const isNews = (...remark: string[]) => store.remarks.isNew(session, JSON.stringify(remark), now);
  const { experiments, leftOut } = experimentsOf(disk, known);
  result.leftOut = leftOut;
  const knownColumns = store.extraColumns(session);
  const newColumns = addedColumns(disk, experiments).filter((name) => !knownColumns.includes(name));
  if (newColumns.length > 0) store.setExtraColumns(session, [...knownColumns, ...newColumns]);
  const copy = copyOf(experiments);
  const rows = withIds(experiments, known, { store, session }, result.notices);
  if (!disk.isWhole) dropCutCell(rows, known);
  for (const row of rows) {
    const id = row.fields.experiment_id;
    const text = known.get(id);
    const isAsBefore = text && JSON.stringify(row.fields) === text.base && sameExtra(row, text);
    // Of the texts that a file has for one row each was taken in once: read again, none is newer than the others.
    const isRepeated = disk.hasParts && !isAsBefore && !isNews('part', id, rowText(row));
    if (!text && !agreed.has(id)) addRow(row);
    else if (!isRepeated && (row.part || !isAsBefore)) mergeKnown(row, text === undefined);
  }
  for (const [id, state] of agreed)
    if (!several.has(id)) store.setBase(store.row(session, id)!, state, now, copy);
  const ids = [...new Set(rows.map(({ fields }) => fields.experiment_id))];
  const missing = missingIds(known, ids);
  if (isOnDisk) {
    if (missing.length === 0) store.arrange(session, ids);
    sayReturned(missing);
  }
  sayMerged();
  sayLeftOut();
  sayPutBack();
  // A log that is read for the first time is taken as it is.
  if (known.size > 0) sayDoubts();
  return result;

  function addRow({ fields, extra }: NamedRow): void {
    store.add(session, { fields: experimentRow(fields), extra }, null, isOnDisk ? copy : null);
    if (disk.hasParts) agreed.set(fields.experiment_id, { fields: experimentRow(fields), extra });
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
        fields: asStored(theirs.fields, row.base ?? experimentRow({})),
        extra: { ...row.extraBase, ...addedIn(theirs) },
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
    sayConflicts(row, found, conflicts);
    const isChanged = JSON.stringify(fields) !== JSON.stringify(row.fields);
    const isAddedChanged = JSON.stringify(extra) !== JSON.stringify(row.extra);
    if (isChanged || isAddedChanged) {
      if (fields.updated_at === row.fields.updated_at) fields.updated_at = laterThan(fields.updated_at, now);
      store.put({ ...row, fields, extra });
    }
    if (isChanged && row.job) result.edited.push(row.job);
    if (isChanged) written.push({ id: row.fields.experiment_id, before: row.fields });
    putBack.push(...olderWords(row, fields, found.fields));
  }

  function sayConflicts({ fields }: StoredRow, found: NamedRow, conflicts: readonly string[]): void {
    const id = fields.experiment_id;
    const texts = conflicts.map((name) => found.fields[name as ExperimentColumn] ?? found.extra[name] ?? '');
    if (conflicts.length === 0 || !isNews('conflict', id, ...conflicts, ...texts)) return;
    const where = found.part ? 'has two texts in the log' : 'was changed here and in the log at once';
    const [stands, other] = found.part ? ['The later', 'the other'] : ["The log's text", 'ours'];
    result.notices.push(
      `${id}: ${conflicts.join(', ')} ${where}. ${stands} stands, ${other} is kept in notes.`,
    );
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
    result.notices.push(
      `${row.fields.experiment_id} stood in the log with more cells than the first line has: a comma that nobody quoted? Nothing of it was taken for an edit; its text is kept in notes.`,
    );
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
      return { key: JSON.stringify([id, column, text]), text: `${id} ${column} ("${shortened(text)}")` };
    });
  }

  function sayPutBack(): void {
    const news = putBack.filter(({ key }) => isNews('older', key)).map(({ text }) => text);
    if (news.length === 0) return;
    const more = news.length > DOUBTS_SAID ? ', and more' : '';
    result.notices.push(
      `An older copy of the log was saved over newer words, which stand: ${news.slice(0, DOUBTS_SAID).join(', ')}${more}. If the older text is meant, write it with "experiment edit".`,
    );
  }

  function sayMerged(): void {
    if (!disk.isMerged || !isNews('merge', JSON.stringify(disk.rows))) return;
    result.notices.push(
      'A merge of version control was left in the log. Both of its sides were taken in; where a field has two texts, both are kept.',
    );
  }

  function sayLeftOut(): void {
    const news = result.leftOut.filter((line) => isNews('left out', line));
    if (news.length > 0) result.notices.push(leftOutText(news));
  }

  function sayDoubts(): void {
    const fieldsOf = (id: string) => store.row(session, id)?.fields;
    const parentOf = (id: string) => fieldsOf(id)?.parent_experiment_id;
    const doubts: string[] = [];
    for (const { id, before } of written) {
      for (const doubt of doubtsAbout(fieldsOf(id)!, before, parentOf))
        if (isNews('doubt', id, doubt)) doubts.push(`${id}: ${doubt}`);
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
      return !(now - created < 2 * READ_BEFORE_MS) && isNews('returned', id);
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

function shortened(text: string): string {
  return clip(text, 60);
}
