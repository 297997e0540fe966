import type { Dismissed } from '../core/experiment.ts';
import type { PresetOption } from '../core/preset.ts';

/** A run that was made or is planned, as far as suggestions go by it. */
export interface Trial {
  /** What explanations point at. */
  id: string;
  /** As they were passed. */
  settings: Readonly<Record<string, string>>;
  /** What the task itself took for options that were not passed, as far as its resolved settings are known. */
  known?: Readonly<Record<string, string>>;
  /** The objective's value: null where there is none of its metric, NaN where the run came to none. */
  value: number | null;
  status: string;
  /** Epoch milliseconds; null where it is not known, which counts as long ago. */
  endedAt: number | null;
}

export interface SuggestInput {
  options: Readonly<Record<string, PresetOption>>;
  metric: string;
  mode: 'min' | 'max';
  /** A value at which there is nothing more to do. */
  target: number | null;
  /** Of one preset, in the order of the log. */
  trials: readonly Trial[];
  /** The best of the whole session, whatever it was launched from. */
  best: { id: string; value: number } | null;
  /** What of the session's budget is spent, in words; null: nothing is. */
  spent: string | null;
  /** Dismissed suggestions. */
  dismissed: readonly Pick<Dismissed, 'assignments' | 'about' | 'reason' | 'by'>[];
  /** Standard deviation of a value between equal runs; null: unknown. */
  noise: number | null;
}
