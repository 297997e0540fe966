import { chartBlock } from '../src/cards/job-card.ts';
import { scoreboardOf } from '../src/cards/scoreboard.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Block, Text } from '../src/core/message.ts';

const ROWS_SHOWN = 10;

export const report = defineCommand({
  name: 'report',
  summary: 'What the session has come to, as experiment_report.md and here',
  examples: ['report'],
  options: {},
  role: 'viewer',
  visibility: 'public',
  changes: true,
  async run(_options, { experiments, reports, charts, saveFile }) {
    const { path, text } = await reports.write(experiments);
    const bytes = Buffer.from(text);
    const { name, objective } = experiments.session();
    const rows = experiments.rows();
    const entries = objective ? scoreboardOf(rows, objective.metric) : [];
    const counts = [...Map.groupBy(rows, ({ status }) => status)].map(([status, group]) => ({
      status,
      count: group.length,
    }));
    return {
      session: name,
      path,
      counts,
      best: experiments.best() ?? null,
      open: experiments.withoutVerdict().length,
      file: await saveFile(bytes, 'md'),
      bytes: bytes.length,
      chart:
        objective && entries.some(({ value }) => value !== null)
          ? await charts.draw({
              kind: 'scoreboard',
              title: name,
              metric: objective.metric,
              mode: objective.mode,
              entries,
            })
          : null,
      rows: rows.slice(-ROWS_SHOWN).reverse(),
    };
  },
  view({ session, path, counts, best, open, file, bytes, chart, rows }) {
    const summary = counts.map(({ status, count }) => `${count} ${status}`).join(', ') || 'nothing yet';
    const blocks: Block[] = [{ kind: 'text', text: [{ bold: session }, `: ${summary}.`] }];
    if (best)
      blocks.push({
        kind: 'text',
        text: [
          { bold: 'Best' },
          ': ',
          { code: best.experiment_id },
          ` with ${best.objective_metric} ${best.objective_value}. ${best.hypothesis}`,
        ],
      });
    if (open > 0)
      blocks.push({ kind: 'text', text: `${open} ${open === 1 ? 'run waits' : 'runs wait'} for a verdict.` });
    if (chart) blocks.push(chartBlock(chart));
    if (rows.length > 0)
      blocks.push({
        kind: 'table',
        columns: ['experiment', 'status', 'value', 'result', 'next'],
        rows: rows.map((row): Text[] => [
          { code: row.experiment_id },
          row.status,
          row.objective_value,
          row.result_summary,
          row.next_action,
        ]),
      });
    blocks.push(
      { kind: 'text', text: ['On disk as ', { code: path }, '.'] },
      { kind: 'file', file, name: 'experiment_report.md', bytes },
    );
    return { blocks };
  },
});
