import { type ExperimentColumn, STATUSES } from '../core/experiment.ts';
import { jobIdMeant } from '../core/job.ts';
import { type Slices, those } from '../core/slices.ts';
import { cellValues } from './cell-values.ts';
import { isDescribed, isExperimentColumn, isRowLabels } from './columns.ts';
import type { DiskRow } from './csv.ts';
import { isErrorValue } from './rewriting.ts';

/** Columns in which people say what an experiment is about. */
const WORDS = [
  'hypothesis',
  'change_summary',
  'result_summary',
  'next_action',
  'command',
  'task_key',
  'notes',
] as const satisfies readonly ExperimentColumn[];
const TIMES = ['started_at', 'ended_at', 'created_at', 'updated_at'] as const;
const PATHS = ['run_dir', 'config_path'] as const;

/** What stands before a summary's numbers, in a spreadsheet's languages and of pandas' `describe`. */
const SUMMARY_WORDS =
  'total|totals|subtotal|sum|average|avg|mean|median|mode|count|counta|min|minimum|max|maximum|std|stdev|stddev|var|variance|range|' +
  'best|worst|overall|Σ|∑|∅|n\\s*=\\s*\\d+|summe|gesamt|insgesamt|gesamtergebnis|ergebnis|mittelwert|durchschnitt|anzahl|somme|moyenne|nombre|suma|promedio|media|totale|итого|всего|среднее|合計|合计|平均|总计';
const SUMMARY = new RegExp(
  `^(?:\\S+\\s+){0,3}(?:${SUMMARY_WORDS})(?:\\s*[:=].*|\\s+(?:of|value|total)\\b.*|\\s*\\(.*\\)|\\s+[\\d.,]+)?$|^(?:${SUMMARY_WORDS})\\s+\\S+$|^(?:25|50|75)%$`,
  'iu',
);
const LONGEST_SUMMARY = 60;
/** `describe` makes at least as many rows, of which the first is `count`. */
const FEWEST_DESCRIBED = 4;
/** How comments begin in the files that people keep beside this one. */
const COMMENT = /^\s*(#|\/\/|--|;|%|\/\*|<!--|'\s|\*\s|>\s)/;

/**
 * Whether a line of the log is an experiment: one that is known, or one that says what only an experiment has. Totals,
 * averages, comments, rulers and headings are none, nor is what nobody can tell from them.
 */
export function isExperiment(row: DiskRow, isKnown: (id: string) => boolean): boolean {
  const { fields } = row;
  const id = (fields.experiment_id ?? '').trim();
  if (id !== '' && isKnown(fields.experiment_id!)) return true;
  const hasFacts = saysFacts(row);
  // `#12` may be an experiment's name; `#lr-3` where lr-3 is one is a row that somebody took out.
  if (COMMENT.test(id)) return hasFacts && /^[#%][^\s#%]/.test(id) && !isKnown(id.slice(1));
  if (hasFacts) return true;
  const hasWords = WORDS.some((column) => isWords(fields[column] ?? ''));
  if (id === '' || isErrorValue(id)) return hasWords;
  if (isSummary(id)) return WORDS.some((column) => column !== 'notes' && isText(fields[column] ?? ''));
  if (hasWords) return true;
  if (!isIdLike(id) || isHeading(id)) return false;
  const others = Object.entries(fields).filter(
    ([name, cell]) => name !== 'experiment_id' && cell.trim() !== '',
  );
  if (others.length === 0) return Object.keys(row.extra).length > 0 || isNamed(id);
  const parent = fields.parent_experiment_id ?? '';
  return (
    isKnown(parent) ||
    (isNumber(fields.objective_value ?? '') && (isNamed(id) || (fields.objective_metric ?? '') !== '')) ||
    (isIdLike(parent) && !isNumber(parent)) ||
    /\p{L}/u.test(fields.owner ?? '')
  );
}

/**
 * Rows that pandas' `describe` made, whose cells are counts and samples of all the others: no single one, which may be an
 * experiment with such a word in a column of somebody's.
 */
export function* descriptionOf(rows: readonly DiskRow[]): Slices<ReadonlySet<DiskRow>> {
  const labels = new Set<string>();
  const described = yield* those(rows, ({ extra }) => {
    const label = Object.entries(extra).find(([name, cell]) => isRowLabels(name) && isDescribed(cell));
    if (label) labels.add(label[1]);
    return label !== undefined;
  });
  return new Set(labels.has('count') && labels.size >= FEWEST_DESCRIBED ? described : []);
}

/** What nobody writes into a total or a comment: a status, a time, a job, a path, metrics. */
function saysFacts({ fields }: DiskRow): boolean {
  const status = (fields.status ?? '').trim().toLowerCase();
  return (
    (STATUSES as readonly string[]).includes(status) ||
    TIMES.some((column) => isTime(fields[column] ?? '')) ||
    isJob(fields.queue_job_id ?? '') ||
    PATHS.some((column) => /[/\\]/.test(fields[column] ?? '')) ||
    /^\s*[{[]/.test(fields.metrics_json ?? '')
  );
}

/** A column's name or a status, as in a further header and in counts of each status. */
function isHeading(id: string): boolean {
  const word = id.toLowerCase();
  return word === 'id' || isExperimentColumn(word) || (STATUSES as readonly string[]).includes(word);
}

function isJob(text: string): boolean {
  return text !== '' && jobIdMeant(text) === text.trim();
}

function isTime(text: string): boolean {
  const { isDate, numbers } = cellValues(text);
  return isDate && numbers.length === 0;
}

/** Words of somebody's, and no summary's label or number. */
function isWords(text: string): boolean {
  return isText(text) && !isSummary(text.trim());
}

function isText(text: string): boolean {
  return /\p{L}/u.test(text) && !/^\s*=/.test(text) && !isErrorValue(text);
}

function isSummary(text: string): boolean {
  return text.length <= LONGEST_SUMMARY && SUMMARY.test(text);
}

function isIdLike(id: string): boolean {
  return /[\p{L}\d]/u.test(id) && !/[\s"]/.test(id) && !/[:;]$/.test(id) && !id.startsWith('=');
}

/** A number, also what Python prints for none and for one without end. */
function isNumber(text: string): boolean {
  return cellValues(text).numbers.length > 0 || /^[-+]?(nan|inf)$/i.test(text);
}

/** As ids are that people give: `lr-9`, `run_5`, not a heading's word or a number alone. */
function isNamed(id: string): boolean {
  return /\p{L}/u.test(id) && /[\d._-]/.test(id) && cellValues(id).days.length === 0;
}
