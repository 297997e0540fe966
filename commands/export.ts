import { defineCommand } from '../src/core/command.ts';
import { EXPERIMENT_COLUMNS, type ExperimentRow } from '../src/core/experiment.ts';

const FORMATS = ['csv', 'json', 'markdown'] as const;
const EXTENSIONS = { csv: 'csv', json: 'json', markdown: 'md' } as const;
/** Characters that make a spreadsheet take a cell for a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

export const exportLog = defineCommand({
  name: 'export',
  summary: 'The experiment log as a file: the canonical CSV, JSON or Markdown',
  examples: ['export', 'export json', 'export spreadsheet=true'],
  options: {
    format: { type: 'choice', choices: FORMATS, description: 'csv (unless said), json or markdown' },
    spreadsheet: {
      type: 'boolean',
      description: 'with cells that would be taken for formulas made harmless',
    },
  },
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ format = 'csv', spreadsheet = false }, { experiments, saveFile, csv }) {
    const { name, csvPath } = experiments.session();
    const rows = experiments.rows();
    const shown = spreadsheet ? rows.map(harmless) : rows;
    const text =
      format === 'json'
        ? `${JSON.stringify(shown, null, 1)}\n`
        : format === 'markdown'
          ? markdown(shown)
          : spreadsheet
            ? csv(shown)
            : experiments.csv();
    const bytes = Buffer.from(text);
    return {
      session: name,
      path: csvPath,
      rows: rows.length,
      bytes: bytes.length,
      name: `experiment_log.${EXTENSIONS[format]}`,
      file: await saveFile(bytes, EXTENSIONS[format]),
    };
  },
  view: ({ session, path, rows, bytes, file, name }) => ({
    blocks: [
      { kind: 'text', text: [{ bold: session }, `: ${rows} experiments. On disk as `, { code: path }, '.'] },
      { kind: 'file', file, name, bytes },
    ],
  }),
});

/** A quote in front, which spreadsheets do not show. */
function harmless(row: ExperimentRow): ExperimentRow {
  const cells = EXPERIMENT_COLUMNS.map((column) => {
    const text = row[column];
    const isNumber = text !== '' && Number.isFinite(Number(text));
    return [column, FORMULA.test(text) && !isNumber ? `'${text}` : text];
  });
  return Object.fromEntries(cells) as ExperimentRow;
}

function markdown(rows: readonly ExperimentRow[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\r?\n/g, '<br>')).join(' | ')} |\n`;
  return (
    line(EXPERIMENT_COLUMNS) +
    line(EXPERIMENT_COLUMNS.map(() => '---')) +
    rows.map((row) => line(EXPERIMENT_COLUMNS.map((column) => row[column]))).join('')
  );
}
