import { besides } from './besides.ts';
import { isOfOutput } from './output-settings.ts';
import { isSecretName } from './secret-names.ts';
import { MASK, maskSecrets } from './secrets.ts';

/** One setting that two runs differ in; null where a run does not have it. Secrets are hidden already. */
export interface ConfigChange {
  key: string;
  from: string | null;
  to: string | null;
}

/**
 * Settings that tell where a run lives or how it is watched, not what it tries: its own folder, its name at a
 * tracker, how often something is logged, saved or measured. A key is left out when it is one of these or below one.
 */
export const LEFT_OUT: readonly string[] = [
  'run_dir',
  'runs_dir',
  'exp_dir',
  'wandb',
  'cpu_stats',
  'gpu_stats',
  'logger_backend',
  'log_to_file',
  'log_interval_seconds',
  'log_heavy_every_n_seconds',
  'log_heavy_first_n_steps',
  'tensorboard_log_interval_seconds',
  'save_every_n_seconds',
  'save_every_n_steps',
  'only_save_most_recent',
  'debug_dataloader',
  'compile.cache_dir',
  'compile.cache_enable_xla',
  'compile.cache_min_compile_time_secs',
  'compile.cache_min_size_bytes',
  'compile.logging_level',
];

/** Settings that repeat a run instead of changing it, also as Lightning's command line and scikit-learn call them. */
const SEED = /(^|[._/-])(seed|seed_everything|random_state)$/i;
const SEED_IN_ONE_WORD = /[a-z]Seed$/;

/** Whether a setting is a seed: runs that differ in nothing else are repeats. */
export function isSeed(key: string): boolean {
  return SEED.test(key) || SEED_IN_ONE_WORD.test(key);
}

/** Settings as they are shown, and what they are compared by; the same where nothing else is given. */
type Config = Readonly<Record<string, string>>;

/** What differs between two runs' settings that is about the experiment. `values`: what they are compared by. */
export function configChanges(
  from: Config,
  to: Config,
  values: { from: Config; to: Config } = { from, to },
): ConfigChange[] {
  return settingChanges(from, to, values).filter(({ key }) => isAboutTheExperiment(key));
}

/** Everything that differs between two runs' settings (`a.b.c` -> text), in the order of the keys. */
export function settingChanges(
  from: Config,
  to: Config,
  values: { from: Config; to: Config } = { from, to },
): ConfigChange[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys
    .filter((key) => valueIn(values.from, key) !== valueIn(values.to, key))
    .map((key) => {
      const [before, after] = shown(key, [from, to], [values.from, values.to]);
      return { key, from: before!, to: after! };
    });
}

/**
 * `learning_rate 0.01 -> 0.003, dropout unset -> 0.1`; what is beyond `limit` changes is counted. `arrow`: in ASCII for
 * the log; `→` where it is read, which no line ends within.
 */
export function changesText(
  changes: readonly ConfigChange[],
  limit = Number.POSITIVE_INFINITY,
  arrow: '->' | '→' = '->',
): string {
  const words = changes
    .slice(0, limit)
    .map(({ key, from, to }) => `${key} ${from ?? 'unset'} ${arrow} ${to ?? 'unset'}`);
  if (changes.length > limit) words.push(`${changes.length - limit} more`);
  return words.join(', ');
}

/** Words of the log, in which changes stand in ASCII, as they are read. */
export function asRead(words: string): string {
  return words.replaceAll(' -> ', ' → ');
}

/** The settings, as `key=value`, that a run does not share with all the others: what tells their curves apart. */
export function distinguishing(
  configs: readonly Config[],
  limit: number,
  values: readonly Config[] = configs,
): string[] {
  const keys = [...new Set(configs.flatMap((config) => Object.keys(config)))]
    .sort()
    .filter((key) => isAboutTheExperiment(key) && new Set(values.map((each) => valueIn(each, key))).size > 1)
    .slice(0, limit);
  const columns = keys.map((key) => ({ name: lastPart(key, keys), texts: shown(key, configs, values) }));
  return configs.map((_, index) =>
    columns.map(({ name, texts }) => `${name}=${texts[index] ?? 'unset'}`).join(' '),
  );
}

/** Whether a setting is part of what is tried, not of where a run lives or how it is watched. */
export function isAboutTheExperiment(key: string): boolean {
  return !LEFT_OUT.some((left) => key === left || key.startsWith(`${left}.`)) && !isOfOutput(key);
}

function valueIn(config: Config, key: string): string | null {
  return Object.hasOwn(config, key) ? config[key]! : null;
}

/** A setting of several runs, for people: secrets hidden, and what differs in sight. */
function shown(key: string, configs: readonly Config[], values: readonly Config[]): (string | null)[] {
  const isSecret = isSecretName(key);
  const textIn = (config: Config, onOneLine: (text: string) => string) => {
    const value = valueIn(config, key);
    return value === null ? null : isSecret ? MASK : inSight(onOneLine(maskSecrets(value)));
  };
  const read = configs.map((config) => textIn(config, (text) => text.replace(/\s+/g, ' ')));
  const told = new Set(read).size;
  const different = new Set(values.map((config) => valueIn(config, key))).size;
  // A text 1 beside a number 1, a line break beside a blank: then as they are compared, with nothing folded.
  return besides(told < different ? values.map((config) => textIn(config, escaped)) : read);
}

/** In quotes where nothing would be seen of it, or of the blanks at its ends. */
function inSight(text: string): string {
  return /^$|^\s|\s$/.test(text) ? `"${text}"` : text;
}

function escaped(text: string): string {
  return text.replace(/[^\S ]/g, (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `rate` of `optimizer.rate`, unless another key ends alike. */
function lastPart(key: string, keys: readonly string[]): string {
  const last = key.slice(key.lastIndexOf('.') + 1);
  return keys.filter((each) => each === last || each.endsWith(`.${last}`)).length > 1 ? key : last;
}
