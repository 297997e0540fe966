import type { Objective } from './experiment.ts';
import type { Series } from './metrics.ts';
import { best, latest } from './series.ts';

/** Points that `mean` is taken over unless the objective says. */
const MEAN_POINTS = 10;

/**
 * A run's value by the objective: its last point, its best, or the mean of its last points. Null without a point;
 * not finite where what it is taken from is not.
 */
export function objectiveValue(series: Series, { mode, take = 'last', points }: Objective): number | null {
  if (series.length === 0) return null;
  if (take === 'best') return best(series, mode)?.value ?? Number.NaN;
  if (take === 'last') return latest(series)!.value;
  const count = Math.min(series.length, points ?? MEAN_POINTS);
  let sum = 0;
  for (let index = series.length - count; index < series.length; index += 1) sum += series.values[index]!;
  return sum / count;
}
