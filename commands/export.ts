import { defineCommand } from '../src/core/command.ts';

export const exportLog = defineCommand({
  name: 'export',
  summary: 'The experiment log as experiment_log.csv',
  examples: ['export'],
  options: {},
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run(_options, context) {
    const csv = context.experiments.csv();
    const bytes = Buffer.from(csv);
    const { name, csvPath } = context.experiments.session();
    const rows = context.experiments.count();
    return {
      session: name,
      path: csvPath,
      rows,
      bytes: bytes.length,
      file: await context.saveFile(bytes, 'csv'),
    };
  },
  view: ({ session, path, rows, bytes, file }) => ({
    blocks: [
      { kind: 'text', text: [{ bold: session }, `: ${rows} experiments. On disk as `, { code: path }, '.'] },
      { kind: 'file', file, name: 'experiment_log.csv', bytes },
    ],
  }),
});
