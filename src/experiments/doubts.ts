import { clip } from '../core/clip.ts';
import type { ExperimentRow } from '../core/experiment.ts';
import { parseValue } from '../core/objective.ts';

/** Ids that no command makes: they are kept, and never used as a path. */
const ODD_ID = /[/\\]|\.\./;

/**
 * What makes no sense in a row that somebody else wrote, in words; it is kept as it stands. `parentOf` an id: its
 * parent's id, empty for none, undefined for an id that is not in the log. `before`: the row as it was agreed on.
 */
export function doubtsAbout(
  row: ExperimentRow,
  before: ExperimentRow | null,
  parentOf: (id: string) => string | undefined,
): string[] {
  const isNew = (column: keyof ExperimentRow) => row[column] !== '' && row[column] !== before?.[column];
  const doubts: string[] = [];
  if (isNew('experiment_id') && ODD_ID.test(row.experiment_id))
    doubts.push('its id looks like a path; commands do not make such ids');
  if (isNew('objective_value') && parseValue(row.objective_value) === null)
    doubts.push(`its objective_value "${short(row.objective_value)}" is not a number, so it is ignored`);
  if (isNew('metrics_json') && !isObject(row.metrics_json))
    doubts.push(`its metrics_json "${short(row.metrics_json)}" is not a JSON object`);
  if (isNew('parent_experiment_id')) doubts.push(...parentDoubts(row, parentOf));
  return doubts;
}

function parentDoubts(
  { experiment_id, parent_experiment_id }: ExperimentRow,
  parentOf: (id: string) => string | undefined,
): string[] {
  const seen = new Set<string>();
  for (let at: string | undefined = parent_experiment_id; at; at = parentOf(at)) {
    if (at === experiment_id) return [`its parent ${short(parent_experiment_id)} follows it itself, a loop`];
    if (seen.has(at)) return [];
    seen.add(at);
  }
  return parentOf(parent_experiment_id) === undefined
    ? [`its parent ${short(parent_experiment_id)} is not in the log`]
    : [];
}

function isObject(text: string): boolean {
  try {
    // Python writes NaN and Infinity into JSON, and so may this log.
    const value: unknown = JSON.parse(text.replace(/(?<=[:,[]\s*)-?(NaN|Infinity)(?=\s*[,\]}])/g, 'null'));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function short(text: string): string {
  return clip(text, 60);
}
