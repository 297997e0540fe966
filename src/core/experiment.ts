import type { JobKey } from './job.ts';

/** The 22 columns of `experiment_log.csv`, in the order of the file. */
export const EXPERIMENT_COLUMNS = [
  'experiment_id',
  'parent_experiment_id',
  'queue_job_id',
  'status',
  'task_key',
  'command',
  'config_path',
  'run_dir',
  'objective_metric',
  'objective_mode',
  'objective_value',
  'metrics_json',
  'hypothesis',
  'change_summary',
  'result_summary',
  'next_action',
  'started_at',
  'ended_at',
  'created_at',
  'updated_at',
  'owner',
  'notes',
] as const;

/** What a row's status may be. */
export const STATUSES = [
  'planned',
  'queued',
  'running',
  'completed',
  'failed',
  'cancelled',
  'superseded',
] as const;

export type ExperimentColumn = (typeof EXPERIMENT_COLUMNS)[number];

/** One row of the log: every column as the text that stands in the file. */
export type ExperimentRow = Record<ExperimentColumn, string>;

/** A row with whatever columns somebody added beside the 22; they are kept and written back after them. */
export interface ExperimentLogRow {
  fields: ExperimentRow;
  extra: Record<string, string>;
}

export type ObjectiveMode = 'max' | 'min';

/** What a session is after: the tag whose value counts and the direction that is better. */
export interface Objective {
  metric: string;
  mode: ObjectiveMode;
  /** How a run's value is taken from its curve; default `last`. */
  take?: 'last' | 'best' | 'mean' | undefined;
  /** Points of the mean; default 10. */
  points?: number | undefined;
}

/** What a session may spend. */
export interface Budget {
  /** Runs that are made in all. */
  runs?: number | undefined;
  /** GPU hours: hours that runs took, times the GPUs that the queue held. */
  hours?: number | undefined;
  /** Epoch milliseconds. */
  until?: number | undefined;
}

/** What a session's runs have taken so far. */
export interface Spent {
  /** Runs that began. */
  runs: number;
  /** Runs in the queue. */
  waiting: number;
  /** Runs whose GPUs are not known count as on one. */
  gpuHours: number;
}

/** What a session is after; what it does not say, xaxbot.yaml does. */
export interface SessionSettings {
  objective?: Objective | undefined;
  /** A value of the objective at which it is done; null: none, whatever xaxbot.yaml says. */
  target?: number | null | undefined;
  budget?: Budget | undefined;
  owner?: string | undefined;
}

export interface SessionInfo {
  /** Its number in the database; 0 for one that only stands in its folder. */
  id: number;
  name: string;
  folder: string;
  csvPath: string;
  objective: Objective | null;
  target: number | null;
  budget: Budget;
  owner: string;
  /** Epoch milliseconds. */
  createdAt: number;
  closedAt: number | null;
}

/** What a planned experiment is to be launched from. */
export interface LaunchPlan {
  preset: string;
  assignments: Record<string, string>;
  /** What is expected to be seen; empty when nothing was said. */
  expected: string;
  by: string;
  /** What its change_summary said when it was planned: other words there are a person's. */
  changes?: string | undefined;
}

/** A row with its job, and what it was, or is to be, launched from; null where chat does not know. */
export interface LaunchedRow {
  row: ExperimentRow;
  job: JobKey | null;
  launch: Pick<LaunchPlan, 'preset' | 'assignments'> | null;
}

/** A suggestion that somebody did not want now. */
export interface Dismissed {
  id: number;
  preset: string;
  assignments: Record<string, string>;
  /** The options that it is about, near whose values nothing is suggested; none: exactly these settings. */
  about: readonly string[];
  reason: string;
  by: string;
  /** Epoch milliseconds. */
  at: number;
}

/** No session's name has a slash (src/core/session-name.ts). */
const KEY = /^([^/]+)\/(.+)$/s;

/** Tells an experiment from those of other sessions, also in buttons: `lr-study/plan-3`. */
export function experimentKeyText(session: string, experimentId: string): string {
  return `${session}/${experimentId}`;
}

/** What `experimentKeyText` wrote, or an id that somebody wrote with a slash into the file; undefined for any other text. */
export function parseExperimentKey(text: string): { session: string; experimentId: string } | undefined {
  const match = KEY.exec(text);
  return match ? { session: match[1]!, experimentId: match[2]! } : undefined;
}

/** How the notes begin to say what was expected of a run (src/experiments/experiment-log.ts writes it at a plan). */
export const EXPECTED = 'expected: ';

/** What was expected to be seen, by the notes; empty where they do not say. */
export function expectedOf({ notes }: Pick<ExperimentRow, 'notes'>): string {
  const line = notes.split(/\r?\n/).find((each) => each.startsWith(EXPECTED));
  return line?.slice(EXPECTED.length) ?? '';
}

/** Notes that begin with what is expected, in the place of what they said of it before; the rest stands. */
export function withExpected(notes: string, expected: string): string {
  const lines = notes === '' ? [] : notes.split(/\r?\n/);
  return [`${EXPECTED}${expected}`, ...lines.filter((line) => !line.startsWith(EXPECTED))].join('\n');
}

const BLANK = Object.fromEntries(EXPERIMENT_COLUMNS.map((column) => [column, ''])) as ExperimentRow;

/** A row with every column empty but the given ones. */
export function experimentRow(values: Partial<ExperimentRow>): ExperimentRow {
  return { ...BLANK, ...values };
}
