import { defineCommand } from '../src/core/command.ts';

const FORMATS = ['csv', 'json', 'markdown'] as const;
const EXTENSIONS = { csv: 'csv', json: 'json', markdown: 'md' } as const;
/** Characters that make a spreadsheet treat a cell as a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r\n]/;

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
  async run({ format = 'csv', spreadsheet = false }, { services }) {
    const { name, csvPath } = services.session.info();
    const [columns, ...rows] = services.csv.table() as [string[], ...string[][]];
    const lines = [columns, ...rows].map((cells) => (spreadsheet ? cells.map(harmless) : cells));
    const text = {
      // Without a byte order mark, spreadsheets assume the encoding of their own country.
      csv: () => (spreadsheet ? `\uFEFF${services.csv.format(lines)}` : services.csv.text()),
      json: () => `${JSON.stringify(objects(lines), null, 1)}\n`,
      markdown: () => markdown(lines),
    }[format]();
    const bytes = Buffer.from(text);
    return {
      session: name,
      path: csvPath,
      rows: rows.length,
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

/** With a leading quote, which spreadsheets do not show, if they would treat the cell as a formula. */
function harmless(text: string): string {
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  return FORMULA.test(text) && !isNumber ? `'${text}` : text;
}

function objects([columns, ...rows]: readonly (readonly string[])[]): Record<string, string>[] {
  return rows.map((cells) => Object.fromEntries(columns!.map((column, index) => [column, cells[index]!])));
}

function markdown([columns, ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\r?\n/g, '<br>')).join(' | ')} |\n`;
  return line(columns!) + line(columns!.map(() => '---')) + rows.map(line).join('');
}
