import type { ExperimentRow, ObjectiveMode } from '../core/experiment.ts';
import { parseValue } from '../core/objective.ts';
import { pythonFloat, pythonJson } from './python-text.ts';

/** A value of an objective. */
export interface Reached {
  metric: string;
  mode: ObjectiveMode;
  value: number;
}

/** The fields of a row that tell what its run reached; whatever stands there and was not made of `before` is a person's. */
export function resultFields(
  { objective_value, objective_metric, objective_mode, metrics_json }: ExperimentRow,
  reached: Reached | null,
  latest: Record<string, number>,
  before: Reached | null,
  latestBefore: Record<string, number> | undefined,
): Partial<ExperimentRow> {
  const values: Partial<ExperimentRow> = {};
  const isOurs =
    before !== null &&
    objective_metric === before.metric &&
    (objective_value === '' || parseValue(objective_value) === before.value);
  const isOpen = objective_value === '' && (objective_metric === '' || objective_metric === reached?.metric);
  if (reached && (isOpen || isOurs)) {
    values.objective_metric = reached.metric;
    values.objective_mode = isOurs ? reached.mode : objective_mode || reached.mode;
    values.objective_value = pythonFloat(reached.value);
  }
  const isOurJson = metrics_json === '' || (latestBefore && metrics_json === pythonJson(latestBefore));
  if (isOurJson && Object.keys(latest).length > 0) values.metrics_json = pythonJson(latest);
  return values;
}
