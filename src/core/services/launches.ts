import type { SessionInfo } from '../experiment.ts';
import type { JobKey, JobMeant } from '../job.ts';
import type { PersonId } from '../message.ts';
import type { Doer, Person } from '../person.ts';
import type { Preset } from '../preset.ts';
import type { MutationResult } from '../queue.ts';
import type { Destination } from '../request.ts';
import type { WaitingLaunch, WaitingLaunches } from '../waiting-launch.ts';

/** The state of a launch from chat. Plain JSON. */
export interface LaunchOutcome {
  /** `waiting`: it starts when another job has completed. */
  state: 'launching' | 'queued' | 'failed' | 'waiting';
  preset: string;
  /** Where there are several queues: the one it is launched on. */
  queue?: string;
  /** Why that one, a sentence, where nobody named it. */
  why?: string;
  assignments: Record<string, string>;
  /** Of those the ones that are as in the preset by default. */
  usual: string[];
  /** Of one that waits: for which job, by its name. */
  after?: string;
  /** What the launcher says now. */
  line?: string;
  jobId?: string;
  runDir?: string;
  reason?: string;
  lastLines?: string[];
  experimentId?: string;
  /** It is queued, or waits, but could not be recorded, or never starts as things stand; sentences. */
  trouble?: string | undefined;
  seconds: number;
}

export interface LaunchRequest {
  preset: string;
  assignments: Record<string, string>;
  /** The queue's name; the one where it starts first unless said. */
  queue?: string | undefined;
  position?: number | undefined;
  hypothesis?: string | undefined;
  /** The expected outcome. */
  expected?: string | undefined;
  parent?: string | undefined;
  /** A planned experiment that it is for. */
  experimentId?: string | undefined;
  /** The name of a new experiment; by default its job's id. */
  name?: string | undefined;
  /** New text may replace the planned text, which is kept in the notes. */
  replace?: boolean | undefined;
  /** The session it is in; by default the current one. */
  session?: SessionInfo | undefined;
  person: Person;
  /** The number of the waiting launch that it is. */
  waiting?: number | undefined;
}

/** Launches that wait for a job's end. What was taken back in the experiment log waits no more. */
export interface WaitingLaunchesService {
  /** The oldest first; `queues`: those that go there, or wait for a job there where nobody named a queue; `owner`: only theirs. */
  list(limit: number, filter?: { queues?: readonly string[]; owner?: string | undefined }): WaitingLaunches;
  /** Those that wait for a job, in the life that it has now. */
  ofJob(key: JobKey, limit: number): WaitingLaunches;
  /** The one for an experiment of a session, or `session/id` of any; of no other session's unless only one has such a one. */
  named(reference: string, session: string): WaitingLaunch | undefined;
  /** The one that repeats a job. */
  retryOf(key: JobKey): WaitingLaunch | undefined;
  /** What became of the last of that name, which waits no more, words behind its name; undefined where there was none. */
  noLonger(reference: string, session: string): string | undefined;
  /** Takes one back with its plan, unless it has begun, or was taken back; what became of it then. */
  takeBack(launch: WaitingLaunch, by: Doer): MutationResult;
  /** Takes back what waits for an experiment, whose plan is given up; whether anything did. */
  givenUp(session: string, experimentId: string, by: Doer): boolean;
}

export interface LaunchService {
  waiting: WaitingLaunchesService;
  presets(): readonly Preset[];
  /** What would be passed on, defaults filled in. Launches nothing; errors as `launch`. */
  check(request: LaunchRequest): Record<string, string>;
  /**
   * The queue that a launch of a preset by somebody would go to now, and why that one, a sentence, where it was chosen among
   * several; `named`: the one that they named. Errors `unknown-preset`, `unknown-queue`, `queue-lacks`, `bad-option`, `not-allowed`.
   */
  choose(preset: string, person: Person, named?: string): Promise<{ queue: string; why?: string }>;
  /** What a launch would pass on, defaults filled in, and the command as people read it. Errors `unknown-preset`, `bad-assignment`. */
  preview(
    preset: string,
    assignments: Readonly<Record<string, string>>,
  ): { assignments: Record<string, string>; command: string };
  /** Of the settings of a launch those that its preset has by default; none where it is declared no more. */
  usual(preset: string, assignments: Readonly<Record<string, string>>): string[];
  /** What job was launched from: its preset and assignments; undefined when it was not launched from chat. */
  origin(
    key: JobKey,
  ): { preset: string; assignments: Record<string, string>; personId: PersonId } | undefined;
  /** Whether a job could be launched again as it was: its session is open, its preset declared and takes its settings. */
  canRetry(key: JobKey): boolean;
  /** How settings differ from those of a job's launch, in words; empty if unknown. */
  changes(against: JobKey | undefined, assignments: Readonly<Record<string, string>>): string;
  /**
   * Checks everything, then launches. Errors `unknown-preset`, `bad-assignment`, `unknown-experiment`, `parent-loop`,
   * `not-planned`, `launch-under-way`, `plan-says`; what goes wrong later is an outcome `failed`, and once the queue has
   * taken the job it is `queued` whatever else happens. `onProgress` hears at once and whenever the launcher says something.
   */
  launch(request: LaunchRequest, onProgress: (outcome: LaunchOutcome) => void): Promise<LaunchOutcome>;
  /**
   * Checks everything, plans it, and writes down that it starts when a job has completed; null where that one has already: then
   * nothing was done. `at`: where it was asked for. Errors as `launch`; `not-completed` of a job that ended otherwise,
   * `waits-already`.
   */
  launchAfter(request: LaunchRequest, after: JobMeant, at: Destination): LaunchOutcome | null;
}
