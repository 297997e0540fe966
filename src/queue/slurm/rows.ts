import { parseTaskNumbers } from './task-numbers.ts';

/**
 * What one poll asks of each job (squeue(1), --Format). All of it is Slurm's own but the reason, which an administrator may have
 * written: that is the last, and may hold the mark between two columns.
 */
const COLUMNS = [
  'JobArrayID',
  'JobID',
  'ArrayJobID',
  'ArrayTaskID',
  'State',
  'exit_code',
  'SubmitTime',
  'StartTime',
  'EndTime',
  'RestartCnt',
  'UserName',
  'Partition',
  'NodeList',
  'Reason',
] as const;
type Column = (typeof COLUMNS)[number];

/** How a job, or one task of an array, stands in one poll. Times are epoch seconds; null: there is none. */
export interface Row {
  /** By which people name it, an array and a job of several parts by one: `4711`. */
  jobId: string;
  /** Which part of that it is: the number of a task, `+1` of a job of several parts; empty where it is the whole. */
  part: string;
  /** Tasks that wait in one record. */
  waiting: readonly number[] | null;
  /** The same as Slurm wrote it, behind a `%` also how many may run at once. */
  waitingText: string;
  /** Slurm's number of this record, which names no task. */
  rawId: number;
  state: string;
  reason: string;
  /** Of which an exit code or a signal: one of them is 0. null: Slurm tells none. */
  exit: { code: number; signal: number } | null;
  submittedAt: number;
  startedAt: number | null;
  endedAt: number | null;
  restarts: number;
  user: string;
  partition: string;
  nodes: string;
  /** As it was printed: what has not changed needs no second look. */
  line: string;
}

/** The arguments by which those rows come. `which`: of whom, or which job. */
export function pollArguments(which: readonly string[]): string[] {
  return ['squeue', '-h', '-t', 'all', ...which, '-O', COLUMNS.map((name) => `${name}:|`).join(',')];
}

/** The rows of what squeue printed, in its order. What is no row, as the rest of a text with a newline, is left out. */
export function parseRows(text: string): Row[] {
  return text.split('\n').flatMap((line) => rowOf(line) ?? []);
}

function rowOf(line: string): Row | undefined {
  const cells = line.split('|');
  if (cells.length < COLUMNS.length) return undefined;
  const cell = (name: Column) => cells[COLUMNS.indexOf(name)]!.trim();
  const id = /^(\d+)(?:_(\d+|\[.*\]?)|(\+\d+))?/.exec(cell('JobArrayID'));
  const submittedAt = seconds(cell('SubmitTime'));
  if (!id || submittedAt === null || !/^[A-Z_]+$/.test(cell('State'))) return undefined;
  const task = cell('ArrayTaskID');
  const isTask = /^\d+$/.test(task);
  const several = isTask || task === 'N/A' || task === '' ? null : (parseTaskNumbers(task) ?? []);
  return {
    jobId: id[1]!,
    part: isTask ? task : (id[3] ?? ''),
    waiting: several,
    waitingText: several === null ? '' : task,
    rawId: Number(cell('JobID')),
    state: cell('State'),
    reason: cells
      .slice(COLUMNS.length - 1)
      .join('|')
      .replace(/\|$/, ''),
    exit: exitOf(cell('exit_code')),
    submittedAt,
    startedAt: seconds(cell('StartTime')),
    endedAt: seconds(cell('EndTime')),
    restarts: Number(cell('RestartCnt')) || 0,
    user: cell('UserName'),
    partition: cell('Partition'),
    nodes: cell('NodeList'),
    line,
  };
}

function seconds(text: string): number | null {
  return /^\d{1,12}$/.test(text) && text !== '0' ? Number(text) : null;
}

/** 22.05 prints the wait status of the system (wait(2)); later versions may print `code:signal` as scontrol does. */
function exitOf(text: string): Row['exit'] {
  const pair = /^(\d+):(\d+)$/.exec(text);
  if (pair) return { code: Number(pair[1]), signal: Number(pair[2]) };
  if (!/^\d{1,9}$/.test(text)) return null;
  const status = Number(text);
  return { code: (status >> 8) & 0xff, signal: status & 0x7f };
}
