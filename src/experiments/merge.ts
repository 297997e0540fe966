import { EXPERIMENT_COLUMNS, type ExperimentColumn, type ExperimentRow } from '../core/experiment.ts';
import { parseValue } from '../core/objective.ts';
import { isMachineText, isPersonsStatus, isQueueStatus, type MachineWords, mayReplace } from './from-job.ts';

export interface RowToMerge {
  /**
   * What the writer of the file may have read: the last common state, and older ones when the file was made from
   * an older copy. Empty when file and memory never agreed on this row.
   */
  ancestors: readonly ExperimentRow[];
  /** The row in the file; absent columns are not said anything about. */
  disk: Partial<ExperimentRow>;
  ours: ExperimentRow;
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

/** Fewer digits than this are somebody's own rounding. */
const ROUNDED_DIGITS = 6;

const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?$/;
const CANONICAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

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
  for (const column of conflicts) {
    const kept = `[${column} here was: ${row.ours[column]}]`;
    if (!fields.notes.includes(kept))
      fields.notes = [fields.notes, kept].filter((text) => text !== '').join('\n');
  }
  return { fields, conflicts };
}

/** Whether the writer of the file gave this field a value of their own. */
function isChange(column: ExperimentColumn, theirs: string, { ancestors, ours }: RowToMerge): boolean {
  if (sameValue(column, theirs, ours[column])) return false;
  if (ancestors.length === 0) return theirs !== '';
  return !ancestors.some((ancestor) => sameValue(column, theirs, ancestor[column]));
}

/** The text that holds; `both` when each side has one of its own. */
function choose(
  column: ExperimentColumn,
  theirs: string,
  { ancestors, ours, job }: RowToMerge,
): string | 'both' {
  const mine = ours[column];
  if (column === 'status' && isPersonsStatus(mine) && isQueueStatus(theirs)) return mine;
  const isMachines = (text: string) => isMachineText(column, text, job ?? undefined);
  if (column === 'updated_at') return CANONICAL_TIME.test(theirs) && theirs > mine ? theirs : mine;
  if (column === 'created_at') return CANONICAL_TIME.test(theirs) && theirs < mine ? theirs : mine || theirs;
  if (job && QUEUE_COLUMNS.has(column)) {
    return mine === '' || (column === 'status' && isPersonsStatus(theirs)) ? theirs : mine;
  }
  // Whoever may have read an older state than ours has not decided against ours.
  const isOursUnchanged =
    ancestors.length > 0 && ancestors.every((ancestor) => sameValue(column, mine, ancestor[column]));
  if (theirs === '') return isOursUnchanged ? theirs : mine;
  if (isMachines(theirs) && !mayReplace(column, mine, theirs, job ?? undefined)) return mine;
  if (column === 'notes') return isMachines(mine) ? theirs : joinNotes(ancestors, theirs, mine);
  if (isOursUnchanged) return theirs;
  if (isMachines(mine)) return isMachines(theirs) ? mine : theirs;
  return 'both';
}

/** Their notes, and the lines that are new in ours. */
function joinNotes(ancestors: readonly ExperimentRow[], theirs: string, mine: string): string {
  const known = new Set(
    [theirs, ...ancestors.map(({ notes }) => notes)].flatMap((notes) => notes.split(/\r?\n/)),
  );
  return [theirs, ...mine.split('\n').filter((line) => !known.has(line))].join('\n');
}

/** Joins a column that somebody added, in the same way; `both`: theirs stands, and ours is to be kept in notes. */
export function mergeAdded(theirs: string, ours: string, ancestors: readonly string[]): string | 'both' {
  if (theirs === ours || ancestors.includes(theirs) || (ancestors.length === 0 && theirs === '')) return ours;
  const isOursUnchanged = ancestors.length > 0 && ancestors.every((ancestor) => ancestor === ours);
  if (isOursUnchanged || ours === '') return theirs;
  return theirs === '' ? ours : 'both';
}

/** Whether two texts mean the same: a spreadsheet writes numbers, times and line ends in its own way. */
export function sameValue(column: ExperimentColumn, a: string, b: string): boolean {
  if (a === b) return true;
  if (a === '' || b === '') return false;
  if (column === 'objective_value') return sameNumber(a, b);
  if (column.endsWith('_at')) return TIME.test(a) && TIME.test(b) && instant(a) === instant(b);
  return a.includes('\r') && a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n');
}

/** Equal, or one is the other rounded to the digits it shows, as a spreadsheet shows and saves it. */
function sameNumber(a: string, b: string): boolean {
  const [one, other] = [parseValue(a), parseValue(b)];
  if (one === null || other === null) return false;
  if (one === other) return true;
  const digits = Math.min(significantDigits(a), significantDigits(b));
  return digits >= ROUNDED_DIGITS && one.toPrecision(digits) === other.toPrecision(digits);
}

function significantDigits(text: string): number {
  const [mantissa = ''] = text.toLowerCase().split('e');
  return mantissa.replace(/[^\d]/g, '').replace(/^0+/, '').length;
}

function instant(time: string): number {
  return Date.parse(`${time.replace(' ', 'T').replace(/Z$/, '')}Z`);
}
