/**
 * Settings that name where a training writes, the most telling first: Lightning's default_root_dir and save_dir, the Trainer's
 * logging_dir and output_dir, stable-baselines3's tensorboard_log, Hydra's run.dir, Ultralytics' project, and what people call it.
 */
export const OUTPUT_SETTINGS = [
  'tensorboard_log',
  'logging_dir',
  'log_dir',
  'logdir',
  'log_path',
  'tb_dir',
  'output_dir',
  'out_dir',
  'outdir',
  'default_root_dir',
  'save_dir',
  'results_dir',
  'result_dir',
  'run_dir',
  'exp_dir',
  'experiment_dir',
  'work_dir',
  'workdir',
  'project',
  'run.dir',
] as const;

/** Whether a name is that of a setting: dashes are what an argument has in the place of its underscores, and groups stand before it. */
export function isSettingNamed(name: string, wanted: string): boolean {
  const plain = name.replaceAll('-', '_').toLowerCase();
  return plain === wanted || plain.endsWith(`.${wanted}`);
}

/** How the Trainer and Ultralytics name, log and keep a run, which changes nothing of what is trained (TrainingArguments of transformers 5.24, args.yaml of 8.4). */
const HOUSEKEEPING = [
  'run_name',
  'report_to',
  'disable_tqdm',
  'logging_steps',
  'logging_strategy',
  'logging_first_step',
  'save_steps',
  'save_strategy',
  'save_total_limit',
  'exist_ok',
  'plots',
];

/** Whether a setting says where a training writes, so that another one with the same would write into its files. */
export function isPlaceOfOutput(name: string): boolean {
  return [...OUTPUT_SETTINGS, 'run_name'].some((wanted) => isSettingNamed(name, wanted));
}

/** Whether a setting says where or how a training is written down, and nothing of what is trained. */
export function isOfOutput(name: string): boolean {
  return [...OUTPUT_SETTINGS, ...HOUSEKEEPING].some((wanted) => isSettingNamed(name, wanted));
}
