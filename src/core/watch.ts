import type { JobKey } from './job.ts';
import type { Chart } from './metrics.ts';

/** What a rule looks for. */
export const WATCH_CONDITIONS = [
  'nan',
  'above',
  'below',
  'diverged',
  'plateau',
  'stalled',
  'slow',
  'gpu-idle',
] as const;
export type WatchCondition = (typeof WATCH_CONDITIONS)[number];

/** Something a running job, or the idle host, is watched for. What a condition does not use is left out. */
export interface WatchRule {
  name: string;
  when: WatchCondition;
  /** The metric; the session's objective or the loss when absent, every metric for `nan`. */
  tag?: string | undefined;
  /** `above`, `below`: the threshold. `diverged`, `slow`: a ratio. `plateau`: the least relative gain. */
  value?: number | undefined;
  /** Points in a row, or the window that is looked at. */
  points?: number | undefined;
  /** `diverged`: standard deviations of the curve's own noise. */
  deviations?: number | undefined;
  /** `stalled`, `gpu-idle`: how long. */
  minutes?: number | undefined;
  /** Only jobs whose task key holds this. */
  task?: string | undefined;
}

/** Where a rule comes from. */
export type RuleOrigin = 'default' | 'settings' | 'chat';

export interface KnownRule {
  rule: WatchRule;
  origin: RuleOrigin;
  /** Who added it from chat. */
  by: string | null;
}

/** Somebody does not want to hear of a rule (null: of any), for a job (null: for all), until then. */
export interface Mute {
  rule: string | null;
  job: JobKey | null;
  /** Epoch milliseconds. */
  until: number;
  by: string;
}

/** A rule that fires now. */
export interface Episode {
  rule: string;
  /** null: about the host. */
  job: JobKey | null;
  /** Epoch milliseconds. */
  since: number;
  words: string;
}

/** What there is to say of an episode. */
export interface WatchNews {
  rule: WatchRule;
  job: JobKey | null;
  words: string;
  /** Epoch milliseconds; `over`: the condition is over. */
  since: number;
  over: boolean;
  chart: Chart | null;
}

export interface WatchesService {
  rules(): KnownRule[];
  /** Error `watch-exists` for a name that is taken. */
  add(rule: WatchRule, by: string): void;
  /** Error `unknown-watch`; one of the settings or the defaults is muted, not removed: error `watch-fixed`. */
  remove(name: string): void;
  /** Error `unknown-watch`. */
  mute(mute: Mute): void;
  /** Whether there was one. */
  unmute(rule: string | null, job: JobKey | null): boolean;
  /** Those that hold now. */
  mutes(): Mute[];
  firing(): Episode[];
}
