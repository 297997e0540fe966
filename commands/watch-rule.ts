import { clip } from '../src/core/clip.ts';
import { BotError } from '../src/core/errors.ts';
import type { Objective } from '../src/core/experiment.ts';
import { directionOf } from '../src/core/series.ts';
import { WATCH_CONDITIONS, WATCH_DEFAULTS, type WatchCondition, type WatchRule } from '../src/core/watch.ts';

export interface RuleOptions {
  tag?: string | undefined;
  value?: number | undefined;
  points?: number | undefined;
  minutes?: number | undefined;
  deviations?: number | undefined;
  mode?: 'min' | 'max' | undefined;
  task?: string | undefined;
  name?: string | undefined;
}

/** The rule that `watch add` declares; a number in the metric's place is the value. Error `bad-option`. */
export function ruleFrom(when: string, given: RuleOptions, objective: Objective | null): WatchRule {
  const condition = WATCH_CONDITIONS.find((each) => each === when.toLowerCase());
  if (!condition)
    throw new BotError(
      'bad-option',
      `rule is "${when}"; accepted for add: one of ${WATCH_CONDITIONS.join(', ')}.`,
      'Nothing was changed.',
      'rule',
    );
  const isNumber = given.value === undefined && given.tag !== undefined && Number.isFinite(Number(given.tag));
  const number = isNumber ? Number(given.tag) : given.value;
  const tag = isNumber ? undefined : given.tag;
  // `watch add stalled 60`: the number of a condition that knows only a time is that.
  const isTime = WATCH_DEFAULTS[condition].minutes !== undefined && given.minutes === undefined;
  const [value, minutes] = isTime ? [undefined, number] : [number, given.minutes];
  const { points, deviations, mode, task } = given;
  const rule = { when: condition, tag, value, deviations, points, minutes, mode, task };
  if (
    (condition === 'diverged' || condition === 'plateau') &&
    tag !== undefined &&
    mode === undefined &&
    directionOf(tag, objective) === null
  )
    throw new BotError(
      'bad-option',
      `mode is missing: is lower or higher ${clip(tag, 60)} better?`,
      `For example "watch add ${condition} ${clip(tag, 60)} mode=max".`,
      'mode',
    );
  return { name: given.name ?? nameOf(condition, tag, task), ...rule };
}

function nameOf(condition: WatchCondition, ...parts: (string | undefined)[]): string {
  return [condition, ...parts.filter((part) => part !== undefined)]
    .join('-')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
}
