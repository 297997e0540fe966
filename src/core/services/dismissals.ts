import type { Dismissed } from '../experiment.ts';

/** Suggestions that somebody does not want. */
export interface DismissalsService {
  /** A suggestion that somebody does not want now: it is not made again. */
  add(suggestion: Omit<Dismissed, 'id'>): void;
  all(): Dismissed[];
  /** What was put off may be suggested again; whether there was such a number. */
  restore(id: number): boolean;
}
