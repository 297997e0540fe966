import type { Stop } from '../core/suggestion.ts';
import { isOpen } from './choice.ts';
import { byGain, everything } from './gain.ts';
import { rowOf, short } from './history.ts';
import { unknowns } from './look.ts';
import type { Study } from './study.ts';

/** After so many runs in a row that improved nothing the rule to stop is met. */
const STOP_AFTER = 3;
/** A run of which no more is expected than this part of what the runs have spanned is worth little. */
const LITTLE = 0.005;

/**
 * The rule to stop that is met, if one is: the target reached, a budget spent, or three runs in a row that improved
 * nothing. Under noise the last one is met often, so that whether to stop is advised goes by what is left to gain.
 * `isMore`: there is something that was not tried.
 */
export function stopOf(study: Study, isMore: boolean): Stop | null {
  const { input, dull } = study;
  const { target, mode, spent, best, noise } = input;
  if (target !== null && best && (mode === 'min' ? best.value <= target : best.value >= target))
    return {
      why: `the target ${target} is reached: ${best.id} has ${short(best.value)}`,
      rows: [best.id],
      isAdvised: true,
      advice: 'the goal is reached',
    };
  if (spent !== null) return { why: spent, rows: [], isAdvised: true, advice: 'nothing is left to spend' };
  const { runs, reference } = dull;
  if (runs.length < STOP_AFTER) return null;
  const by = noise === null ? '' : ` by more than the noise (${short(noise)})`;
  const on = reference
    ? `did not improve on ${reference.id} (${short(reference.value!)})${by}`
    : 'gave no value';
  return {
    why: `the last ${runs.length} runs ${on}: ${rowOf(runs)}`,
    rows: [...runs.map(({ id }) => id), ...(reference ? [reference.id] : [])],
    ...(isMore ? leftToGain(study) : { isAdvised: true, advice: 'nothing is left to try' }),
  };
}

/** Whether the remaining candidates are worth a run. */
function leftToGain(study: Study): Pick<Stop, 'isAdvised' | 'advice'> {
  const { base, runs, input } = study;
  if (!base) return { isAdvised: true, advice: 'find out why no run gives a value before you make more' };
  const unknown = unknowns(study, base).find(({ steps }) => steps.some((step) => isOpen(study, base, step)));
  if (unknown) return { isAdvised: false, advice: `${unknown.why} yet` };
  const worst = runs.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const span = runs.reduce((most, { value }) => Math.max(most, worst - value), 0);
  if (span === 0) return { isAdvised: true, advice: `every run has the same ${input.metric}` };
  const candidates = everything(study, base).filter((each) => isOpen(study, base, each));
  const gains = study.plausible.map((surface) => {
    return byGain({ ...study, surface }, base, candidates)[0]?.gain ?? 0;
  });
  const gain = Math.max(...gains);
  const part = gain / span;
  const much = `${short(gain)}, ${percent(part)} of the range of the ${runs.length} runs (${short(span)})`;
  return part <= LITTLE
    ? { isAdvised: true, advice: `no run left to try is expected to improve by more than ${much}` }
    : { isAdvised: false, advice: `the next run is expected to improve by up to ${much}` };
}

function percent(part: number): string {
  return `${short(Number((part * 100).toPrecision(2)))}%`;
}
