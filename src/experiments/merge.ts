import { EXPERIMENT_COLUMNS, type ExperimentColumn, type ExperimentRow } from '../core/experiment.ts';
import { parseValue } from '../core/objective.ts';
import { isMachineText, isPersonsStatus, isQueueStatus, type MachineWords, mayReplace } from './from-job.ts';
import { isCanonicalTime, isRewriting } from './rewriting.ts';

export interface RowToMerge {
  /**
   * What the writer of the file may have read: the last common state, and older ones when the file was made from
   * an older copy. Empty when file and database never agreed on this row.
   */
  ancestors: readonly ExperimentRow[];
  /** The row in the file; absent columns are not said anything about. */
  disk: Partial<ExperimentRow>;
  ours: ExperimentRow;
  /** Ours is what one side of a merge says, and the file's the other: both have changed what they do not share. */
  isOtherSide?: boolean;
  /** The row is a job's: what the queue knows of it is not for the file to change. */
  job: MachineWords | null;
}

export interface MergedRow {
  fields: ExperimentRow;
  /** Columns in which both sides had written; the file's text stands, ours is kept in notes. */
  conflicts: ExperimentColumn[];
}

const QUEUE_COLUMNS: ReadonlySet<ExperimentColumn> = new Set([
  'queue_job_id',
  'status',
  'task_key',
  'config_path',
  'run_dir',
  'started_at',
  'ended_at',
]);

/**
 * Joins what was changed in the file and what was changed here since both were the same, field by field. A field that
 * one side changed is that side's; one that both changed is the file's, and ours is kept in notes. A machine's text
 * never replaces a person's, emptiness never replaces a text that is new here, and notes of both sides are kept.
 */
export function mergeRow(row: RowToMerge): MergedRow {
  const fields = { ...row.ours };
  const conflicts: ExperimentColumn[] = [];
  for (const column of EXPERIMENT_COLUMNS) {
    const theirs = row.disk[column];
    if (theirs === undefined || column === 'experiment_id' || !isChange(column, theirs, row)) continue;
    const choice = choose(column, theirs, row);
    if (choice === 'both') conflicts.push(column);
    fields[column] = choice === 'both' ? theirs : choice;
  }
  for (const column of conflicts)
    fields.notes = withNote(fields.notes, `[${column} here was: ${row.ours[column]}]`);
  return { fields, conflicts };
}

/** Whether the writer of the file changed this field. */
function isChange(column: ExperimentColumn, theirs: string, { ancestors, ours }: RowToMerge): boolean {
  if (sameValue(column, theirs, ours[column])) return false;
  if (ancestors.length === 0) return theirs !== '';
  return !ancestors.some((ancestor) => sameValue(column, theirs, ancestor[column]));
}

/** The text that holds; `both` when each side has one of its own. */
function choose(
  column: ExperimentColumn,
  theirs: string,
  { ancestors, ours, isOtherSide, job }: RowToMerge,
): string | 'both' {
  const mine = ours[column];
  const known = job ?? undefined;
  if (
    column === 'status' &&
    isPersonsStatus(mine, known) &&
    isQueueStatus(theirs) &&
    !isPersonsStatus(theirs, known)
  )
    return mine;
  const isMachines = (text: string) => isMachineText(column, text, known);
  if (column === 'updated_at') return isCanonicalTime(theirs) && theirs > mine ? theirs : mine;
  if (column === 'created_at') return isCanonicalTime(theirs) && theirs < mine ? theirs : mine || theirs;
  if (job && QUEUE_COLUMNS.has(column)) {
    return mine === '' || (column === 'status' && isPersonsStatus(theirs, known)) ? theirs : mine;
  }
  // Whoever may have read an older state than ours has not decided against ours.
  const isOursUnchanged =
    !isOtherSide &&
    ancestors.length > 0 &&
    ancestors.every((ancestor) => sameValue(column, ancestor[column], mine));
  if (theirs === '') return isOursUnchanged ? theirs : mine;
  if (isMachines(theirs) && !mayReplace(column, mine, theirs, known)) return mine;
  if (column === 'notes')
    return isMachines(mine) ? theirs : joinNotes(isOtherSide ? [] : ancestors, theirs, mine);
  if (isOursUnchanged) return theirs;
  if (isMachines(mine)) return isMachines(theirs) ? mine : theirs;
  return 'both';
}

/** Their notes, and the lines that are new in ours. */
function joinNotes(ancestors: readonly ExperimentRow[], theirs: string, mine: string): string {
  const known = new Set(
    [theirs, ...ancestors.map(({ notes }) => notes)].flatMap((notes) => notes.split(/\r?\n/)),
  );
  return [theirs, ...mine.split(/\r?\n/).filter((line) => !known.has(line))].join('\n');
}

/** Notes with one more entry, unless they already have it. */
export function withNote(notes: string, note: string): string {
  return notes.includes(note) ? notes : [notes, note].filter((text) => text !== '').join('\n');
}

/** Joins a column that somebody added, in the same way; `both`: theirs stands, and ours is to be kept in notes. */
export function mergeAdded(theirs: string, ours: string, ancestors: readonly string[]): string | 'both' {
  const isSaid = (stored: string) => isRewriting(stored, theirs);
  if (isSaid(ours) || ancestors.some(isSaid) || (ancestors.length === 0 && theirs === '')) return ours;
  const isOursUnchanged = ancestors.length > 0 && ancestors.every((ancestor) => ancestor === ours);
  if (isOursUnchanged || ours === '') return theirs;
  return theirs === '' ? ours : 'both';
}

/** Whether a text of the file says what is stored, in its own way or as a spreadsheet or a data frame rewrites it. */
export function sameValue(column: ExperimentColumn, theirs: string, stored: string): boolean {
  if (theirs === stored || isRewriting(stored, theirs)) return true;
  if (column !== 'objective_value') return false;
  const value = parseValue(theirs);
  return value !== null && value === parseValue(stored);
}
