import { chartBlock, valueText } from '../src/cards/job-card.ts';
import { scoreboardOf } from '../src/cards/scoreboard.ts';
import { cellText } from '../src/core/cell-text.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Block, Text } from '../src/core/message.ts';
import { inSlices, together } from '../src/core/slices.ts';
import { hasVerdict } from '../src/core/verdict.ts';

const ROWS_SHOWN = 10;
const LEARNT_SHOWN = 5;

export const report = defineCommand({
  name: 'report',
  group: 'Experiments',
  summary: "The session's results so far, here and as experiment_report.md",
  examples: ['report'],
  options: {
    save: { type: 'boolean', description: 'write the file to disk too, and tell people (default: yes)' },
  },
  services: ['session', 'rows', 'results', 'verdicts', 'reports', 'charts', 'causes', 'saveFile'],
  role: 'viewer',
  visibility: ({ save = true }) => (save ? 'public' : 'private'),
  changes: true,
  repeatable: true,
  draws: true,
  working: 'Writing the report',
  async run({ save = true }, { services }) {
    const { path, text } = save
      ? await services.reports.write(services)
      : { path: null, text: await services.reports.text(services) };
    const bytes = Buffer.from(text);
    const { name, objective } = services.session.info();
    const rows = await inSlices(together(services.rows.pages()));
    const shown = rows.slice(-ROWS_SHOWN).reverse();
    const entries = objective ? scoreboardOf(rows, objective.metric) : [];
    const counts = [...Map.groupBy(rows, ({ status }) => status)].map(([status, group]) => ({
      status,
      count: group.length,
    }));
    return {
      session: name,
      path,
      counts,
      best: services.results.best() ?? null,
      open: (await inSlices(services.verdicts.missing())).ids.length,
      learnt: rows
        .filter(({ result_summary }) => hasVerdict(result_summary))
        .slice(-LEARNT_SHOWN)
        .reverse()
        .map(({ experiment_id, result_summary }) => ({ experiment_id, result_summary })),
      file: await services.saveFile(bytes, 'md'),
      bytes: bytes.length,
      chart:
        objective && entries.some(({ value }) => value !== null)
          ? await services.charts.draw({
              kind: 'scoreboard',
              title: name,
              metric: objective.metric,
              mode: objective.mode,
              entries,
            })
          : null,
      rows: shown,
      results: await services.causes.results(shown, services),
    };
  },
  view({ session, path, counts, best, open, learnt, file, bytes, chart, rows, results }) {
    const summary = counts.map(({ status, count }) => `${count} ${status}`).join(', ') || 'nothing yet';
    const blocks: Block[] = [{ kind: 'text', text: [{ bold: session }, `: ${summary}.`] }];
    if (best)
      blocks.push({
        kind: 'text',
        text: [
          { bold: 'Best' },
          ': ',
          { code: best.experiment_id },
          ` with ${best.objective_metric} ${valueText(best)}${best.hypothesis === '' ? '.' : `. Its hypothesis: ${best.hypothesis}`}`,
        ],
      });
    if (open > 0)
      blocks.push({ kind: 'text', text: `${open} ${open === 1 ? 'run waits' : 'runs wait'} for a verdict.` });
    for (const { experiment_id, result_summary } of learnt)
      blocks.push({
        kind: 'text',
        text: [{ bold: 'Learnt' }, ' from ', { code: experiment_id }, `: ${result_summary}`],
      });
    if (chart) blocks.push(chartBlock(chart));
    if (rows.length > 0)
      blocks.push({
        kind: 'table',
        columns: ['experiment', 'status', 'value', 'result', 'next'],
        rows: rows.map((row, index): Text[] => [
          { code: row.experiment_id },
          row.status,
          valueText(row),
          cellText(results[index]!),
          cellText(row.next_action),
        ]),
      });
    blocks.push(
      ...(path === null ? [] : [{ kind: 'text' as const, text: ['On disk: ', { code: path }, '.'] }]),
      { kind: 'file', file, name: 'experiment_report.md', bytes },
    );
    return { blocks };
  },
});
