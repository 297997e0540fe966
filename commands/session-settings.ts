import { BotError } from '../src/core/errors.ts';
import type { Budget, Objective, SessionInfo, SessionSettings } from '../src/core/experiment.ts';

/** The given settings of a session; `none` removes a target or a part of the budget. */
export interface GivenSettings {
  metric?: string | undefined;
  mode?: 'min' | 'max' | undefined;
  take?: Objective['take'];
  points?: number | undefined;
  target?: string | undefined;
  runs?: string | undefined;
  hours?: string | undefined;
  until?: string | undefined;
  owner?: string | undefined;
}

type Before = Pick<SessionInfo, 'objective' | 'budget' | 'target'>;

/**
 * The given settings over the existing ones. A target for another metric or direction is meaningless, and is dropped
 * unless a new one is given. `now`: epoch milliseconds. Error `bad-option`.
 */
export function settingsFrom(given: GivenSettings, before: Before, now: number): SessionSettings {
  const settings: SessionSettings = {};
  const objective = objectiveFrom(given, before.objective);
  if (objective) settings.objective = objective;
  if (given.target !== undefined)
    settings.target = isNone(given.target) ? null : numberOf('target', given.target, () => true, 'a number');
  else if (objective && before.target !== null && !isSameGoal(objective, before.objective))
    settings.target = null;
  if (given.owner !== undefined) settings.owner = given.owner;
  const budget = budgetFrom(given, before.budget, now);
  if (budget) settings.budget = budget;
  return settings;
}

/** The complete objective; undefined when no part of it was given. */
function objectiveFrom(
  { metric, mode, take, points }: GivenSettings,
  before: Objective | null,
): Objective | undefined {
  if (metric === undefined && mode === undefined && take === undefined && points === undefined)
    return undefined;
  const known = metric === undefined || metric === before?.metric ? before : null;
  const whole = { ...known, ...present({ metric, mode, take, points }) };
  if (whole.metric === undefined || whole.mode === undefined)
    throw bad(
      whole.metric === undefined ? 'metric' : 'mode',
      `${whole.metric === undefined ? 'metric' : 'mode'} is missing: an objective needs a metric and a mode.`,
      'For example "metric=value/loss mode=min".',
    );
  if (whole.take === 'mean') return whole as Objective;
  if (points !== undefined)
    throw bad('points', `points is for take=mean, and take is ${whole.take ?? 'last'}.`, 'Add take=mean.');
  const { points: _, ...rest } = whole;
  return rest as Objective;
}

/** The complete budget; undefined when no part of it was given. */
function budgetFrom({ runs, hours, until }: GivenSettings, before: Budget, now: number): Budget | undefined {
  if (runs === undefined && hours === undefined && until === undefined) return undefined;
  const budget = { ...before };
  const set = (part: keyof Budget, text: string | undefined, read: (text: string) => number) => {
    if (text === undefined) return;
    if (isNone(text)) delete budget[part];
    else budget[part] = read(text);
  };
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
  set('runs', runs, (text) => numberOf('runs', text, isCount, 'a whole number from 1'));
  set('hours', hours, (text) => numberOf('hours', text, (value) => value > 0, 'a number above 0'));
  set('until', until, (text) => instantOf(text, now));
  return budget;
}

function isNone(text: string): boolean {
  return text === '' || text.toLowerCase() === 'none';
}

function numberOf(name: string, text: string, accepts: (value: number) => boolean, what: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && accepts(value)) return value;
  throw bad(name, `${name} is "${text}"; accepted: ${what}, or none.`, 'Nothing was changed.');
}

function instantOf(text: string, now: number): number {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isFinite(at))
    throw bad('until', `until is "${text}".`, 'Give a date or time, e.g. 2026-12-24, or none.');
  if (at <= now)
    throw bad('until', `until is "${text}", which is in the past.`, 'Give a future date or time, or none.');
  return at;
}

function isSameGoal(a: Objective, b: Objective | null): boolean {
  return a.metric === b?.metric && a.mode === b.mode;
}

function bad(option: string, message: string, hint: string): BotError {
  return new BotError('bad-option', message, hint, option);
}

function present<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
