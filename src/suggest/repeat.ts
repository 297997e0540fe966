import { changesText, isSeed } from '../core/config-delta.ts';
import type { Suggestion } from '../core/suggestion.ts';
import { short } from './history.ts';
import { nameOf, numberOf, SIGNIFICANT_DIGITS } from './space.ts';
import type { Base, Study } from './study.ts';

/** With so many values the best of them may be the luckiest. */
const LUCK_FROM = 3;

/**
 * The best run once more with another seed, where nothing says yet what a seed makes: once, since after it the noise
 * is known. Null where the preset has no seed, the best was repeated, or the repeat was put off.
 */
export function repeatOfBest({ input, runs, valueAt }: Study, base: Base): Suggestion | null {
  const { options, trials, dismissed, noise } = input;
  const { trial } = base.run;
  const key = Object.keys(options).find(
    (each) => isSeed(each) && ['integer', 'number'].includes(options[each]!.type),
  );
  if (noise !== null || runs.length < LUCK_FROM || key === undefined || base.mended.length > 0) return null;
  const name = (settings: Readonly<Record<string, string>>) =>
    nameOf(options, settings, { seeds: false, digits: SIGNIFICANT_DIGITS });
  const own = name(trial.settings);
  const isRepeated = trials.filter(({ settings }) => name(settings) === own).length > 1;
  if (isRepeated || dismissed.some(({ assignments }) => name(assignments) === own)) return null;

  const { min = 0, max = Number.POSITIVE_INFINITY } = options[key]!;
  const before = valueAt(trial, key);
  const last = numberOf(before) ?? Math.ceil(min);
  const seed = last + 1 <= max ? last + 1 : last - 1;
  if (seed < min) return null;
  const changes = [{ key, from: before ?? null, to: String(seed) }];
  return {
    settings: { ...base.settings, [key]: String(seed) },
    changes,
    parent: trial.id,
    hypothesis: `${changesText(changes)}: ${trial.id} (${short(trial.value!)}) is the best by more than luck`,
    expected: `about ${short(trial.value!)} again; the difference shows the seed noise`,
    why: `${trial.id} is the best of ${runs.length} runs, none of which was repeated: one value may be luck, and while the noise is unknown no difference is certain`,
    rows: [trial.id],
  };
}
