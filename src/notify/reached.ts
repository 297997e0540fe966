import type { Objective } from '../core/experiment.ts';
import type { Reached } from '../core/facts.ts';
import type { Series } from '../core/metrics.ts';
import { objectiveValue } from '../core/objective.ts';
import { isBroken, judge, latest, pickLoss } from '../core/series.ts';

/** Tags of a run whose last values go into the log. */
const RESULT_TAGS = 100;
/** xax puts an emoji before the tags of its timers and gauges: they tell of the machine, not of the run. */
const RESULT_TAG = /^\p{L}/u;

export interface RunResult {
  objective: (Objective & { value: number }) | null;
  /** By tag. */
  latest: Record<string, number>;
}

/** What a run's curves reached: by the objective where the curve is the objective's, else the curve's last value. */
export function reachedIn(all: readonly Series[], wanted: Objective | null): Reached | null {
  const judged = judge(all, wanted?.metric);
  const series = judged?.series;
  const value =
    series && (series.tag === wanted?.metric ? objectiveValue(series, wanted) : latest(series)?.value);
  if (!series || value === undefined || value === null) return null;
  const lost = [series, pickLoss(all) ?? series]
    .filter(isBroken)
    .map((each) => ({ tag: each.tag, value: latest(each)!.value }))[0];
  const { rule, alike } = judged!;
  return {
    ...{ tag: series.tag, value, lost },
    ...(rule === null ? {} : { rule }),
    ...(alike.length === 0 ? {} : { alike }),
  };
}

/** The same for the log: the objective's value, and the last value of every tag. */
export function resultOf(all: readonly Series[], wanted: Objective | null): RunResult {
  const values: Record<string, number> = {};
  for (const series of all.filter(({ tag }) => RESULT_TAG.test(tag)).slice(0, RESULT_TAGS)) {
    const point = latest(series);
    if (point) values[series.tag] = point.value;
  }
  const series = all.find(({ tag }) => tag === wanted?.metric);
  const value = series ? objectiveValue(series, wanted!) : null;
  const reached = value !== null && Number.isFinite(value) ? value : null;
  const objective = reached === null ? null : { metric: wanted!.metric, mode: wanted!.mode, value: reached };
  return { objective, latest: values };
}
