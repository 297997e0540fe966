import type { z } from 'zod';
import type { Finding } from '../core/finding.ts';
import type { Log } from '../core/log.ts';
import type { Preset } from '../core/preset.ts';
import type { Marks, Queue, QueueCapability } from '../core/queue.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { Clock } from '../core/time.ts';

/** What a queue's settings may be completed from. */
export interface SettingsPlace {
  env: NodeJS.ProcessEnv;
  /** Folders of the environment's variables are relative to it. */
  cwd: string;
  /** That of xaxbot.yaml, to which its folders are relative. */
  folder: string;
  /** The bot's own data. */
  dataDir: string;
}

export interface QueueDeps {
  name: string;
  /** What child processes get. */
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Log;
}

/** What a look at whether a queue works is given. */
export interface CheckDeps {
  env: NodeJS.ProcessEnv;
  timeoutMs: number;
  /** Between SIGTERM and SIGKILL, as the settings ask for it. */
  killGraceMs: number;
  /** Hears what a queue has its jobs from, once that is known. */
  onMarks?(marks: Marks): void;
}

/**
 * A kind of queue: everything that the rest of the code asks of it by its name. Config, doctor, health and the
 * contract's tests take the kinds from the registry, and nothing else has to know of one.
 */
export interface QueueKind<S = unknown> {
  /** As `kind:` in xaxbot.yaml. */
  name: string;
  /** What its queues are, for people: "xax on this host". */
  summary: string;
  /** The optional members that its queues have; one over ssh has those of them that its host can be asked for. */
  capabilities: readonly QueueCapability[];
  /** The settings next to `name` and `kind` under `queues:`. */
  schema: z.ZodObject;
  /** Keys that other kinds have and this one cannot: what is wrong with each, and what to do instead. */
  refuses?: ReadonlyMap<string, string>;
  /** The settings as they hold, from what was written by that schema. Error `config`. */
  settings(written: Record<string, unknown>, queue: string, place: SettingsPlace): S;
  /** The folder that its queue is read from; null: none that must exist here first. */
  folder(settings: S): string | null;
  /** Where its queue is read from, if not from a folder here: two with the same are one. */
  whereElse?(settings: S): string | null;
  /** The rows of `doctor` for the set-up: name and state. */
  doctor(settings: S): [what: string, value: string][];
  /** Looks whether it works: changes nothing, and rejects with nothing. */
  check?(settings: S, deps: CheckDeps): Promise<Finding[]>;
  /** The same of presets that may be launched on it, at its own place and by what it needs of them. */
  checkPresets?(presets: readonly Preset[], settings: S, deps: CheckDeps): Promise<Finding[]>;
  /** Its health rows, each with a fix. */
  health(queue: Queue, settings: S): HealthItem[];
  /** Loads what the kind needs and makes its queue; nothing is started. */
  open(settings: S, deps: QueueDeps): Promise<Queue>;
}

/** A queue as the settings name it. */
export interface ConfiguredQueue {
  name: string;
  /** The settings name no queue: it is called as its host, or as it was when the database was made. */
  isUnnamed?: true;
  kind: QueueKind;
  /** The kind's own. */
  settings: unknown;
}

/** Gives a kind its types; the result fits any list of kinds. */
export function defineQueueKind<S>(kind: QueueKind<S>): QueueKind {
  return kind as QueueKind;
}
