import { readFile } from 'node:fs/promises';
import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import { type ExperimentLogRow, type ExperimentRow, STATUSES } from '../core/experiment.ts';
import { parseValue } from '../core/objective.ts';
import { type PythonValue, parsePythonJson, pythonFloat, pythonJson } from '../experiments/python-text.ts';
import { isRewriting, isSpreadsheetForm } from '../experiments/rewriting.ts';
import { addRow, changeExperimentLog, updateRow } from './change.ts';
import { COLUMN_FLAGS, flagOf } from './column-flags.ts';
import { parseFlags } from './flags.ts';
import { type Answer, absolute, experimentLogPath, type Place } from './place.ts';

const ID = /^(?!.*\.\.)[^/\\\0]{1,200}$/;

/** `log upsert`: one row of the log, made or changed. */
export async function upsert(args: readonly string[], place: Place): Promise<Answer> {
  const values = parseFlags(args, {
    'experiment-id': { type: 'string' },
    'log-path': { type: 'string' },
    'experiment-name': { type: 'string' },
    'experiments-dir': { type: 'string' },
    'metrics-json': { type: 'string' },
    'metrics-json-file': { type: 'string' },
    metric: { type: 'string', multiple: true },
    ...Object.fromEntries(COLUMN_FLAGS.map((column) => [flagOf(column), { type: 'string' as const }])),
  });
  const flags = values as Record<string, string | undefined>;
  const experimentId = flags['experiment-id'];
  if (experimentId === undefined) throw new TypeError('--experiment-id is missing');
  if (!ID.test(experimentId) || experimentId.trim() === '')
    throw new BotError(
      'experiment-name',
      `"${clip(experimentId, 60)}" cannot name an experiment: no "/", "\\" or "..", at most 200 characters.`,
    );
  const updates = checked(
    Object.fromEntries(
      COLUMN_FLAGS.flatMap((column) => {
        const value = flags[flagOf(column)];
        return value === undefined ? [] : [[column, value]];
      }),
    ),
  );
  const metrics = await metricsOf(values as MetricFlags, place);
  if (Object.keys(metrics).length > 0) updates.metrics_json = pythonJson(metrics);
  const path = await experimentLogPath(flags, place);
  const warnings: string[] = [];
  const { isNew, doubts } = await changeExperimentLog(path, change, { warnings, timings: place.timings });
  return {
    payload: { experiment_id: experimentId, log_path: path, mode: isNew ? 'created' : 'updated' },
    warnings: [...doubts, ...warnings],
  };

  function change(rows: ExperimentLogRow[]) {
    const doubts = checkParent(rows, experimentId!, updates.parent_experiment_id);
    const { row: known, doubts: ofId } = rowOf(rows, experimentId!);
    updateRow(known ?? addRow(rows, experimentId!, place.now), updates, place.now);
    return { isNew: known === undefined, doubts: [...doubts, ...ofId] };
  }
}

/**
 * The row of that id, also where a spreadsheet has rewritten it (`3e-4` to `3.00E-04`), which it then has again. Where that
 * is not certain (`007` and `7`), it is only said.
 */
function rowOf(rows: readonly ExperimentLogRow[], id: string): { row?: ExperimentLogRow; doubts: string[] } {
  const exact = rows.find(({ fields }) => fields.experiment_id === id);
  if (exact) return { row: exact, doubts: [] };
  const alike = rows.filter(
    ({ fields }) => fields.experiment_id !== '' && isRewriting(id, fields.experiment_id),
  );
  const [row] = alike;
  if (!row) return { doubts: [] };
  const { experiment_id } = row.fields;
  if (alike.length === 1 && isSpreadsheetForm(experiment_id) && !isSpreadsheetForm(id)) {
    row.fields.experiment_id = id;
    return { row, doubts: [] };
  }
  return {
    doubts: [`${experiment_id} may be ${id} rewritten by a spreadsheet; ${id} is a separate row`],
  };
}

function checked(updates: Partial<ExperimentRow>): Partial<ExperimentRow> {
  const { status, objective_mode, objective_value } = updates;
  if (status !== undefined && !STATUSES.includes(status as never))
    throw new TypeError(`--status is "${status}"; accepted: one of ${STATUSES.join(', ')}`);
  if (objective_mode !== undefined && objective_mode !== 'max' && objective_mode !== 'min')
    throw new TypeError(`--objective-mode is "${objective_mode}"; accepted: max or min`);
  if (objective_value === undefined) return updates;
  const value = parseValue(objective_value);
  if (value !== null) return { ...updates, objective_value: pythonFloat(value) };
  if (
    /^[-+]?(nan|inf(inity)?)$/i.test(objective_value.trim()) ||
    Math.abs(Number(objective_value)) === Number.POSITIVE_INFINITY
  )
    throw new BotError(
      'objective-value',
      `An objective of ${objective_value.trim()} would count as the best of all; leave it out, and say what happened in --result-summary.`,
    );
  throw new TypeError(`--objective-value is "${objective_value}"; accepted: a number`);
}

interface MetricFlags {
  'metrics-json'?: string | undefined;
  'metrics-json-file'?: string | undefined;
  metric?: string[] | undefined;
}

async function metricsOf(flags: MetricFlags, { cwd }: Place): Promise<Record<string, PythonValue>> {
  const { 'metrics-json': given, 'metrics-json-file': file, metric = [] } = flags;
  if (given !== undefined && file !== undefined)
    throw new BotError('metrics', 'Pass at most one of --metrics-json and --metrics-json-file');
  const text = file === undefined ? given : await readFile(absolute(file, cwd), 'utf8');
  const metrics: Record<string, PythonValue> = text === undefined ? {} : jsonObject(text);
  for (const pair of metric) {
    const cut = pair.indexOf('=');
    if (cut < 0) throw new BotError('metrics', `Invalid --metric value: '${pair}'; expected NAME=VALUE`);
    const name = pair.slice(0, cut).trim();
    if (name === '') throw new BotError('metrics', `Invalid --metric value: '${pair}'; metric name is empty`);
    metrics[name] = pair.slice(cut + 1).trim();
  }
  return metrics;
}

function jsonObject(text: string): Record<string, PythonValue> {
  let value: PythonValue;
  try {
    value = parsePythonJson(text);
  } catch (error) {
    throw new BotError('metrics', `Metrics JSON cannot be read: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BotError('metrics', 'Metrics JSON must be an object');
  return value;
}

/** A parent that leads back to the row is refused; an unknown one may be written later, so it is only said. */
function checkParent(
  rows: readonly ExperimentLogRow[],
  experimentId: string,
  parent: string | undefined,
): string[] {
  if (!parent) return [];
  const byId = new Map(rows.map(({ fields }) => [fields.experiment_id, fields]));
  const seen = new Set<string>();
  for (let at: string | undefined = parent; at && !seen.has(at); at = byId.get(at)?.parent_experiment_id) {
    if (at === experimentId)
      throw new BotError(
        'parent-loop',
        `${parent} cannot be the parent of ${experimentId}: it follows ${experimentId} itself`,
      );
    seen.add(at);
  }
  return byId.has(parent) ? [] : [`the parent ${parent} is not in the experiment log yet`];
}
