import type { Dismissed, ExperimentRow, LaunchedRow, LaunchPlan, SessionInfo, Spent } from '../experiment.ts';
import type { SettingsRepeat } from '../fingerprint.ts';
import type { JobKey } from '../job.ts';
import type { NewNote, Note, NoteState } from './notes.ts';

/** What a planned row is made of. Its id is made from `name`, else `plan-N`. */
export interface NewPlan {
  name?: string | undefined;
  hypothesis: string;
  parent?: string | undefined;
  command?: string | undefined;
  owner: string;
  changeSummary?: string | undefined;
  /** What it can be launched from; absent for a mere hypothesis. */
  launch?: LaunchPlan | undefined;
}

export interface ExperimentsService {
  session(): SessionInfo;
  /** What its runs have taken of its budget. */
  spent(): Spent;
  /** The session that a job's row belongs to. */
  sessionOf(key: JobKey): SessionInfo;
  rows(): ExperimentRow[];
  /** The same with their jobs and what they were launched from, all at once. */
  withLaunches(): LaunchedRow[];
  count(): number;
  /** The last `limit` rows, newest first; `withHypothesis`: only those that have one. */
  newest(limit: number, withHypothesis?: boolean): ExperimentRow[];
  get(experimentId: string): ExperimentRow | undefined;
  /**
   * The row that somebody means: by its id, by `session/id`, or by a job (`7`, `job-0000007`) where no experiment has
   * that id. Errors `unknown-experiment`, with the nearest; `other-session` for one of another.
   */
  named(reference: string): ExperimentRow;
  /** Errors `experiment-name`, `experiment-exists` for what cannot name a new experiment. */
  checkName(name: string): void;
  /**
   * The id of whoever is meant to be the parent of an experiment (null: of a new one). Errors `unknown-parent`,
   * `other-session`; `parent-loop` where it follows the experiment itself.
   */
  checkedParent(experimentId: string | null, parent: string): string;
  /** The row of a job; every known job has one. */
  ofJob(key: JobKey): ExperimentRow | undefined;
  /** The job of a row; undefined for one that was only planned or written by hand. */
  jobOf(experimentId: string): JobKey | undefined;
  /** A planned row; its id is made from `name`, else `plan-N`. Error `experiment-exists`, `unknown-parent`. */
  plan(values: NewPlan): ExperimentRow;
  /** What a planned row is to be launched from; undefined for one that was written into the CSV. */
  planOf(experimentId: string): LaunchPlan | undefined;
  /** An experiment's notes; empty where only a machine has written there. */
  notesOf(experimentId: string): string;
  /** Sets fields that a person gave; errors `unknown-experiment`, `unknown-parent`, `parent-loop`. */
  edit(experimentId: string, values: Partial<ExperimentRow>): ExperimentRow;
  /** The same for a job's row, of whatever session; undefined for a job without one. */
  editOfJob(key: JobKey, values: Partial<ExperimentRow>): ExperimentRow | undefined;
  /** A planned row becomes this job's row: it keeps its id and what was planned. Nothing happens when it is another job's. */
  joinPlan(experimentId: string, key: JobKey): void;
  /** A job's row is of this session from now on, under its job's id; nothing happens where it is already. */
  takeJob(key: JobKey): void;
  /** A suggestion that somebody does not want now: it is not made again. */
  dismiss(suggestion: Omit<Dismissed, 'id'>): void;
  dismissed(): Dismissed[];
  /** What was put off may be suggested again; whether there was such a number. */
  restoreDismissed(id: number): boolean;
  /** Its number, and whether it is new: a message is kept once, and not again once it was taken back. */
  addNote(key: JobKey, note: NewNote): { id: number; isNew: boolean; state: NoteState };
  /** Those that are kept. */
  notes(key: JobKey): Note[];
  note(id: number): Note | undefined;
  /** Its text leaves the notes, the log and the log's older states. */
  takeBackNote(id: number, state: Exclude<NoteState, 'kept'>): void;
  /** Rows with a hypothesis whose run ended and of which nobody has said what it showed; the latest end first. */
  withoutVerdict(): ExperimentRow[];
  /** Rows whose verdict was given, or changed, after this time (epoch milliseconds), the last change first. */
  judgedSince(at: number): ExperimentRow[];
  /** Rows of runs that ended after this time (epoch milliseconds), the last end first. */
  endedSince(at: number): ExperimentRow[];
  /** What people wrote of what a run showed; undefined while only a machine did. */
  saidOf(key: JobKey): string | undefined;
  /** The best completed row by the session's objective. */
  best(): ExperimentRow | undefined;
  /** The best of those that had ended when this one did. */
  bestBefore(row: ExperimentRow): ExperimentRow | undefined;
  /** Completed runs with a value of this metric whose settings were run more than once. */
  repeated(metric: string): SettingsRepeat[];
  /** The canonical CSV, byte for byte as on disk. */
  csv(): string;
  /** The same as lines of cells, the columns first: the 22, then those that somebody added. */
  table(): string[][];
}
