import type { Suggestion, Suggestions } from '../core/suggestion.ts';
import {
  type Candidate,
  type Choice,
  farPlaces,
  isSmall,
  moderate,
  type Phase,
  pairs,
  type Ranked,
  singles,
} from './candidates.ts';
import { baseline, elsewhere } from './first.ts';
import { stopAdvice } from './history.ts';
import { repeatOfBest } from './repeat.ts';
import { canonical } from './space.ts';
import { type Base, type Places, type Study, studyOf } from './study.ts';
import { type Expectation, normal } from './surface.ts';
import type { SuggestInput, Trial } from './types.ts';
import { explained } from './words.ts';

/** After so many runs in a row that improved nothing: back to the best, and another option than those just tried. */
const TURN_AFTER = 2;
/** With fewer values than this a smooth surface knows nothing, and moderate steps come first. */
const MODERATE_UNTIL = 3;
/** What was put off sets this part of an option's range aside on both sides. */
const ASIDE = 1 / 8;

type PutOffWords = SuggestInput['putOff'][number];

/**
 * What to try next, the most promising first. Depth first: one option at a time around the best run, where a smooth
 * surface through all runs expects the most, with something added for what is not known. After two runs in a row
 * that improved nothing, an option that was not varied since; when each was, two at once or a place far from all.
 * After three, the target reached or the budget spent, the advice to stop. The same log gives the same suggestions,
 * and no run is made twice.
 */
export function suggest(input: SuggestInput, count: number): Suggestions {
  const suggestions: Suggestion[] = [];
  let none: string | null = null;
  let trials = input.trials;
  while (suggestions.length < count && none === null) {
    const found = nextOf(studyOf({ ...input, trials }), input.trials);
    if (typeof found === 'string') none = found;
    else {
      suggestions.push(found);
      // A first run is waited for: what would come after it depends on its value.
      if (found.parent === null && count > suggestions.length) none = 'the rest follows from its value';
      trials = [...trials, imaginedOf(found, suggestions.length)];
    }
  }
  return { stop: stopAdvice(input), suggestions, none };
}

function imaginedOf({ settings }: Suggestion, number: number): Trial {
  return { id: `suggestion ${number}`, settings, value: null, status: 'planned', endedAt: null };
}

/** The next suggestion, or why there is none. `made`: runs of the log, without what was just suggested. */
function nextOf(study: Study, made: readonly Trial[]): Suggestion | string {
  const { base } = study;
  if (!base) {
    const isOpen = !study.isTaken(study.defaults) && !study.putOffAs(study.defaults);
    return isOpen ? baseline(study) : elsewhere(study);
  }
  const repeat = repeatOfBest(study, base);
  if (repeat) return repeat;
  for (const [phase, candidates] of phases(study, base)) {
    let aside: PutOffWords | undefined;
    for (const ranked of byGain(study, base, candidates)) {
      const choice = launchable(study, base, ranked);
      const putOff = choice ? putOffNear(study, base, choice) : undefined;
      aside ??= putOff;
      if (choice && !putOff) return explained(study, base, choice, phase, made, aside ?? null);
    }
  }
  if (study.axes.length === 0) {
    const kept = Object.keys(study.input.options).filter((key) => study.input.options[key]!.tune === false);
    const but = kept.length === 0 ? '' : ` but ${kept.join(', ')}, declared not to be tuned (tune: false)`;
    return `the preset declares no number, choice or switch that could be varied${but}`;
  }
  return isSmall(study.axes)
    ? 'everything that the preset declares has been tried, or was put off'
    : 'what is left near the best was put off: "putoff" lists it';
}

/** Candidates by what comes first. */
function* phases(study: Study, base: Base): Generator<[Phase, Candidate[]]> {
  const { axes, dull, runs } = study;
  const every = axes.map((_axis, index) => index);
  if (dull.runs.length >= TURN_AFTER) {
    const varied = variedBy(study, base, dull.runs);
    const others = every.filter((index) => !varied.has(index));
    yield ['turn', singles(axes, base.places, others)];
  } else {
    if (runs.length < MODERATE_UNTIL) yield ['moderate', moderate(axes, base.places)];
    yield ['depth', singles(axes, base.places, every)];
  }
  yield [
    'anything',
    [
      ...singles(axes, base.places, every),
      ...pairs(axes, base.places),
      ...farPlaces(axes, base.places, runs.length),
    ],
  ];
}

/** Options in which one of these runs differs from the best. */
function variedBy(study: Study, base: Base, runs: readonly Trial[]): Set<number> {
  const { axes, valueAt, input } = study;
  const at = (trial: Trial, key: string) => {
    const text = valueAt(trial, key);
    return text === undefined ? undefined : canonical(input.options[key], text);
  };
  const varied = axes.flatMap(({ key }, index) =>
    runs.some((trial) => at(trial, key) !== at(base.run.trial, key)) ? [index] : [],
  );
  return new Set(varied);
}

/** Candidates with what is expected of them, the most to be gained first. */
function byGain({ surface, runs }: Study, base: Base, candidates: readonly Candidate[]): Ranked[] {
  const lowest = runs.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const from = Math.max(lowest, surface(base.places).mean);
  return candidates
    .map((candidate) => {
      const expectation = surface(candidate.places);
      return { ...candidate, expectation, gain: expectedGain(expectation, from) };
    })
    .sort((a, b) => b.gain - a.gain);
}

/** A candidate as it would be launched; null where it would be no run of its own. */
function launchable(study: Study, base: Base, ranked: Ranked): Choice | null {
  const settings = settingsAt(study, base, ranked.places, ranked.changed);
  const changed = ranked.changed.filter((index) => isOther(study, base, settings, index));
  return changed.length === 0 || study.isTaken(settings) ? null : { ...ranked, changed, settings };
}

/** The best's settings as they were written, but for the options that are varied: nothing changes by being rounded. */
function settingsAt(
  { axes }: Study,
  base: Base,
  places: Places,
  changed: readonly number[],
): Record<string, string> {
  const varied = changed.map((index) => [axes[index]!.key, axes[index]!.textAt(places[index]!)]);
  return { ...base.settings, ...Object.fromEntries(varied) } as Record<string, string>;
}

function isOther(
  { axes, input, valueAt }: Study,
  base: Base,
  settings: Readonly<Record<string, string>>,
  index: number,
): boolean {
  const { key } = axes[index]!;
  const before = base.settings[key] ?? valueAt({ ...base.run.trial, settings: base.settings }, key);
  const option = input.options[key];
  return before === undefined || canonical(option, settings[key]!) !== canonical(option, before);
}

/** What somebody put off that this is, or is near to in an option that it changes. */
function putOffNear(
  { axes, input, putOffAs }: Study,
  base: Base,
  { settings, changed }: Choice,
): PutOffWords | undefined {
  const keys = new Set(changed.map((index) => axes[index]!.key));
  const near = input.putOff.find(({ about, assignments }) => {
    if (about.length === 0 || !about.some((key) => keys.has(key))) return false;
    return about.every((key) => {
      const axis = axes.find((each) => each.key === key);
      const [here, there] = [settings[key] ?? base.settings[key], assignments[key]];
      const [a, b] = [axis?.placeOf(here) ?? null, axis?.placeOf(there) ?? null];
      if (!axis || a === null || b === null) return here === there;
      return axis.isCategory ? a === b : Math.abs(a - b) <= ASIDE;
    });
  });
  return near ?? putOffAs(settings);
}

/** The expected improvement (Mockus 1978) on `from`. */
function expectedGain({ mean, deviation }: Expectation, from: number): number {
  const ahead = (from - mean) / deviation;
  const density = Math.exp(-0.5 * ahead * ahead) / Math.sqrt(2 * Math.PI);
  return (from - mean) * normal(ahead) + deviation * density;
}
