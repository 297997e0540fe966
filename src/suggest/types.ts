import type { PresetOption } from '../core/preset.ts';

/** A run that was made or is planned, as far as suggestions go by it. */
export interface Trial {
  /** What explanations point at. */
  id: string;
  /** As they were passed, defaults filled in. */
  settings: Readonly<Record<string, string>>;
  /** The objective's value; null where there is none, or none that is a number. */
  value: number | null;
  status: string;
}

export interface SuggestInput {
  options: Readonly<Record<string, PresetOption>>;
  mode: 'min' | 'max';
  /** A value at which there is nothing more to do. */
  target: number | null;
  /** Of one preset, oldest first. */
  trials: readonly Trial[];
  /** Runs that may still be made; null: as many as one likes. */
  runsLeft: number | null;
  /** Suggestions that somebody put off: never made again. */
  putOff: readonly Readonly<Record<string, string>>[];
  /** Standard deviation of a value between equal runs; null: unknown. */
  noise: number | null;
}
