export interface Suggestion {
  /** All that is to be passed. */
  settings: Record<string, string>;
  /** Against the best so far. */
  changes: { key: string; from: string | null; to: string }[];
  /** The best so far; null for a first run. */
  parent: string | null;
  hypothesis: string;
  expected: string;
  /** It is hardly to be better than the best: what it tells is how the range lies. */
  isMapping?: boolean;
  why: string;
  /** Ids that `why` points at. */
  rows: string[];
}

/** A rule that ends the search where it is met, and whether one should end it. */
export interface Stop {
  /** The rule: the target is reached, the budget spent, or three runs in a row improved nothing. */
  why: string;
  /** Ids that `why` points at. */
  rows: string[];
  /** Whether to stop is advised; what is suggested beside it is what one would try all the same. */
  isAdvised: boolean;
  /** What the advice goes by. */
  advice: string;
}

export interface Suggestions {
  /** The stop rule that is met; null: none is. */
  stop: Stop | null;
  suggestions: Suggestion[];
  /** Why there is none, or no other; null where there are as many as were asked for. */
  none: string | null;
}

/** A sweep as it was asked for. */
export interface SweepRequest {
  preset: string;
  /** As typed: ranges (`0.001..0.1`), lists (`true,false`), and single values that all runs share. */
  settings: Readonly<Record<string, string>>;
  /** Values of each range. */
  points: number;
  /** By equal factors or equal steps; undefined: by factors where a range is positive and wide. */
  spacing: 'log' | 'linear' | undefined;
}

/** One run of a sweep. */
export interface SweepRun {
  /** All that is to be passed. */
  assignments: Record<string, string>;
  /** Those of the swept options. */
  values: Record<string, string>;
  /** What the runs so far let one expect; empty where they say nothing. */
  expected: string;
  /** The plan that it has already; null: none. */
  experimentId: string | null;
}

export interface Sweep {
  axes: { key: string; values: string[]; spacing: 'log' | 'linear' | null }[];
  /** Of the swept options those that are declared not to be tuned: they are swept only because they were named. */
  untuned: string[];
  /** What all runs share. */
  shared: Record<string, string>;
  /** Not made and not planned yet. */
  runs: SweepRun[];
  planned: SweepRun[];
  /** How many were run already, and how many wait or run now. */
  made: number;
  underWay: number;
  /** What one run takes of the queue, by those that ended; null: unknown. */
  each: { hours: number | null; gpuHours: number | null };
  /** What the session's budget still allows, plans not counted; null: as much as one likes. */
  left: { runs: number | null; gpuHours: number | null };
  /** Rows of the session that are planned, of whatever preset. */
  sessionPlanned: number;
}
