import type { WatchCondition, WatchRule } from '../core/watch.ts';

/** What is watched unless xaxbot.yaml says `watch: {defaults: false}`. */
export const DEFAULT_RULES: readonly WatchRule[] = [
  { name: 'nan', when: 'nan' },
  { name: 'diverged', when: 'diverged' },
  { name: 'stalled', when: 'stalled' },
  { name: 'slow', when: 'slow' },
  { name: 'gpu-idle', when: 'gpu-idle' },
];

/** What a rule of each condition means where it does not say. */
export const DEFAULTS: Record<
  WatchCondition,
  Pick<WatchRule, 'value' | 'points' | 'deviations' | 'minutes'>
> = {
  nan: { points: 1 },
  above: { points: 3 },
  below: { points: 3 },
  // Twice the best and far outside of the noise: a curve that only wavers is left alone.
  diverged: { value: 2, deviations: 6, points: 10 },
  plateau: { value: 0.001, points: 200 },
  // The first steps compile and the last save; xax logs a point every 10 s (tensorboard_log_interval_seconds of 0.4.9).
  stalled: { minutes: 20 },
  slow: { value: 2, points: 20 },
  'gpu-idle': { minutes: 30 },
};
