import type { ExperimentRow, Objective } from './experiment.ts';
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

/**
 * The number in an objective_value as Python's float() reads it; null for anything else, and for one that is not finite
 * (`nan`, `inf`, `1e999`): it is kept as it stands, is never the best and takes no place in an order.
 */
export function parseValue(text: string): number | null {
  if (!/^\s*[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)(e[-+]?\d+)?\s*$/i.test(text)) return null;
  if (/__|_\b|_\.|\._/.test(text)) return null;
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : null;
}

/** A row's value, where it is one of this metric; null where it is not, or no number. */
export function valueIn(
  { objective_metric, objective_value }: Pick<ExperimentRow, 'objective_metric' | 'objective_value'>,
  metric: string,
): number | null {
  return objective_metric === metric ? parseValue(objective_value) : null;
}
