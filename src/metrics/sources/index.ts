import { AIM } from './aim.ts';
import { EVENTS } from './events.ts';
import { JSON_LINES, JSON_NAMED } from './json.ts';
import { MLFLOW_DATABASE } from './mlflow-database.ts';
import { MLFLOW_FILES } from './mlflow-files.ts';
import type { Format } from './source.ts';
import { TABLE } from './table.ts';
import { TRAINER_STATE } from './trainer-state.ts';
import { WANDB } from './wandb.ts';

/** Every format that is read. Of a tag that several tell of, the first owns it. */
export const FORMATS: readonly Format[] = [
  EVENTS,
  JSON_LINES,
  TABLE,
  TRAINER_STATE,
  MLFLOW_DATABASE,
  MLFLOW_FILES,
  JSON_NAMED,
  WANDB,
  AIM,
];
