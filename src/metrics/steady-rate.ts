/** Where a run was at a time, seconds by any one clock. */
export interface Reached {
  steps: number;
  elapsed: number;
}

/**
 * Steps up to `first` hold what is compiled and loaded; of fewer than `needed` after those nothing follows, be they as
 * even as they like. An epoch has many steps, so that the first is like the others.
 */
const BEGINNING = { step: { first: 1, needed: 4 }, epoch: { first: 0, needed: 2 } };
/** The part of the recent points that the rate's spread is taken over. */
const PARTS = 5;
/** With fewer points, what is compiled later shows as rates that lie further apart than this. */
const POINTS_EARLY = 20;
const SPREAD_EARLY = 3;

/** Steps, or epochs, a second over equal parts of the recent points, the newest first; empty until the rate is steady after the first step. */
export function steadyRates(points: readonly Reached[], unit: keyof typeof BEGINNING = 'step'): number[] {
  const { first, needed } = BEGINNING[unit];
  // A log that goes on with a step that was reached before says nothing new of the rate.
  const reached = points.filter(
    ({ steps }, index) => steps > first && (index === 0 || steps > points[index - 1]!.steps),
  );
  const last = reached.length - 1;
  if (last < 1 || reached[last]!.steps - reached[0]!.steps < needed) return [];
  const rates: number[] = [];
  const width = Math.max(1, Math.floor(last / PARTS));
  for (let end = last; end - width >= 0 && rates.length < PARTS; end -= width) {
    const steps = reached[end]!.steps - reached[end - width]!.steps;
    const seconds = reached[end]!.elapsed - reached[end - width]!.elapsed;
    if (seconds > 0) rates.push(steps / seconds);
  }
  const isUneven = last < POINTS_EARLY && Math.max(...rates) > SPREAD_EARLY * Math.min(...rates);
  return isUneven ? [] : rates;
}
