import type { Quoted } from './adapter.ts';
import type { Analysis } from './analysis.ts';
import type { Command } from './command.ts';
import type { ConfigChange } from './config-delta.ts';
import type { DigestService } from './digest.ts';
import type {
  ExperimentRow,
  LaunchedRow,
  LaunchPlan,
  PutOff,
  SessionInfo,
  SessionSettings,
  Spent,
} from './experiment.ts';
import type { JobFacts, QueueStatus } from './facts.ts';
import type { SettingsRepeat } from './fingerprint.ts';
import type { GpusService } from './gpus.ts';
import type { Job, JobKey, JobStatus } from './job.ts';
import type { KilledBy } from './kill.ts';
import type { FileRef, Message, PersonId } from './message.ts';
import type { ChartService, Curve, MetricsService, Series, UsageChart } from './metrics.ts';
import type { Doer, Person } from './person.ts';
import type { Preset } from './preset.ts';
import type { ApprovalsService } from './proposal.ts';
import type { MutationResult, Observer, ObserverAction, ObserverRequest, Queue } from './queue.ts';
import type { Suggestions, Sweep, SweepRequest } from './suggestion.ts';
import type { Clock } from './time.ts';
import type { Transition } from './transition.ts';
import type { WatchesService } from './watch.ts';

/** A job as the memory holds it: what the queue said last and what we know beyond. */
export interface JobRecord extends Job {
  /** The person who launched it from chat, else the Unix owner of its run folder, else null. */
  owner: string | null;
  /** The id of that person, where they are known; an account's (`slack:U012AB3CD`) is one too. */
  ownerPerson: PersonId | null;
  /** Whose kill through us ended it, as far as time, signal and return code fit; of one that runs, who asked last. */
  killedBy: KilledBy | null;
  /** Its queue file no longer holds it. */
  removed: boolean;
  /** How many GPUs the queue held as it began; null: unknown. */
  gpus: number | null;
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
  /** Those that ended after this, also those that never began; epoch milliseconds. */
  endedSince(at: number): JobRecord[];
  /** Those that run, or ran at some time after this; epoch milliseconds. */
  ranSince(at: number): JobRecord[];
  transitions(key: JobKey): Transition[];
  /** Median run time in seconds of the last completed jobs of a task; null without one. */
  usualSeconds(taskKey: string): number | null;
}

export type NoteState = 'kept' | 'withdrawn' | 'redacted';

export interface NewNote {
  /** The author's name. */
  author: string;
  person?: PersonId;
  text: string;
  /** Epoch milliseconds. */
  at: number;
  /** Where it was said. */
  link?: string;
  /** Names the message it was made from, which is kept once. */
  source?: string;
}

/** What somebody wrote about a job. Taken back, it has no text. */
export interface Note {
  id: number;
  job: JobKey;
  author: string;
  person: PersonId | null;
  text: string;
  at: number;
  link: string;
  state: NoteState;
}

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

export interface KnownSession extends SessionInfo {
  /** null for one that only stands in its folder. */
  experiments: number | null;
  isCurrent: boolean;
  channels: { adapter: string; channel: string }[];
}

/** `where` null: for every channel that has no session of its own. Error `session-name` for a name that cannot be one. */
export interface SessionsService {
  all(): KnownSession[];
  /** Those of a session that the memory knows, whatever is in use. */
  experimentsOf(name: string): ExperimentsService | undefined;
  /** As seen from the session that a job belongs to. */
  inSessionOf(key: JobKey): ExperimentsService;
  /** What a session's runs have taken of its budget; null for one that only stands in its folder. */
  spent(name: string): Spent | null;
  /** Made and used. Error `session-exists`. */
  create(
    name: string | undefined,
    settings: SessionSettings,
    where: { adapter: string; channel: string } | null,
  ): Promise<SessionInfo>;
  /** Error `unknown-session`. */
  use(name: string, where: { adapter: string; channel: string } | null): Promise<SessionInfo>;
  /** The channel has no session of its own any more; resolves to the one it has then. */
  leave(where: { adapter: string; channel: string }): Promise<SessionInfo>;
  change(name: string, settings: SessionSettings): SessionInfo;
  /** Error `session-current` for the one in use. Its rows and its folder stay. */
  close(name: string): SessionInfo;
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
  putOff(suggestion: Omit<PutOff, 'id'>): void;
  allPutOff(): PutOff[];
  /** What was put off may be suggested again; whether there was such a number. */
  takeBackPutOff(id: number): boolean;
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

/** What to try next, by what a session's log says. */
export interface SuggestService {
  /**
   * `preset` undefined: the best run's, else the only one. Errors `no-objective`, `unknown-preset`, `bad-option`.
   */
  suggest(
    experiments: ExperimentsService,
    preset: string | undefined,
    count: number,
  ): Promise<Suggestions & { preset: string; runs: number }>;
  /** What a sweep would come to. Plans nothing. Errors `unknown-preset`, `bad-option`, `bad-assignment`. */
  sweep(experiments: ExperimentsService, request: SweepRequest): Promise<Sweep>;
}

export interface ReportsService {
  /** Writes `experiment_report.md` into the session's folder. */
  write(experiments: ExperimentsService): Promise<{ path: string; text: string }>;
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
  /** It is queued, and this could not be written of it; a sentence. */
  trouble?: string | undefined;
  seconds: number;
}

export interface LaunchRequest {
  preset: string;
  assignments: Record<string, string>;
  position?: number | undefined;
  hypothesis?: string | undefined;
  /** What should be seen. */
  expected?: string | undefined;
  parent?: string | undefined;
  /** A planned experiment that it is for. */
  experimentId?: string | undefined;
  /** The name of a new experiment; its job's id unless said. */
  name?: string | undefined;
  /** Words of its own may take the place of what was planned, which is kept in the notes. */
  replace?: boolean | undefined;
  /** Whose session it is in; the one in use unless said. */
  experiments?: ExperimentsService;
  person: Person;
}

export interface LaunchService {
  presets(): readonly Preset[];
  /** What would be passed on, defaults filled in. Launches nothing; errors as `launch`. */
  check(request: LaunchRequest): Record<string, string>;
  /** What a launch would pass on, defaults filled in, and the command as people read it. Errors `unknown-preset`, `bad-assignment`. */
  preview(
    preset: string,
    assignments: Readonly<Record<string, string>>,
  ): { assignments: Record<string, string>; command: string };
  /** What job was launched from: its preset and assignments; undefined when it was not launched from chat. */
  origin(
    key: JobKey,
  ): { preset: string; assignments: Record<string, string>; personId: PersonId } | undefined;
  /** Whether a job could be launched again as it was: its session is open, its preset declared and takes its settings. */
  canRetry(key: JobKey): boolean;
  /** What settings change against those that a job was launched from, in words; empty where that is not known. */
  changes(against: JobKey | undefined, assignments: Readonly<Record<string, string>>): string;
  /**
   * Checks everything, then launches. Errors `unknown-preset`, `bad-assignment`, `unknown-experiment`, `parent-loop`,
   * `not-planned`, `launch-under-way`, `plan-says`; what goes wrong later is an outcome `failed`, and once the queue has
   * taken the job it is `queued` whatever else happens. `onProgress` hears at once and whenever the launcher says something.
   */
  launch(request: LaunchRequest, onProgress: (outcome: LaunchOutcome) => void): Promise<LaunchOutcome>;
}

/** A run that another is measured against. */
export interface Reference {
  /** The experiment it was made from, or the session's best. */
  why: 'parent' | 'best';
  job: JobRecord;
}

/** Differences of two copies of code. */
export interface CodeDiff {
  /** Lines are null for a file that cannot be shown. */
  files: {
    path: string;
    kind: 'added' | 'removed' | 'changed';
    added: number | null;
    removed: number | null;
  }[];
  /** False where there are more files than are compared. */
  isWhole: boolean;
  /** A unified diff. */
  patch: string;
}

/** Runs beside one another. */
export interface RunsService {
  /** What a run is measured against, its parent first; the run itself is never among them. */
  references(job: Job): Reference[];
  /**
   * What its settings change against the first of those, and in how many files its code differs (null: unknown);
   * null without one, or without settings to compare.
   */
  changes(
    job: Job,
  ): Promise<{ against: Reference; changes: ConfigChange[]; codeFiles: number | null } | null>;
  /** The same between any two; words that say which settings are unknown and why, where some are. */
  changesBetween(from: Job, to: Job): Promise<{ changes: ConfigChange[] } | { unknown: string }>;
  /** A run's curve, with those of its references behind it. */
  measured(job: Job, series: Series): Promise<Curve[]>;
  /** A label for each run, telling them apart by what differs in their settings. */
  labels(jobs: readonly Job[]): Promise<string[]>;
  /** What differs in the code they were started with; null where one has no copy of it. */
  codeDiff(from: Job, to: Job): Promise<CodeDiff | null>;
  /** How the queue was used on the last days of the host's zone, today last. */
  usage(days: number): UsageChart['days'];
}

export interface KillService {
  /** Kills exactly this job, writes down who asked, and says which signal it took. */
  kill(key: JobKey, by: Doer, onSignal: (signal: string) => void): ReturnType<Queue['kill']>;
}

/** Changes of waiting jobs, each told as done by whoever asked for it. */
export interface EditsService {
  cancel(key: JobKey, by: Doer): Promise<MutationResult>;
  move(key: JobKey, position: number, by: Doer): Promise<MutationResult>;
}

export interface CausesService {
  /** Why a failed job failed, in one line; empty for any other. Read from its log once, and kept. */
  of(job: JobKey): Promise<string>;
  /**
   * What each of a session's rows says that its run showed: what stands in the log; where that are only a machine's words of
   * a failed run, its cause.
   */
  results(rows: readonly ExperimentRow[], experiments: ExperimentsService): Promise<string[]>;
}

/** What it came to to start, stop or restart the observer. Plain JSON. */
export interface ObserverOutcome {
  action: ObserverAction;
  done: boolean;
  /** Why it was not; a sentence. */
  reason: string;
  /** As it is now; null: there is none. */
  observer: Observer | null;
  /** Ids of the jobs that it ended. */
  ended: string[];
}

export interface ObserverControl {
  /** Writes down whose word ended what ran, and waits until a started observer reports. */
  control(request: ObserverRequest, by: Doer): Promise<ObserverOutcome>;
}

/** A TensorBoard on a port of the host's loopback. */
export interface TensorBoard {
  jobIds: string[];
  port: number;
  /** Epoch milliseconds. */
  since: number;
}

export interface TensorBoardsService {
  /** Serves these runs, or says where they are served already. Errors `no-tensorboard`, `tensorboard`, `tensorboards`. */
  open(jobs: readonly Job[]): Promise<TensorBoard>;
  /** How many there were. */
  stopAll(): Promise<number>;
}

/** Who hears privately of ends. */
export interface SubscriptionsService {
  /** `job` null: all of this person's own. Whether it is new. Error `no-direct-messages` at a door without them. */
  add(where: Asking, job: JobKey | null): boolean;
  /** Whether there was one. */
  remove(where: Asking, job: JobKey | null): boolean;
  of(person: PersonId): { adapter: string; job: JobKey | null }[];
}

/** Makes an account and a person one, with a code that is given at one door and used at another. */
export interface LinksService {
  /** A code, good once and for ten minutes. */
  begin(where: Asking): string;
  /** The code is given at another door; whoever began is asked there. Errors `link-code`, `link-nobody`, `link-same`. */
  claim(code: string, where: Asking): { first: string; person: PersonId };
  /** Whoever began says yes. Errors `link-code`, `link-unclaimed`. */
  confirm(code: string, where: Asking): { person: PersonId; platform: string; account: string };
  /** Takes apart what was linked at this door; whether it was. */
  remove(where: Asking): boolean;
}

/** Somebody at a door. */
export interface Asking {
  person: Person;
  adapter: string;
  account: { id: string; name: string } | undefined;
}

export interface HealthItem {
  name: string;
  ok: boolean;
  detail: string;
}

/** What a command may use; nothing else reaches it. */
export interface CommandContext {
  person: Person;
  /** Who is said to have done what the command does: the person, and whoever approved it. */
  doer: Doer;
  adapter: string;
  channel: string;
  /** The account they came by, at a door that has accounts of its own. */
  account: { id: string; name: string } | undefined;
  /** The message that the command is about, when a shortcut or a reaction gave it. */
  quoted: Quoted | undefined;
  /** The job whose thread the command was given in. */
  threadJob: Job | undefined;
  now: Clock;
  /** Says something in a job's thread wherever it is told of, but for one channel; a key is told once. */
  aboutJob(
    job: JobKey,
    key: string,
    message: Message,
    except: { adapter: string; channel: string } | null,
  ): void;
  /** Shows an answer that another will replace: data of the same shape as `run` returns. */
  progress(data: unknown): void;
  queue: Queue;
  jobs: JobsService;
  experiments: ExperimentsService;
  sessions: SessionsService;
  suggestions: SuggestService;
  reports: ReportsService;
  digests: DigestService;
  /** Lines of cells in the canonical CSV's form. */
  csv(lines: readonly (readonly string[])[]): string;
  metrics: MetricsService;
  charts: ChartService;
  runs: RunsService;
  analyses: { of(job: JobRecord): Promise<Analysis | null> };
  launches: LaunchService;
  kills: KillService;
  edits: EditsService;
  /** The one name of a person, whatever they are written as: their id, a Unix name, an account. */
  nameOf(person: string): string;
  causes: CausesService;
  observer: ObserverControl;
  gpus: GpusService;
  watches: WatchesService;
  tensorboards: TensorBoardsService;
  /** What the chat calls this host. */
  hostLabel: string;
  subscriptions: SubscriptionsService;
  links: LinksService;
  /** What agents have proposed. */
  approvals: ApprovalsService;
  /** Takes a text out of what the audit keeps of commands. */
  redactAudit(text: string): void;
  health(): HealthItem[];
  status(): Promise<QueueStatus>;
  /** Everything a job's card shows. */
  jobFacts(key: JobKey): Promise<JobFacts>;
  commands: readonly Command[];
  /** Keeps bytes in the file store under their content's name. */
  saveFile(bytes: Uint8Array, extension: string): Promise<FileRef>;
}
