import type { AskedReservation, KnownReservation } from './gpus.ts';
import type { Job, JobKey, JobMeant } from './job.ts';
import type { Resources } from './resources.ts';

/** The process that runs the queue's jobs, as it tells of itself. Times are epoch seconds. */
export interface Observer {
  pid: number;
  hostname: string;
  startedAt: number;
  updatedAt: number;
  status: string;
  /** Its heartbeat is fresh. */
  active: boolean;
}

/** Jobs by their ids, as a map has them. A queue may make each when it is asked for: whoever needs few asks for those. */
export interface Jobs {
  readonly size: number;
  get(jobId: string): Job | undefined;
  has(jobId: string): boolean;
  keys(): Iterable<string>;
  values(): Iterable<Job>;
}

/** A queue at one moment. `jobs` is live: it belongs to the queue and changes with the next snapshot. */
export interface Snapshot {
  queue: string;
  jobs: Jobs;
  /** Ids of the waiting jobs, first to run first. */
  order: readonly string[];
  /** Ids of the running jobs. */
  running: readonly string[];
  observer: Observer | null;
  /** The number that the next job gets: it goes back only when the state was reset or restored. null: unknown. */
  nextIndex: number | null;
  /** There is no state (yet, or for a moment): nothing is known of any job. */
  isAbsent: boolean;
  /** It keeps what ended for a while only: that a job which had ended is no longer in it says nothing. */
  forgets?: true;
  /** When a scheduler that runs the queue itself expects what waits to start, by id, epoch seconds; nobody else can tell then. */
  startsAt?: ReadonlyMap<string, number>;
  /** When this was read, epoch milliseconds. */
  readAt: number;
}

/** What a new snapshot brings over the one before. The first one after a start names every job as changed. */
export interface SnapshotChange {
  snapshot: Snapshot;
  /** Jobs that are new or differ in any field. */
  changed: readonly Job[];
  /** Jobs that the queue no longer knows. */
  removed: readonly Job[];
  orderChanged: boolean;
  observerChanged: boolean;
}

/**
 * What a queue has its jobs from: by marks that nothing else has, however the settings spell it, what each stands for, in words. Two
 * queues with one in common have the same jobs.
 */
export type Marks = ReadonlyMap<string, string>;

export type QueueHealth =
  /** `caution`: what it was asked for and cannot show or do, in sentences. */
  | { ok: true; lastReadAt: number | null; caution?: string }
  | { ok: false; problem: string; since: number; lastReadAt: number | null };

export interface KillOptions {
  /** How long it may take to end by itself after SIGTERM, milliseconds. */
  graceMs: number;
  /** It got SIGTERM before, and does not get it again: what is left of the grace period is waited for. */
  hasTerm?: boolean;
  /** Hears of each signal right before it is sent; what it returns is called where it could not be sent. */
  beforeSignal?: (signal: KillSignal) => () => void;
  /** Hears of each as it was sent. */
  onSignal?: (signal: KillSignal) => void;
  /** Nothing more is sent or waited for once it is aborted. */
  abort?: AbortSignal;
}

/**
 * The named job was changed, or nothing was: `reason` says why in words for the person who asked. `isUnknown`: the host was lost
 * meanwhile, and nobody knows which. `caution`: what may have come between the check and the change, in words for the same person.
 */
export type MutationResult =
  | { done: true; caution?: string }
  | { done: false; reason: string; isUnknown?: true };

export type KillSignal = 'SIGTERM' | 'SIGKILL';
/** `isUnknown`: a signal was sent, or may have been, and the job has not been seen to end: it may yet. */
export type KillResult =
  | { done: true; endedBy: KillSignal; waitedMs: number }
  | { done: false; reason: string; isUnknown?: true };

/** `hold`: it does not start until it is released. `requeue`: it is put back into the queue, which ends it if it runs. */
export const STEER_ACTIONS = ['hold', 'release', 'requeue'] as const;
export type SteerAction = (typeof STEER_ACTIONS)[number];

export type ObserverAction = 'start' | 'stop' | 'restart';

export interface ObserverRequest {
  action: ObserverAction;
  /** What it keeps for its jobs from now on; a restart keeps what it had where this is absent. */
  gpus?: AskedReservation;
  /** The jobs that this may end; while another one runs, nothing is done. */
  mayEnd: readonly JobKey[];
}

/** `reason` is a sentence, for the person who asked. */
export type ObserverResult = { done: true } | { done: false; reason: string };

export interface LaunchRequest {
  /** The program and its fixed arguments, e.g. `["python", "-m", "examples.toy"]`. Never a shell line. `~` is a home of the queue's host. */
  argv: readonly string[];
  /** The project's folder on the queue's host, which `~` may begin. */
  cwd: string;
  /** `key=value` arguments, already checked; each value is a scalar of YAML 1.1, as xax reads it. */
  assignments: Readonly<Record<string, string>>;
  /** 1-based place in the queue; at the end when absent. */
  position?: number;
  /** What it is to be given, where a scheduler runs the queue. */
  resources?: Resources | undefined;
}

/**
 * How long a launcher may take, milliseconds: submitting takes 5 to 10 s; cold imports on a shared disk take minutes.
 */
export const LAUNCH_MAX_MS = 10 * 60_000;

export type LaunchResult =
  | { done: true; job: { jobId: string; enqueuedAt: number | null; runDir: string | null } }
  | { done: false; reason: string; lastLines: string[] };

export interface JobLogTail {
  /** Plain text: ANSI, box drawing and carriage returns are gone. */
  lines: string[];
  /** More stands before the first line. */
  truncated: boolean;
  /** Where the first line begins, bytes from the file's beginning. */
  from: number;
  /** The place behind its last whole line, from which what is added can be read. */
  next: LogPlace;
  /** What the last of `lines` is: whether its end is still to be written. */
  isUnended: boolean;
  /** Path of the file, for the reader's eyes only. */
  path: string;
}

/** A place in a log: so many bytes from the beginning of a file, which another one may stand in the place of by now. */
export interface LogPlace {
  inode: number;
  at: number;
}

/** What was added to a log after a place in it. */
export interface JobLogNews extends Pick<JobLogTail, 'lines' | 'next' | 'path'> {
  /** What stands behind the last whole line so far: a progress bar; empty where there is nothing, or more to read first. */
  unended: string;
  /** Nothing more has been written so far. */
  isAll: boolean;
  /** It was read from its beginning, since it is shorter than it was or another file; null: it goes on where it was. */
  begunAnew: 'shorter' | 'another' | null;
}

export type JobLogKind = 'observer' | 'task';

/** What differs when a file was written to, or is another one. */
export interface FileState {
  size: number;
  mtimeMs: number;
  inode: number;
}

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'link' | 'other';
}

/** Reads below one run's folder only; symlinks that lead out are refused. Paths are relative, with `/`. */
export interface RunFiles {
  /** Whether the folder is there. */
  exists(): Promise<boolean>;
  list(folder: string): Promise<string[]>;
  /** The names in a folder with what each is, a link by itself; no more than `most`. None where there is no such folder. */
  entries(folder: string, most: number): Promise<FolderEntry[]>;
  /** When a name last came into a folder or left it, epoch milliseconds; null where there is no such folder. */
  changedAt(folder: string): Promise<number | null>;
  /** Whether it is a symlink itself, wherever that leads. */
  isLink(path: string): Promise<boolean>;
  stat(path: string): Promise<FileState | null>;
  /**
   * Bytes [start, end) as far as they exist. Error `run-file` when it cannot be read. `into`: where they may be put, if there is room
   * for them.
   */
  read(path: string, start: number, end: number, into?: Buffer): Promise<Buffer>;
  /** The same of several parts, for the cost of one opening. */
  readParts(path: string, parts: readonly FilePart[]): Promise<Buffer[]>;
}

/** Bytes of a file. */
export type FilePart = readonly [start: number, end: number];

/** A program to be run: an argument list, never a shell line, and its whole environment. */
export interface Program {
  argv: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** What a queue may be able to do beyond what every queue can; the names are those of its optional members. */
export const QUEUE_CAPABILITIES = ['launch', 'move', 'steer', 'observer', 'gpus', 'tensorboard'] as const;
export type QueueCapability = (typeof QUEUE_CAPABILITIES)[number];

/** The process that runs the jobs, where it can be steered. */
export interface QueueObserver {
  /** It can be started, as well as stopped, from here. */
  canStart: boolean;
  /**
   * Starts, stops or restarts the process that runs the jobs; each ends a job that runs. Done means that
   * the queue's own command said so: whether an observer is active shows in the snapshot, after some seconds.
   */
  control(request: ObserverRequest): Promise<ObserverResult>;
  /** Why that would be refused now, in a sentence; null: it would be tried. */
  refusal(request: ObserverRequest): Promise<string | null>;
}

/** The GPUs of this host, where the queue's jobs run on it. */
export interface QueueGpus {
  /** What it keeps for its jobs: as set for its service, then what the running observer holds where that differs. */
  reservations(): Promise<KnownReservation[]>;
}

/**
 * A queue of training jobs: xax on this host, a simulated one. Changes name a job by its whole key and touch exactly
 * that one or nothing; they resolve with a reason instead of throwing when the queue refuses.
 */
export interface Queue {
  readonly name: string;
  /** Its kind's name in the registry. */
  readonly kind: string;
  readonly simulated: boolean;
  /** It is no queue of the settings, but what runs without one: where there is one queue beside it, there is still one. */
  readonly beside?: true;
  /**
   * Reads the queue and follows it; `listener` gets the first snapshot before this resolves, if there is one. `known`: what it
   * was told to hold before and had not ended then, for a queue that forgets what ended.
   */
  start(listener: (change: SnapshotChange) => void, known?: readonly Job[]): Promise<void>;
  stop(): Promise<void>;
  /** The last good snapshot; undefined before the first. */
  snapshot(): Snapshot | undefined;
  /** Reads now instead of at the next change, and tells the listener. */
  refresh(): Promise<void>;
  health(): QueueHealth;
  /** Of an array also one task alone, where one is meant. */
  cancel(job: JobMeant): Promise<MutationResult>;
  /** SIGTERM, then SIGKILL after the grace period. */
  kill(job: JobMeant, options: KillOptions): Promise<KillResult>;
  /** The last lines, or the last before a byte of the file. Error `no-log` when there is none yet. */
  readJobLog(job: Job, kind: JobLogKind, lines: number, before?: number): Promise<JobLogTail>;
  /** The first lines after a place. Error `no-log` when it is gone. */
  readJobLogNews(job: Job, kind: JobLogKind, lines: number, after: LogPlace): Promise<JobLogNews>;
  runFiles(job: Job): RunFiles;
  /** Where its jobs write their metrics, as somebody declared it: from each one's working folder, `*` for any part of a name. */
  readonly runsIn?: string | undefined;
  /** Reads below another folder that a job writes to. Error `run-file` where that is neither the job's owner's nor this bot's. */
  filesIn(job: Job, folder: string): RunFiles;
  /** The folder that a running job's program was started in; null where nobody can tell. */
  workingFolderOf(job: Job): Promise<string | null>;
  /** The Unix name of whoever owns the job's run folder, or null. */
  ownerOf(job: Job): Promise<string | null>;
  /** Whether a process of this host is the queue's: of a running job, or of what runs its jobs. */
  ownsProcess(pid: number): boolean;

  /** What it has its jobs from; null: it was not reached yet. Absent: from nothing that another could have too. */
  marks?(): Promise<Marks | null>;
  /** Words of a preset with the homes that they begin with, `~` and `~NAME`, as its own host has them; absent: it reads none. */
  placed?(words: readonly string[]): Promise<string[]>;
  /** `onLine` hears what the launcher says while it works. */
  launch?(request: LaunchRequest, onLine: (line: string) => void): Promise<LaunchResult>;
  /**
   * When a scheduler would start one more job that is given these, epoch seconds; `refused`: it would not take it; null: nobody
   * knows. Absent: that follows from what waits and what runs.
   */
  startOf?(resources: Resources | undefined): Promise<number | 'refused' | null>;
  /** What somebody would type to queue the same by hand, from a program's words as a shell takes them; absent: as xax's launcher does. */
  commandFor?(words: string, resources: Resources | undefined): string;
  /** `position` is 1-based; one past the end is refused. */
  move?(job: JobKey, position: number): Promise<MutationResult>;
  /** The command line by which a person starts what runs its jobs, where that does not always run: `xax queue start`. */
  readonly startedBy?: string;
  /** What a scheduler lets its users do with their jobs beyond ending and moving them. */
  steer?(job: JobKey, action: SteerAction): Promise<MutationResult>;
  readonly observer?: QueueObserver;
  readonly gpus?: QueueGpus;
  /** The program that serves these jobs' metrics on a port of this host; undefined where there is none. */
  tensorboard?(jobIds: readonly string[], port: number): Program | undefined;
}

/** A queue that is known to have a capability. */
export type QueueWith<C extends QueueCapability> = Queue & Required<Pick<Queue, C>>;
