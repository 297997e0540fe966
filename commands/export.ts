import { defineCommand } from '../src/core/command.ts';
import { markdownText } from '../src/core/markdown-text.ts';
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
  async run({ format = 'csv', spreadsheet = false }, { services }) {
    const { name, csvPath } = services.session.info();
    const lines = services.csv.table();
    const harmless = () => lines.map((cells) => cells.map(withoutFormulas));
    const text = {
      // Without a byte order mark, spreadsheets assume the encoding of their own country.
      csv: () => (spreadsheet ? `\uFEFF${services.csv.format(harmless())}` : services.csv.text()),
      json: () => `${JSON.stringify(objects(lines), null, 1)}\n`,
      markdown: () => markdown(lines),
    }[format]();
    const bytes = Buffer.from(text);
    return {
      session: name,
      path: csvPath,
      rows: lines.length - 1,
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

function objects([columns, ...rows]: readonly (readonly string[])[]): Record<string, string>[] {
  return rows.map((cells) => Object.fromEntries(columns!.map((column, index) => [column, cells[index]!])));
}

function markdown([columns, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const words = (cells: readonly string[]) => line(cells.map(markdownLines));
  return words(columns!) + line(columns!.map(() => '---')) + rows.map(words).join('');
}

/** A cell of Markdown, each of its lines as it was written. */
function markdownLines(cell: string): string {
  return cell.split(/\r?\n/).map(markdownText).join('<br>');
}
