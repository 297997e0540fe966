import type { ObjectiveMode } from './experiment.ts';
import type { Series } from './metrics.ts';

/** What a run's value says beside another's, proposed to the people who judge. */
export const READINGS = ['improved', 'no clear change', 'worse', 'failed', 'not comparable'] as const;
export type Reading = (typeof READINGS)[number];

/** A run that ended, as far as it is judged by numbers. */
export interface Outcome {
  experimentId: string;
  value: number | null;
  /** Standard deviation of the value, by its own last points or by repeats; null: unknown. */
  noise: number | null;
  /** Its last step; null: unknown. */
  steps: number | null;
}

export interface Difference {
  why: 'parent' | 'best';
  experimentId: string;
  value: number;
  /** How much better the run is, in units of the value; negative when it is worse. */
  gain: number;
  /** What a gain must exceed to be more than noise; null: unknown. */
  noise: number | null;
}

export interface Analysis {
  metric: string | null;
  value: number | null;
  noise: number | null;
  differences: Difference[];
  reading: Reading;
  /** Why it is read so, in words. */
  because: string;
}

/** A difference beyond so many standard deviations is taken for more than noise. */
const CLEAR_DEVIATIONS = 2;
/** A run that made less than this part of the other's steps is not compared with it. */
const COMPARABLE_STEPS = 0.9;
/** Points at a curve's end over which its noise is taken. */
const NOISE_POINTS = 20;
const NOISE_POINTS_MIN = 5;

/**
 * The standard deviation of a curve's last points about their trend: from the differences of neighbours, each of
 * which has twice the variance (von Neumann 1941). Null where there are too few.
 */
export function noiseOf({ values, length }: Series): number | null {
  const last: number[] = [];
  for (let index = length - 1; index >= 0 && last.length < NOISE_POINTS; index -= 1) {
    if (!Number.isFinite(values[index]!)) return null;
    last.push(values[index]!);
  }
  if (last.length < NOISE_POINTS_MIN) return null;
  const steps = last.slice(1).map((value, index) => value - last[index]!);
  return Math.sqrt(steps.reduce((sum, step) => sum + step * step, 0) / steps.length / 2);
}

/** The spread of repeated runs; null for fewer than two. */
export function spreadOf(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** What an ended run's numbers say, for people to agree with or not. */
export function analyse(given: {
  status: 'completed' | 'failed' | 'cancelled';
  metric: string | null;
  mode: ObjectiveMode;
  run: Outcome;
  parent: Outcome | null;
  /** The best of the others. */
  best: Outcome | null;
}): Analysis {
  const { status, metric, mode, run } = given;
  const differences = ([['parent', given.parent] as const, ['best', given.best] as const] as const)
    .filter(([why, other]) => other && !(why === 'best' && other.experimentId === given.parent?.experimentId))
    .flatMap(([why, other]) => differenceOf(why, other!, run, mode));
  const base = { metric, value: run.value, noise: run.noise, differences };
  if (status === 'failed') return { ...base, reading: 'failed', because: 'the run failed' };
  const obstacle = obstacleOf(given, differences);
  if (obstacle !== null) return { ...base, reading: 'not comparable', because: obstacle };
  const { why, experimentId, gain, noise } = differences[0]!;
  const other = `${why} ${experimentId}`;
  if (noise !== null && Math.abs(gain) <= noise)
    return {
      ...base,
      reading: 'no clear change',
      because: `the difference to the ${other} is within the noise`,
    };
  if (gain === 0) return { ...base, reading: 'no clear change', because: `as good as the ${other}` };
  const because =
    noise === null
      ? `against the ${other}; the noise is unknown`
      : `by more than the noise, against the ${other}`;
  return { ...base, reading: gain > 0 ? 'improved' : 'worse', because };
}

function differenceOf(
  why: Difference['why'],
  other: Outcome,
  run: Outcome,
  mode: ObjectiveMode,
): Difference[] {
  const { value } = run;
  if (value === null || other.value === null) return [];
  if (!Number.isFinite(value) || !Number.isFinite(other.value)) return [];
  const gain = mode === 'min' ? other.value - value : value - other.value;
  const known = [run.noise, other.noise].filter((each) => each !== null);
  const noise = known.length === 0 ? null : CLEAR_DEVIATIONS * Math.hypot(...known);
  return [{ why, experimentId: other.experimentId, value: other.value, gain, noise }];
}

function obstacleOf(
  { status, metric, run, parent, best }: Parameters<typeof analyse>[0],
  differences: readonly Difference[],
): string | null {
  if (status === 'cancelled') return 'it was cancelled';
  if (metric === null) return 'the session has no objective';
  if (run.value === null) return `it logged no ${metric}`;
  if (!Number.isFinite(run.value)) return `its ${metric} is ${run.value}`;
  const [first] = differences;
  if (!first) return 'there is nothing to compare it with yet: it is a baseline';
  const other = first.why === 'parent' ? parent! : best!;
  if (run.steps !== null && other.steps !== null && run.steps < COMPARABLE_STEPS * other.steps)
    return `it made ${run.steps} steps, ${other.experimentId} made ${other.steps}`;
  return null;
}
