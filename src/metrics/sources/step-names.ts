/**
 * What the column that counts steps is called, the most telling first: by csv and JSON loggers of Lightning, Keras, fastai, Ray
 * Tune, stable-baselines3, Ultralytics, dvclive and W&B.
 */
const STEP_NAMES = [
  'step',
  '_step',
  'global_step',
  'trainer/global_step',
  'num_steps',
  'steps',
  'time/total_timesteps',
  'total_timesteps',
  'timesteps',
  'iteration',
  'training_iteration',
  'iterations',
  'iter',
  'epoch',
  'epochs',
] as const;
const RANKS: ReadonlyMap<string, number> = new Map(STEP_NAMES.map((name, rank) => [name, rank]));

/** Epoch seconds, in some files milliseconds. */
const TIME_NAMES = ['timestamp', '_timestamp', 'wall_time', 'walltime'];
/** A time of this century in seconds lies below it, one in milliseconds above. */
const MILLISECONDS_FROM = 1e11;

/** Which of these names is the one of the steps; undefined when none is. */
export function stepNameOf(names: Iterable<string>): string | undefined {
  let found: { name: string; rank: number } | undefined;
  for (const name of names) {
    const rank = RANKS.get(name.toLowerCase());
    if (rank !== undefined && rank < (found?.rank ?? Number.POSITIVE_INFINITY)) found = { name, rank };
  }
  return found?.name;
}

/** Which of these names is the one of the time at which a row was written; undefined when none is. */
export function timeNameOf(names: readonly string[]): string | undefined {
  return names.find((name) => TIME_NAMES.includes(name.toLowerCase()));
}

/** A logged time as epoch seconds; NaN for what is none. */
export function epochSeconds(value: number): number {
  if (!(value > 1e9)) return Number.NaN;
  return value < MILLISECONDS_FROM ? value : value / 1_000;
}
