import type { SuggestInput, Trial } from './types.ts';

/** After so many runs in a row that improved nothing: back to the best, and another option than those just tried. */
export const TURN_AFTER = 2;
/** More ids than this in a row are named by the first and the last. */
const NAMED_IN_A_ROW = 6;
/** They are to be made, or under way. */
const PENDING = new Set(['planned', 'queued', 'running']);

/** Whether a run may still give a value. */
export function isPending({ status }: Pick<Trial, 'status'>): boolean {
  return PENDING.has(status);
}

/** Whether a run ended with nothing to show: it failed, or its objective came to no number. */
export function isBad({ status, value }: Pick<Trial, 'status' | 'value'>): boolean {
  return status === 'failed' || (status === 'completed' && value !== null && !Number.isFinite(value));
}

/** A completed run's value, where less is better; null without one. */
export function lossOf(
  { status, value }: Pick<Trial, 'status' | 'value'>,
  mode: 'min' | 'max',
): number | null {
  if (status !== 'completed' || value === null || !Number.isFinite(value)) return null;
  return mode === 'min' ? value : -value;
}

/** Runs that ended, in the order in which they did. */
export function inOrderOfEnds(trials: readonly Trial[]): Trial[] {
  return trials
    .filter(({ status }) => status === 'completed' || status === 'failed')
    .toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
}

/** The last runs in a row that did not improve, and what they are measured by. */
export interface Streak {
  /** Latest last. */
  runs: Trial[];
  /** The last run that was an improvement; null before there was any value. */
  reference: Trial | null;
}

/**
 * The last runs in a row that did not improve on the run that did so last, latest last. An improvement within the
 * noise is none, and moves nothing, so that several small ones count once they have come to more than it.
 */
export function dullRuns({ trials, mode, noise }: Pick<SuggestInput, 'trials' | 'mode' | 'noise'>): Streak {
  let reference: Trial | null = null;
  let runs: Trial[] = [];
  for (const trial of inOrderOfEnds(trials)) {
    const loss = lossOf(trial, mode);
    // Without a value of this metric it says neither.
    if (loss === null && !isBad(trial)) continue;
    const before = reference && lossOf(reference, mode)!;
    if (loss !== null && (before === null || loss < before - (noise ?? 0))) {
      reference = trial;
      runs = [];
    } else {
      runs.push(trial);
    }
  }
  return { runs, reference };
}

/** The ids of runs in a row. */
export function rowOf(runs: readonly Trial[]): string {
  const ids = runs.map(({ id }) => id);
  return ids.length > NAMED_IN_A_ROW ? `${ids[0]} to ${ids.at(-1)}` : ids.join(', ');
}

/** A number in few digits. */
export function short(value: number): string {
  const rounded = Number(value.toPrecision(4));
  return Math.abs(rounded) < LONG_FROM ? String(rounded) : rounded.toExponential();
}

/** Numbers from here on are written with a power of ten. */
const LONG_FROM = 1e7;
