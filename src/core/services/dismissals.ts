import type { Dismissed } from '../experiment.ts';

/** Dismissed suggestions. */
export interface DismissalsService {
  /** Dismisses a suggestion: it is not made again. */
  add(suggestion: Omit<Dismissed, 'id'>): void;
  all(): Dismissed[];
  /** Allows a dismissed suggestion again; returns whether there was such a number. */
  restore(id: number): boolean;
}
