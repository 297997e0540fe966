import { defineCommand } from '../src/core/command.ts';
import type { HowFar } from '../src/core/how-far.ts';
import { markdownText } from '../src/core/markdown-text.ts';
import type { ExperimentCsv } from '../src/core/services/experiment-csv.ts';
import { inSlices, type Slices } from '../src/core/slices.ts';
import { withoutFormulas } from '../src/core/spreadsheet.ts';

const FORMATS = ['csv', 'json', 'markdown'] as const;
const EXTENSIONS = { csv: 'csv', json: 'json', markdown: 'md' } as const;

export const exportExperimentLog = defineCommand({
  name: 'export',
  group: 'Experiments',
  summary: 'The experiment log as a file: CSV, JSON or Markdown',
  examples: ['export', 'export json', 'export spreadsheet=true'],
  options: {
    format: { type: 'choice', choices: FORMATS, description: 'csv (default), json or markdown' },
    spreadsheet: {
      type: 'boolean',
      description: 'escape cells that a spreadsheet would run as formulas',
    },
  },
  services: ['session', 'csv', 'saveFile'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  working: 'Writing the file',
  async run({ format = 'csv', spreadsheet = false }, { reply, services }) {
    const { name, csvPath } = services.session.info();
    let far: HowFar | null = null;
    reply.howFar(() => far);
    const { text, rows } = await inSlices(written(services.csv, format, spreadsheet), undefined, (now) => {
      far = now;
    });
    const bytes = Buffer.from(text);
    return {
      session: name,
      path: csvPath,
      rows,
      bytes: bytes.length,
      name: `experiment_log.${EXTENSIONS[format]}`,
      file: await services.saveFile(bytes, EXTENSIONS[format]),
    };
  },
  view: ({ session, path, rows, bytes, file, name }) => ({
    blocks: [
      { kind: 'text', text: [{ bold: session }, `: ${rows} experiments. On disk as `, { code: path }, '.'] },
      { kind: 'file', file, name, bytes },
    ],
  }),
});

/** How a format writes the columns, and each row after so many others. */
interface Form {
  header(columns: readonly string[]): string;
  row(cells: readonly string[], columns: readonly string[], index: number): string;
  end?: string;
}

/** Without a byte order mark, spreadsheets assume the encoding of their own country. */
const BYTE_ORDER_MARK = '\uFEFF';

function formOf(csv: ExperimentCsv, format: (typeof FORMATS)[number]): Form {
  const harmless = (cells: readonly string[]) => csv.format([cells.map(withoutFormulas)]);
  const forms: Record<typeof format, Form> = {
    csv: { header: (columns) => BYTE_ORDER_MARK + harmless(columns), row: harmless },
    json: {
      header: () => '[',
      row: (cells, columns, index) =>
        `${index === 0 ? '' : ','}\n${indented(Object.fromEntries(columns.map((column, at) => [column, cells[at]!])))}`,
      end: '\n]\n',
    },
    markdown: {
      header: (columns) => markdownRow(columns.map(markdownLines)) + markdownRow(columns.map(() => '---')),
      row: (cells) => markdownRow(cells.map(markdownLines)),
    },
  };
  return forms[format];
}

function* written(
  csv: ExperimentCsv,
  format: (typeof FORMATS)[number],
  spreadsheet: boolean,
): Slices<{ text: string; rows: number }> {
  const [columns = [], ...rows] = yield* csv.table();
  if (format === 'csv' && !spreadsheet) return { text: csv.text(), rows: rows.length };
  const form = formOf(csv, format);
  const parts = [form.header(columns)];
  for (const [index, cells] of rows.entries()) {
    parts.push(form.row(cells, columns, index));
    yield { done: index + 1, of: rows.length, unit: 'rows' };
  }
  return { text: parts.join('') + (form.end ?? ''), rows: rows.length };
}

/** An object as it stands in a list that `JSON.stringify` indents by one. */
function indented(row: Record<string, string>): string {
  return ` ${JSON.stringify(row, null, 1).replaceAll('\n', '\n ')}`;
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

/** A cell of Markdown, each of its lines as it was written. */
function markdownLines(cell: string): string {
  return cell.split(/\r?\n/).map(markdownText).join('<br>');
}
