import type { WatchRule } from '../core/watch.ts';

/** What is watched unless xaxbot.yaml says `watch: {defaults: false}`. */
export const DEFAULT_RULES: readonly WatchRule[] = [
  { name: 'nan', when: 'nan' },
  { name: 'diverged', when: 'diverged' },
  { name: 'stalled', when: 'stalled' },
  { name: 'slow', when: 'slow' },
  { name: 'gpu-idle', when: 'gpu-idle' },
  { name: 'gpu-taken', when: 'gpu-taken' },
];
