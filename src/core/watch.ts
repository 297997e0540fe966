import type { JobKey } from './job.ts';
import type { Chart } from './metrics.ts';
import type { Person } from './person.ts';

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
  'gpu-taken',
] as const;
export type WatchCondition = (typeof WATCH_CONDITIONS)[number];

/** What else a rule of each condition may say. */
const SETTINGS: Record<WatchCondition, readonly WatchSetting[]> = {
  nan: ['tag', 'points'],
  above: ['tag', 'value', 'points'],
  below: ['tag', 'value', 'points'],
  diverged: ['tag', 'value', 'deviations', 'points', 'mode'],
  plateau: ['tag', 'value', 'points', 'mode'],
  stalled: ['minutes'],
  slow: ['value', 'points'],
  'gpu-idle': ['minutes'],
  'gpu-taken': ['minutes'],
};
const ALL_SETTINGS = ['tag', 'value', 'deviations', 'points', 'minutes', 'mode'] as const;
type WatchSetting = (typeof ALL_SETTINGS)[number];

/** What a rule of each condition means where it does not say. */
export const WATCH_DEFAULTS: Record<
  WatchCondition,
  Pick<WatchRule, 'value' | 'points' | 'deviations' | 'minutes'>
> = {
  nan: { points: 1 },
  above: { points: 3 },
  below: { points: 3 },
  // Twice as bad and far outside of the noise, at once; DIVERGED_LASTING is what tells less.
  diverged: { value: 2, deviations: 6, points: 10 },
  plateau: { value: 0.001, points: 200 },
  // The first steps compile and the last save; xax logs a point every 10 s (tensorboard_log_interval_seconds of 0.4.9).
  stalled: { minutes: 20 },
  slow: { value: 2, points: 20 },
  'gpu-idle': { minutes: 30 },
  // Whoever only tried whether a program finds its GPU is gone by then.
  'gpu-taken': { minutes: 2 },
};

/**
 * What `diverged` holds for as well where a rule names no measure of its own: less far off, for longer. Of 5,000 points
 * of noise, also such as wanders, it finds none, and of a loss that stays 5 spreads off all (`npm run bench noise`).
 */
export const DIVERGED_LASTING = { points: 40, deviations: 2.8 } as const;

export function mayLast({ when, value, deviations, points }: WatchRule): boolean {
  return when === 'diverged' && [value, deviations, points].every((each) => each === undefined);
}

/** Conditions of the host, not of a run. */
export const HOST_CONDITIONS: readonly WatchCondition[] = ['gpu-idle', 'gpu-taken'];

/** `all` stands for every watch where one is muted; the other is what a preset's `kill_on_nan` is told as. */
export const KILL_ON_NAN = 'kill-on-nan';
const RESERVED_NAMES: readonly string[] = ['all', KILL_ON_NAN];

/** What a rule looks for with everything it means; of `diverged` one measure alone where it names one alone. */
export function wholeRule(rule: WatchRule): WatchRule {
  const given = Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
  const defaults = { ...WATCH_DEFAULTS[rule.when] };
  if (rule.when === 'diverged' && (rule.value === undefined) !== (rule.deviations === undefined)) {
    delete defaults.value;
    delete defaults.deviations;
  }
  return { ...defaults, ...given } as WatchRule;
}

/** What is wrong with a rule: the setting and the words; undefined for a sound one. */
export function ruleProblem(rule: WatchRule): { setting: keyof WatchRule; words: string } | undefined {
  const { name, when, value } = rule;
  if (RESERVED_NAMES.includes(name))
    return { setting: 'name', words: `"${name}" is a reserved word; choose another name` };
  const needless = ALL_SETTINGS.find((each) => rule[each] !== undefined && !SETTINGS[when].includes(each));
  if (needless)
    return {
      setting: needless,
      words: `does not apply to ${when}, which takes ${SETTINGS[when].join(', ')} and task`,
    };
  if ((when === 'above' || when === 'below') && value === undefined)
    return { setting: 'value', words: `is missing: ${when} what?` };
  if ((when === 'slow' || when === 'diverged') && value !== undefined && value <= 1)
    return { setting: 'value', words: `is ${value}; a ratio above 1 is accepted` };
  if (rule.minutes !== undefined && !(rule.minutes >= 1))
    return { setting: 'minutes', words: `is ${rule.minutes}; 1 or more is accepted` };
  if (when === 'plateau' && value !== undefined && value < 0)
    return { setting: 'value', words: `is ${value}; a relative gain of 0 or more is accepted` };
  return undefined;
}

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
  /** `diverged`: spreads of the curve about its level, its slow wander among them. */
  deviations?: number | undefined;
  /** `stalled`, `gpu-idle`, `gpu-taken`: how long. */
  minutes?: number | undefined;
  /** `diverged`, `plateau`: whether less or more is better, where neither the objective nor the name tells. */
  mode?: 'min' | 'max' | undefined;
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

/** A rule for one job that ends it when it fires: what a preset's `kill_on_nan` asks for. */
export interface KillRule extends WatchRule {
  kills: true;
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
  /** Errors `watch-rule`, `watch-exists` for a name that is taken. */
  mustBeNew(rule: WatchRule): void;
  /** One with the name of a default takes its place. Errors as `mustBeNew`. */
  add(rule: WatchRule, by: string): void;
  /** Error `unknown-watch`. */
  mustBeKnown(name: string): void;
  /** Error `unknown-watch`; one of the settings or the defaults is muted, not removed: error `watch-fixed`. */
  mustBeRemovable(name: string): void;
  /** Errors as `mustBeRemovable`. */
  remove(name: string): void;
  /** Error `unknown-watch`. */
  mute(mute: Mute): void;
  /** Whether there was one. */
  unmute(rule: string | null, job: JobKey | null): boolean;
  /** Those that hold now. */
  mutes(): Mute[];
  firing(): Episode[];
}

/** In whose name a watch kills. */
export const WATCHER: Person = { id: 'xaxbot', name: 'xaxbot', role: 'operator' };
