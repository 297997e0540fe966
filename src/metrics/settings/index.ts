import type { Kind } from '../survey.ts';

/** A file of settings, by its name. */
export interface SettingsKind extends Kind {
  /** How its text is read. */
  syntax: 'YAML' | 'JSON' | 'text';
}

/**
 * Where stacks keep what a run was started with. YAML: Ultralytics' args, Lightning's and accelerate's hparams, dvclive's params,
 * Hydra's resolved config. JSON: Ray Tune's params, sacred's config.
 */
const YAML: SettingsKind = {
  syntax: 'YAML',
  claims: (path) => /(^|\/)(args|hparams|params|config)\.ya?ml$/.test(path),
};
const JSON_FILES: SettingsKind = {
  syntax: 'JSON',
  claims: (path) => /(^|\/)(args|hparams|params|config|training_args)\.json$/.test(path),
};
/** MLflow's file store: a file a parameter, in the run's folder. */
const MLFLOW_PARAMS: SettingsKind = {
  syntax: 'text',
  claims: (path) => /(^|\/)[0-9a-f]{32}\/params\/[^/]+$|^params\/[^/.]+$/.test(path),
};

export const SETTINGS: readonly SettingsKind[] = [YAML, JSON_FILES, MLFLOW_PARAMS];
