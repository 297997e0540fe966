import type { Command } from './command.ts';
import type { ExperimentRow, Objective } from './experiment.ts';
import type { JobFacts, QueueStatus } from './facts.ts';
import type { Job, JobKey, JobStatus } from './job.ts';
import type { FileRef, PersonId } from './message.ts';
import type { ChartService, MetricsService } from './metrics.ts';
import type { Person } from './person.ts';
import type { Preset } from './preset.ts';
import type { Queue } from './queue.ts';
import type { Clock } from './time.ts';
import type { Transition } from './transition.ts';

/** A job as the memory holds it: what the queue said last and what we know beyond. */
export interface JobRecord extends Job {
  /** The person who launched it from chat, else the Unix owner of its run folder, else null. */
  owner: string | null;
  /** Who asked for its kill through us, and when (epoch ms). */
  killedBy: { name: string; at: number; signal: string | null } | null;
  /** Its queue file no longer holds it. */
  removed: boolean;
}

export interface JobFilter {
  status?: JobStatus;
  task?: string;
  owner?: string;
  limit: number;
}

export interface JobsService {
  get(key: JobKey): JobRecord | undefined;
  /** Newest enqueued first. */
  list(filter: JobFilter): JobRecord[];
  /** Latest ended first. */
  recentlyEnded(limit: number): JobRecord[];
  transitions(key: JobKey): Transition[];
  /** Median run time in seconds of the last completed jobs of a task; null without one. */
  usualSeconds(taskKey: string): number | null;
}

export interface Note {
  author: string;
  text: string;
  /** Epoch milliseconds. */
  at: number;
}

export interface ExperimentsService {
  session(): { name: string; folder: string; csvPath: string; objective: Objective | null };
  rows(): ExperimentRow[];
  count(): number;
  /** The last `limit` rows, newest first; `withHypothesis`: only those that have one. */
  newest(limit: number, withHypothesis?: boolean): ExperimentRow[];
  get(experimentId: string): ExperimentRow | undefined;
  /** The row of a job; every known job has one. */
  ofJob(key: JobKey): ExperimentRow | undefined;
  /** A planned row; its id is made from `name`, else `plan-N`. Error `experiment-exists`, `unknown-parent`. */
  plan(values: {
    name?: string;
    hypothesis: string;
    parent?: string;
    command?: string;
    owner: string;
  }): ExperimentRow;
  /** Sets fields that a person gave; error `unknown-experiment`. */
  edit(experimentId: string, values: Partial<ExperimentRow>): ExperimentRow;
  addNote(key: JobKey, note: Note): void;
  notes(key: JobKey): Note[];
  /** The best completed row by the session's objective. */
  best(): ExperimentRow | undefined;
  /** The canonical CSV, byte for byte as on disk. */
  csv(): string;
}

/** What a launch from chat has come to. Plain JSON. */
export interface LaunchOutcome {
  state: 'launching' | 'queued' | 'failed';
  preset: string;
  assignments: Record<string, string>;
  /** What the launcher says now. */
  line?: string;
  jobId?: string;
  runDir?: string;
  reason?: string;
  lastLines?: string[];
  experimentId?: string;
  seconds: number;
}

export interface LaunchService {
  presets(): readonly Preset[];
  /** What job was launched from: its preset and assignments; undefined when it was not launched from chat. */
  origin(
    key: JobKey,
  ): { preset: string; assignments: Record<string, string>; personId: PersonId } | undefined;
  /**
   * Checks everything, then launches. Errors `unknown-preset`, `bad-assignment`; what goes wrong later is an
   * outcome `failed`. `onProgress` hears at once and whenever the launcher says something.
   */
  launch(
    request: {
      preset: string;
      assignments: Record<string, string>;
      position?: number;
      hypothesis?: string;
      parent?: string;
      experimentId?: string;
      person: Person;
    },
    onProgress: (outcome: LaunchOutcome) => void,
  ): Promise<LaunchOutcome>;
}

export interface KillService {
  /** Kills exactly this job, writes down who asked, and says which signal it took. */
  kill(key: JobKey, person: Person, onSignal: (signal: string) => void): ReturnType<Queue['kill']>;
}

export interface HealthItem {
  name: string;
  ok: boolean;
  detail: string;
}

/** What a command may use; nothing else reaches it. */
export interface CommandContext {
  person: Person;
  adapter: string;
  channel: string;
  /** The job whose thread the command was given in. */
  threadJob: Job | undefined;
  now: Clock;
  /** Shows an answer that another will replace: data of the same shape as `run` returns. */
  progress(data: unknown): void;
  queue: Queue;
  jobs: JobsService;
  experiments: ExperimentsService;
  metrics: MetricsService;
  charts: ChartService;
  launches: LaunchService;
  kills: KillService;
  health(): HealthItem[];
  status(): Promise<QueueStatus>;
  /** Everything a job's card shows. */
  jobFacts(key: JobKey): Promise<JobFacts>;
  commands: readonly Command[];
  /** Keeps bytes in the file store under their content's name. */
  saveFile(bytes: Uint8Array, extension: string): Promise<FileRef>;
}
