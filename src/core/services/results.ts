import type { ExperimentRow } from '../experiment.ts';
import type { SettingsRepeat } from '../fingerprint.ts';
import type { Slices } from '../slices.ts';

/** The results of a session's runs. */
export interface ResultsReader {
  /** Rows of runs that ended after this time (epoch milliseconds), the last end first. */
  endedSince(at: number): Slices<ExperimentRow[]>;
  /** The best completed row by the session's objective. */
  best(): ExperimentRow | undefined;
  /** The best of those that had ended when this one did. */
  bestBefore(row: ExperimentRow): ExperimentRow | undefined;
  /** Completed runs with a value of this metric whose settings were run more than once. */
  repeated(metric: string): SettingsRepeat[];
}
