import { clip } from '../core/clip.ts';
import type { ExperimentRow, ObjectiveMode } from '../core/experiment.ts';
import { markdownText } from '../core/markdown-text.ts';
import { parseValue } from '../core/objective.ts';
import { isoSeconds } from '../core/time.ts';
import { isMachineText } from './from-job.ts';

export const REPORT_NAME = 'experiment_report.md';
export const REPORT_TITLE = 'Experiment Monitor Report';
/** As many recent rows as the original script shows. */
export const REPORT_ROWS = 25;

/** As many rows as each of our own sections shows: a report is read by people. */
const SECTION_ROWS = 50;
/** So much of a text is shown, characters; all of it stands in the log. A cell of that may be as long as a book. */
export const REPORT_TEXT_MAX = 2_000;

export interface ReportSection {
  heading: string;
  lines: readonly string[];
}

/**
 * `experiment_report.md` as the original script (render_experiment_report) writes it, and below it what is added here.
 * `now` in epoch milliseconds.
 */
export function renderReport(
  given: readonly ExperimentRow[],
  options: {
    title: string;
    maxRows: number;
    objectiveMode: 'auto' | ObjectiveMode;
    now: number;
    additions?: readonly ReportSection[];
  },
): string {
  const rows = byUpdate(given);
  const mode = options.objectiveMode === 'auto' ? modeOf(rows) : options.objectiveMode;
  const best = bestRow(rows, mode);
  const lines = [
    `# ${markdownText(options.title)}`,
    '',
    `Generated: ${isoSeconds(options.now)}`,
    '',
    '## Summary',
    '',
    `- Total experiments: ${rows.length}`,
    `- Objective mode: ${mode}`,
    ...counts(rows).map(([status, count]) => `- ${markdownText(`${status}: ${count}`)}`),
    '',
    '## Best Result',
    '',
    best
      ? `- ${markdownText(`${best.experiment_id}: ${best.objective_metric}=${best.objective_value}`)}`
      : '- No completed experiments with numeric objective values.',
    '',
    '## Recent Experiments',
    '',
    '| Experiment | Status | Metric | Value | Updated | Next Action |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows
      .slice(0, options.maxRows)
      .map((row) =>
        tableRow([
          row.experiment_id,
          row.status,
          row.objective_metric,
          row.objective_value,
          row.updated_at,
          row.next_action,
        ]),
      ),
  ];
  for (const { heading, lines: own } of options.additions ?? []) lines.push('', `## ${heading}`, '', ...own);
  return `${lines.join('\n').trim()}\n`;
}

/**
 * What the rows alone say beyond the original's report: what was learnt, what waits for a word, what failed, what is
 * next; of each the last updated ones.
 */
export function reportAdditions(given: readonly ExperimentRow[]): ReportSection[] {
  const rows = byUpdate(given);
  const learnt = rows.filter(({ result_summary }) => !isMachineText('result_summary', result_summary));
  const open = rows.filter(
    (row) =>
      row.hypothesis !== '' &&
      (row.status === 'completed' || row.status === 'failed') &&
      isMachineText('result_summary', row.result_summary),
  );
  const failed = rows.filter(({ status }) => status === 'failed');
  const planned = rows.filter(({ status }) => status === 'planned');
  const section = (heading: string, of: readonly ExperimentRow[], text: (row: ExperimentRow) => string) => {
    const more = of.length - SECTION_ROWS;
    const lines = of.slice(0, SECTION_ROWS).map((row) => `- ${shown(`${row.experiment_id}: ${text(row)}`)}`);
    return { heading, lines: more > 0 ? [...lines, `- and ${more} more`] : lines };
  };
  return [
    section('Learnt', learnt, (row) => withReason(row.result_summary, row.hypothesis)),
    section('Verdicts Open', open, (row) => row.hypothesis),
    section('Failed', failed, (row) => row.result_summary || 'no reason given'),
    section('Planned', planned, (row) => row.hypothesis || row.command),
  ].filter(({ lines }) => lines.length > 0);
}

function withReason(result: string, hypothesis: string): string {
  return hypothesis === '' ? result : `${result} (hypothesis: ${hypothesis})`;
}

/** The last updated first; rows of the same second in their order. */
function byUpdate(rows: readonly ExperimentRow[]): ExperimentRow[] {
  const time = (row: ExperimentRow) => row.updated_at || row.created_at;
  return rows.toSorted((a, b) => (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : 0));
}

function modeOf(rows: readonly ExperimentRow[]): ObjectiveMode {
  return rows.find(({ objective_mode }) => objective_mode !== '')?.objective_mode === 'min' ? 'min' : 'max';
}

/** Among completed rows with a number; what is no number never wins, which Python's min and max would let a NaN do. */
function bestRow(rows: readonly ExperimentRow[], mode: ObjectiveMode): ExperimentRow | undefined {
  let best: ExperimentRow | undefined;
  let held = Number.NaN;
  for (const row of rows) {
    const value = parseValue(row.objective_value);
    if (row.status !== 'completed' || value === null) continue;
    if (best === undefined || (mode === 'min' ? value < held : value > held)) {
      best = row;
      held = value;
    }
  }
  return best;
}

function counts(rows: readonly ExperimentRow[]): [string, number][] {
  const found = new Map<string, number>();
  for (const { status } of rows) found.set(status, (found.get(status) ?? 0) + 1);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map(shown).join(' | ')} |`;
}

function shown(text: string): string {
  return markdownText(clip(text, REPORT_TEXT_MAX));
}
