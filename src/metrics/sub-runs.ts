/** Folders whose names say nothing of what is in them. */
const MEANINGLESS = new Set([
  'runs',
  'run',
  'logs',
  'log',
  'tb',
  'tensorboard',
  'tb_logs',
  'lightning_logs',
  'csv_logs',
  'events',
  'outputs',
  'output',
  'multirun',
  'mlruns',
  'wandb',
  'dvclive',
]);
/** Which part of a training something is of; it stays, as what stands in two of them has one tag. */
const ROLE =
  /^(train(ing)?|val(id(ation)?)?|eval(uation)?|test(ing)?|(rank|worker|process|local_rank|fold)[_-]?\d+)$/i;
/** A checkpoint tells of the run that it is of. */
const CHECKPOINT = /^checkpoint-\d+$/;
/**
 * One of several attempts at the same: Lightning's version_N, stable-baselines3's PPO_N, Ultralytics' train-N, Trainer's
 * `Nov29_20-56-13_host`, Hydra's date and time, W&B's run-…, accelerate's epoch seconds, MLflow's ids.
 */
const ATTEMPTS = [
  /^(version|run|attempt|try)_\d+$/i,
  /^[A-Z]\w*\d?[A-Z0-9]_\d+$/,
  /^(train|val|predict|detect|exp)-?\d+$/,
  /^[A-Z][a-z]{2}\d\d_\d\d-\d\d-\d\d(_.*)?$/,
  /^(19|20)\d\d[-_]?\d\d[-_]?\d\d([-_T]\d\d[-_:]?\d\d([-_:]?\d\d)?)?$/,
  /^\d\d-\d\d-\d\d$/,
  /^\d{10}(\.\d+)?$/,
  /^(offline-)?run-\d{8}_\d{6}-\w+$/,
  /^[0-9a-f]{32}$/,
];

/** Ray Tune's name of a trial: what is trained, an id, the trial's number, its parameters, a date (Trial.generate_dirname of 2.60). */
const TRIAL = /^.+_[0-9a-f]{5,8}_(\d{5})(?:_\d+)?(?:_(.+?))?_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$/;

/** Whether a folder's name is that of a part of a run, and not of the run. */
export function isPartName(name: string): boolean {
  return ROLE.test(name) || CHECKPOINT.test(name);
}

export interface SubRun {
  /** What stands before its tags: `validation`, `rank_1`; empty for a run of one part. */
  prefix: string;
  /** Which attempt it is, in its folders' own words; empty where they do not say. */
  attempt: string;
}

/**
 * What the folders of sub-runs mean, by their paths below a run's. Parts without a meaning are dropped, and so is what
 * all have in common; attempts at the same have one prefix.
 */
export function subRunsOf(paths: Iterable<string>): Map<string, SubRun> {
  const parsed = [...new Set(paths)].map((path) => ({ path, ...partsOf(path) }));
  const common = commonLength(parsed.map(({ names }) => names));
  return new Map(
    parsed.map(({ path, names, attempt }) => [path, { prefix: names.slice(common).join('/'), attempt }]),
  );
}

function partsOf(path: string): { names: string[]; attempt: string } {
  const names: string[] = [];
  const attempts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '.' || part === '' || CHECKPOINT.test(part) || MEANINGLESS.has(part.toLowerCase())) continue;
    if (!ROLE.test(part) && ATTEMPTS.some((pattern) => pattern.test(part))) attempts.push(part);
    else names.push(part.replace(TRIAL, trialName));
  }
  return { names, attempt: attempts.join('/') };
}

/** How many of the first parts all have in common. */
function commonLength(all: readonly (readonly string[])[]): number {
  const [first = []] = all;
  const differs = first.findIndex((part, place) => all.some((each) => each[place] !== part));
  return differs < 0 ? first.length : differs;
}

function trialName(_name: string, number: string, parameters?: string): string {
  return parameters === undefined ? `trial_${number}` : `trial_${number}_${parameters}`;
}
