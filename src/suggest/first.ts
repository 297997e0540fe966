import { changesText } from '../core/config-delta.ts';
import type { Suggestion } from '../core/suggestion.ts';
import { farPlaces, moderate } from './candidates.ts';
import { isPending } from './history.ts';
import type { Study } from './study.ts';

/** More ids than this are counted. */
const IDS_NAMED = 3;

/** The first run: what the preset says, and where it says nothing the task's own default. */
export function baseline({ defaults, input }: Study): Suggestion {
  const completed = input.trials.filter(({ status }) => status === 'completed').length;
  const isUnsaid = Object.keys(input.options).some((key) => defaults[key] === undefined);
  const others =
    completed === 0 ? '' : ` (${completed} ${completed === 1 ? 'run' : 'runs'} completed without one)`;
  return {
    settings: defaults,
    changes: [],
    parent: null,
    hypothesis: 'a baseline to measure the others against',
    expected: `a first value of ${input.metric}`,
    why: `no run of this preset has a value of ${input.metric} yet${others}${
      isUnsaid ? "; an option without a default is left to the task's own" : ''
    }`,
    rows: [],
  };
}

/**
 * The baseline was made, or is to be, and no run has a value: what is waited for, or another start where it failed.
 */
export function elsewhere(study: Study): Suggestion | string {
  const { input, axes, defaults } = study;
  const { trials, metric } = input;
  const pending = trials.filter(isPending);
  const none = `no run has a value of ${metric} yet`;
  if (pending.length > 0) {
    const [first] = pending;
    const words =
      pending.length === 1 ? `${first!.id} is ${first!.status}` : `${named(pending)} will give one`;
    const how = pending.every(({ status }) => status === 'planned')
      ? `: "queue experiment=${first!.id}"`
      : '';
    return `${none}, and ${words}${how}`;
  }
  const without = trials.filter(({ status, value }) => status === 'completed' && value === null);
  if (without.length > 0)
    return `${none}: ${named(without)} completed without one. "metrics" shows which metrics a run has`;

  const places = axes.map(({ key, placeOf }) => placeOf(study.valueAt({ settings: defaults }, key)));
  for (const { places: at, changed } of [...moderate(axes, places), ...farPlaces(axes, places, 0)]) {
    const varied = changed.map((index) => [axes[index]!.key, axes[index]!.textAt(at[index]!)] as const);
    const settings: Record<string, string> = { ...defaults, ...Object.fromEntries(varied) };
    if (study.isTaken(settings) || study.dismissedAs(settings)) continue;
    const changes = varied.map(([key, to]) => ({ key, from: defaults[key] ?? null, to }));
    const failed = trials.filter(({ status }) => status === 'failed' || status === 'cancelled');
    const tried = failed.length > 0 ? `${named(failed)} gave none` : 'its defaults were dismissed';
    return {
      settings,
      changes,
      parent: null,
      hypothesis: `${changesText(changes)} gives a baseline that works`,
      expected: `a first value of ${metric}`,
      why: `no run of this preset has a value of ${metric} yet: ${tried}`,
      rows: failed.slice(-IDS_NAMED).map(({ id }) => id),
    };
  }
  return `${none}, and every start that the preset allows has been tried`;
}

/** The latest ids, and how many there are. */
function named(trials: readonly { id: string }[]): string {
  const ids = trials.slice(-IDS_NAMED).map(({ id }) => id);
  return trials.length > ids.length
    ? `${ids.join(', ')} and ${trials.length - ids.length} more`
    : ids.join(', ');
}
