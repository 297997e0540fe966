import { clip } from '../core/clip.ts';
import type { ExperimentRow } from '../core/experiment.ts';
import { parseValue } from '../core/objective.ts';
import { parsePythonJson } from './python-text.ts';

/** Ids that no command makes: they are kept, and never used as a path. */
const ODD_ID = /[/\\]|\.\./;

/** What may make no sense. */
const DOUBTED = ['experiment_id', 'objective_value', 'metrics_json', 'parent_experiment_id'] as const;

/** Whether a change of a row may have brought something that makes no sense. */
export function mayBeDoubted(row: ExperimentRow, before: ExperimentRow): boolean {
  return DOUBTED.some((column) => row[column] !== before[column]);
}

/**
 * What makes no sense in a row that somebody else wrote, in words; it is kept as it stands. `before`: the row as it was
 * agreed on.
 */
export function doubtsAbout(row: ExperimentRow, before: ExperimentRow | null, parents: Parents): string[] {
  const isNew = (column: (typeof DOUBTED)[number]) => row[column] !== '' && row[column] !== before?.[column];
  const doubts: string[] = [];
  if (isNew('experiment_id') && ODD_ID.test(row.experiment_id))
    doubts.push('its id looks like a path; commands do not make such ids');
  if (isNew('objective_value') && parseValue(row.objective_value) === null)
    doubts.push(`its objective_value "${short(row.objective_value)}" is not a number, so it is ignored`);
  if (isNew('metrics_json') && !isObject(row.metrics_json))
    doubts.push(`its metrics_json "${short(row.metrics_json)}" is not a JSON object`);
  if (isNew('parent_experiment_id')) doubts.push(...parentDoubts(row, parents));
  return doubts;
}

function parentDoubts({ experiment_id, parent_experiment_id }: ExperimentRow, parents: Parents): string[] {
  if (parents.isInLoop(experiment_id))
    return [`its parent ${short(parent_experiment_id)} follows it itself, a loop`];
  return parents.parentOf(parent_experiment_id) === undefined
    ? [`its parent ${short(parent_experiment_id)} is not in the log`]
    : [];
}

/** Who follows whom in a log. */
export interface Parents {
  parentOf(id: string): string | undefined;
  /** Whether parents lead from it back to it. Every line of parents is followed once, whoever asks. */
  isInLoop(id: string): boolean;
}

/** `parentOf` an id: its parent's id, empty for none, undefined for an id that is not in the log. */
export function createParents(parentOf: (id: string) => string | undefined): Parents {
  const known = new Map<string, boolean>();
  return {
    parentOf,
    isInLoop(id) {
      const line = new Set<string>();
      let at: string | undefined = id;
      while (at && !line.has(at) && !known.has(at)) {
        line.add(at);
        at = parentOf(at);
      }
      let isLoop = false;
      for (const each of line) {
        isLoop ||= each === at;
        known.set(each, isLoop);
      }
      return known.get(id)!;
    },
  };
}

function isObject(text: string): boolean {
  try {
    const value = parsePythonJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function short(text: string): string {
  return clip(text, 60);
}
