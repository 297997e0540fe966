import type { ScoreboardChart } from './metrics.ts';

export type ScoreboardEntry = ScoreboardChart['entries'][number];

/** Of each kind at most so many are shown. */
export interface ScoreboardLimits {
  best: number;
  failed: number;
  others: number;
}

/** Completed runs with a value, best first. */
export function ranked({ mode, entries }: Pick<ScoreboardChart, 'mode' | 'entries'>): ScoreboardEntry[] {
  const valued = entries.filter(
    ({ value, status }) => value !== null && Number.isFinite(value) && status === 'completed',
  );
  return valued.toSorted((a, b) => (mode === 'min' ? a.value! - b.value! : b.value! - a.value!));
}

/** The best first, then those that failed and those without a result, the latest of each first. */
export function scoreboardOrder(
  request: Pick<ScoreboardChart, 'mode' | 'entries'>,
  limits: ScoreboardLimits,
): ScoreboardEntry[] {
  const best = ranked(request);
  const isBest = new Set(best);
  const rest = request.entries.filter((entry) => !isBest.has(entry)).toReversed();
  return [
    ...best.slice(0, limits.best),
    ...rest.filter(({ status }) => status === 'failed').slice(0, limits.failed),
    ...rest.filter(({ status }) => status !== 'failed').slice(0, limits.others),
  ];
}

/** The experiments of each task, whose values can be compared; the task with most of them first. */
export function byTask(request: ScoreboardChart): { task: string; request: ScoreboardChart }[] {
  const tasks = [...Map.groupBy(request.entries, ({ task }) => task ?? '')];
  return tasks
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([task, entries]) => ({ task, request: { ...request, entries } }));
}
