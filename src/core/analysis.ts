import type { ObjectiveMode } from './experiment.ts';
import { type SeedSpread, studentFactor } from './noise.ts';

/** What a run's value says beside another's, proposed to the people who judge. */
export const READINGS = ['improved', 'no clear change', 'worse', 'failed', 'not comparable'] as const;
export type Reading = (typeof READINGS)[number];

/** A run and its repeats, as far as they are judged by numbers. */
export interface Outcome {
  experimentId: string;
  /** As the log has it. */
  status: string;
  /** The objective's value; the mean over the repeats where there are any. Null: there is none. */
  value: number | null;
  /** How many runs the value is the mean of: those that differ in nothing but seeds. */
  runs: number;
  /** Standard deviation of the value by the end of its own curve; null: unknown, as of few points. */
  jitter: number | null;
  /** Its last step; null: unknown. */
  steps: number | null;
}

/** What a difference is held against: the spread of repeated runs, else the jitter of the curves. */
export type NoiseSource = 'repeats' | 'curves';

export interface Difference {
  why: 'parent' | 'best';
  experimentId: string;
  value: number;
  /** How many runs that value is the mean of. */
  runs: number;
  /** How much better the run is, in units of the value; negative when it is worse. */
  gain: number;
  /** What a gain must exceed to be more than noise (one in twenty by chance); null: unknown. */
  margin: number | null;
}

export interface Analysis {
  metric: string | null;
  /** The run's own value. */
  value: number | null;
  /** The mean over it and its repeats, and how many; null where it was not repeated. */
  mean: { value: number; runs: number } | null;
  /** Standard deviation of one run's value, and what tells it; null: unknown. */
  noise: { deviation: number; source: NoiseSource; runs: number } | null;
  differences: Difference[];
  reading: Reading;
  /** Why it is read so, in words; empty where the reading says it. */
  because: string;
}

/** A difference beyond so many standard deviations of curves is taken for more than their jitter. */
const CLEAR_DEVIATIONS = 2;
/** Runs are compared when the shorter made at least this part of the longer one's steps. */
const COMPARABLE_STEPS = 0.9;

/** What is given of an ended run. */
export interface Judged {
  status: 'completed' | 'failed' | 'cancelled';
  metric: string | null;
  mode: ObjectiveMode;
  /** Its own value, without its repeats. */
  own: number | null;
  run: Outcome;
  parent: Outcome | null;
  /** The best of those that ended before it. */
  best: Outcome | null;
  /** The parent differs from it in nothing but seeds. */
  repeatsParent: boolean;
  /** What repeated runs of the session tell; null: none was repeated. */
  seeds: SeedSpread | null;
}

/** What an ended run's numbers say, for people to agree with or not. */
export function analyse(judged: Judged): Analysis {
  const { status, metric, own, run, seeds } = judged;
  const usable = { parent: isUsable(judged.parent), best: isUsable(judged.best) };
  const differences = [
    ...(usable.parent ? [differenceTo('parent', judged.parent!, judged)] : []),
    ...(usable.best && judged.best!.experimentId !== judged.parent?.experimentId
      ? [differenceTo('best', judged.best!, judged)]
      : []),
  ].filter((each) => each !== null);
  const noise: Analysis['noise'] = seeds
    ? { deviation: seeds.deviation, source: 'repeats', runs: seeds.degrees + 1 }
    : run.jitter === null
      ? null
      : { deviation: run.jitter, source: 'curves', runs: 1 };
  const mean = run.runs > 1 && run.value !== null ? { value: run.value, runs: run.runs } : null;
  const base = { metric, value: own, mean, noise, differences };
  if (status === 'failed') return { ...base, reading: 'failed', because: '' };
  const skipped =
    judged.parent && !usable.parent
      ? `the parent ${judged.parent.experimentId} ${whyUnusable(judged.parent)}`
      : '';
  const obstacle = obstacleOf(judged, differences);
  if (obstacle !== null)
    return { ...base, reading: 'not comparable', because: [obstacle, skipped].filter(Boolean).join('; ') };
  const [first] = differences;
  const { reading, because } = readingOf(first!, judged);
  return { ...base, reading, because: [because, skipped].filter(Boolean).join('; ') };
}

/** What a run is compared with, in a sentence before its name. */
export const REFERENCE_WORDS: Record<Difference['why'], string> = { parent: 'parent', best: 'best run' };

function readingOf(
  first: Difference,
  { repeatsParent, seeds }: Judged,
): { reading: Reading; because: string } {
  const { why, experimentId, gain, margin } = first;
  const other = `the ${REFERENCE_WORDS[why]} ${experimentId}`;
  if (why === 'parent' && repeatsParent)
    return {
      reading: 'no clear change',
      because: `it repeats ${other}: only the seeds differ`,
    };
  const noise = seeds ? 'seed noise' : 'the jitter of the curves';
  if (gain === 0) return { reading: 'no clear change', because: `as good as ${other}` };
  if (margin === null)
    return {
      reading: 'no clear change',
      because: `the difference from ${other} may be chance: no run was repeated, and the noise of the curves is unknown`,
    };
  if (Math.abs(gain) <= margin)
    return { reading: 'no clear change', because: `the difference from ${other} is within ${noise}` };
  const reading = gain > 0 ? 'improved' : 'worse';
  const doubt = seeds ? '' : '; the spread across seeds is unknown';
  return { reading, because: `compared with ${other}, by more than ${noise}${doubt}` };
}

/** Whether a run can be what another is measured against: it completed, with a value. */
function isUsable(other: Outcome | null): boolean {
  return (
    other !== null && other.status === 'completed' && other.value !== null && Number.isFinite(other.value)
  );
}

function whyUnusable({ status, value }: Outcome): string {
  if (status !== 'completed') return `is ${status}`;
  return value === null ? 'has no value' : `has the value ${value}`;
}

function differenceTo(
  why: Difference['why'],
  other: Outcome,
  { run, mode, seeds }: Judged,
): Difference | null {
  if (run.value === null || !Number.isFinite(run.value)) return null;
  const value = other.value!;
  const gain = mode === 'min' ? value - run.value : run.value - value;
  return {
    why,
    experimentId: other.experimentId,
    value,
    runs: other.runs,
    gain,
    margin: marginOf(run, other, seeds),
  };
}

/** Without repeats both curves must tell their noise: one says nothing of the other's. */
function marginOf(run: Outcome, other: Outcome, seeds: SeedSpread | null): number | null {
  if (seeds) return studentFactor(seeds.degrees) * seeds.deviation * Math.sqrt(1 / run.runs + 1 / other.runs);
  return run.jitter === null || other.jitter === null
    ? null
    : CLEAR_DEVIATIONS * Math.hypot(run.jitter, other.jitter);
}

function obstacleOf(
  { status, metric, own, run, parent, best }: Judged,
  differences: readonly Difference[],
): string | null {
  if (status === 'cancelled') return 'it was cancelled';
  if (metric === null) return 'the session has no objective';
  if (own === null) return `it logged no ${metric}`;
  if (!Number.isFinite(own)) return `its ${metric} is ${own}`;
  const [first] = differences;
  if (!first)
    return parent
      ? 'there is nothing else to compare it with'
      : 'there is nothing to compare it with yet: it is a baseline';
  const other = first.why === 'parent' ? parent! : best!;
  if (run.steps === null || other.steps === null) return null;
  const part = Math.min(run.steps, other.steps) / Math.max(run.steps, other.steps);
  return part < COMPARABLE_STEPS
    ? `it made ${run.steps} steps, ${other.experimentId} made ${other.steps}`
    : null;
}
