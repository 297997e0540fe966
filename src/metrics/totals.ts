/** How a total is called by the stacks that keep one (Trainer, Lightning, accelerate's examples, Ultralytics, Keras, fastai, stable-baselines3, dvclive). */
const STEP_TOTALS = [
  'max_steps',
  'total_timesteps',
  'total_steps',
  'num_steps',
  'num_training_steps',
  'max_iters',
  'num_iterations',
  'train_steps',
  'n_steps_total',
];
const EPOCH_TOTALS = [
  'epochs',
  'max_epochs',
  'num_epochs',
  'num_train_epochs',
  'n_epochs',
  'n_epoch',
  'total_epochs',
];
/** Where settings lie in groups, as Hydra's do, the last part of a name counts; the Trainer's prefix of its groups too. */
const PLACES = /^(?:[\w-]+\.)*/;

export interface Totals {
  steps: number | null;
  epochs: number | null;
}

/** How far a training is to go, by its settings; null where these do not say, or say that it has no such end (-1). */
export function totalsOf(settings: Readonly<Record<string, string>>): Totals {
  return { steps: first(settings, STEP_TOTALS), epochs: first(settings, EPOCH_TOTALS) };
}

function first(settings: Readonly<Record<string, string>>, names: readonly string[]): number | null {
  for (const name of names) {
    const own = Object.keys(settings).filter((key) => key.replace(PLACES, '') === name);
    // A name that stands in several groups says which of them counts nowhere.
    const values = new Set(own.map((key) => Number(settings[key])));
    const [value] = values;
    if (values.size === 1 && Number.isFinite(value) && value! > 0) return value!;
  }
  return null;
}
