import type { Suggestion, Suggestions } from '../core/suggestion.ts';
import { type Candidate, isSmall, type Ranked, singles } from './candidates.ts';
import { type DismissedWords, dismissedNear, launchable } from './choice.ts';
import { baseline, elsewhere } from './first.ts';
import { byGain, everything } from './gain.ts';
import { TURN_AFTER } from './history.ts';
import { type Unknown, unknowns } from './look.ts';
import { repeatOfBest } from './repeat.ts';
import { canonical } from './space.ts';
import { stopOf } from './stop.ts';
import { type Base, type Study, studyOf } from './study.ts';
import type { SuggestInput, Trial } from './types.ts';
import { explained, type Stage } from './words.ts';

/**
 * What to try next, the most promising first. Each option is looked at on both sides of its first value; then, depth
 * first, one at a time around the best run, where a smooth surface through all runs expects the most, with something added
 * for what is not known. After two runs in a row that improved nothing, an option that was not varied since; when each
 * was, two at once or a place far from all. After three, the target reached or the budget spent, which rule is met, and
 * whether to stop is advised. The same log gives the same suggestions, and no run is made twice.
 */
export function suggest(input: SuggestInput, count: number): Suggestions {
  const suggestions: Suggestion[] = [];
  let none: string | null = null;
  const now = studyOf(input);
  let trials = input.trials;
  while (suggestions.length < count && none === null) {
    const found = nextOf(suggestions.length === 0 ? now : studyOf({ ...input, trials }), input.trials);
    if (typeof found === 'string') none = found;
    else {
      suggestions.push(found);
      // A first run is waited for: what would come after it depends on its value.
      if (found.parent === null && count > suggestions.length) none = 'the rest follows from its value';
      trials = [...trials, imaginedOf(found, suggestions.length)];
    }
  }
  return { stop: stopOf(now, suggestions.length > 0), suggestions, none };
}

function imaginedOf({ settings }: Suggestion, number: number): Trial {
  return { id: `suggestion ${number}`, settings, value: null, status: 'planned', endedAt: null };
}

/** The next suggestion, or why there is none. `made`: runs of the log, without what was just suggested. */
function nextOf(study: Study, made: readonly Trial[]): Suggestion | string {
  const { base } = study;
  if (!base) {
    const isOpen = !study.isTaken(study.defaults) && !study.dismissedAs(study.defaults);
    return isOpen ? baseline(study) : elsewhere(study);
  }
  const repeat = repeatOfBest(study, base);
  if (repeat) return repeat;
  let aside: DismissedWords | undefined;
  for (const stage of stages(study, base)) {
    const { candidates, because } = stage;
    const ordered = because === null ? byGain(study, base, candidates) : inOrder(study, candidates);
    for (const ranked of ordered) {
      const choice = launchable(study, base, ranked);
      const dismissed = choice ? dismissedNear(study, base, choice) : undefined;
      aside ??= dismissed;
      if (choice && !dismissed) return explained(study, base, choice, stage, made, aside ?? null);
    }
  }
  if (study.axes.length === 0) {
    const kept = Object.keys(study.input.options).filter((key) => study.input.options[key]!.tune === false);
    const but = kept.length === 0 ? '' : `, except ${kept.join(', ')} (tune: false)`;
    return `the preset declares no number, choice or boolean to vary${but}`;
  }
  return isSmall(study.axes)
    ? 'everything the preset declares has been tried or dismissed'
    : 'what is left near the best was dismissed: "dismissed" lists it';
}

/** Candidates by what comes first. */
function* stages(study: Study, base: Base): Generator<Stage> {
  const { axes, dull } = study;
  const every = axes.map((_axis, index) => index);
  const unknown = unknowns(study, base);
  const isTurning = dull.runs.length >= TURN_AFTER;
  const varied = variedBy(study, base, isTurning ? dull.runs : []);

  const look = ({ index, steps, why }: Unknown): Stage => ({
    phase: varied.has(index) ? 'other side' : 'look',
    candidates: steps,
    because: why,
  });

  yield* unknown.filter(({ isHalf }) => isHalf).map(look);
  yield* unknown.filter(({ index }) => !varied.has(index)).map(look);
  if (isTurning) {
    const others = every.filter((index) => !varied.has(index));
    yield { phase: 'turn', candidates: singles(axes, base.places, others), because: null };
    yield* unknown.map(look);
  } else {
    yield { phase: 'depth', candidates: singles(axes, base.places, every), because: null };
  }
  yield { phase: 'anything', candidates: everything(study, base), because: null };
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

/** Candidates in their own order: nothing tells yet which is the better one. */
function inOrder({ surface }: Study, candidates: readonly Candidate[]): Ranked[] {
  return candidates.map((candidate) => ({ ...candidate, expectation: surface(candidate.places), gain: 0 }));
}
