import { chartBlock, valueText } from '../src/cards/job-card.ts';
import { scoreboardOf } from '../src/cards/scoreboard.ts';
import { cellText } from '../src/core/cell-text.ts';
import { defineCommand } from '../src/core/command.ts';
import type { Block, Text } from '../src/core/message.ts';

const ROWS_SHOWN = 10;

export const scoreboard = defineCommand({
  name: 'scoreboard',
  group: 'Experiments',
  summary: "The results of the session's experiments, and the best so far",
  examples: ['scoreboard'],
  options: {},
  services: ['session', 'rows', 'results', 'charts', 'causes'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  draws: true,
  async run(_options, { services }) {
    const { name, objective } = services.session.info();
    if (!objective) return { session: name, objective: null, best: null, chart: null, rows: [] };
    const all = services.rows.all();
    const entries = scoreboardOf(all, objective.metric);
    const chart =
      entries.length === 0
        ? null
        : await services.charts.draw({
            kind: 'scoreboard',
            title: name,
            metric: objective.metric,
            mode: objective.mode,
            entries,
          });
    const shown = new Set(entries.slice(-ROWS_SHOWN).map(({ label }) => label));
    const listed = all.filter(({ experiment_id }) => shown.has(experiment_id)).reverse();
    const results = await services.causes.results(listed, services);
    const rows = listed.map((row, index) => ({
      experiment: row.experiment_id,
      status: row.status,
      value: valueText(row),
      changes: row.change_summary,
      result: results[index]!,
    }));
    return { session: name, objective, best: services.results.best()?.experiment_id ?? null, chart, rows };
  },
  view({ session, objective, best, chart, rows }) {
    if (!objective)
      return {
        blocks: [
          {
            kind: 'text',
            text: `${session} has no objective. Name one under session.objective in xaxbot.yaml: a metric and min or max.`,
          },
        ],
      };
    const blocks: Block[] = [
      {
        kind: 'text',
        text: [
          { bold: session },
          `: ${objective.metric}, ${objective.mode}imum${best ? `; best: ${best}` : ''}`,
        ],
      },
    ];
    if (!chart) return { blocks: [...blocks, { kind: 'text', text: 'No experiment has ended yet.' }] };
    blocks.push(chartBlock(chart), {
      kind: 'table',
      columns: ['experiment', 'status', 'value', 'changed', 'result'],
      rows: rows.map(({ experiment, status, value, changes, result }): Text[] => [
        { code: experiment },
        status,
        value,
        cellText(changes),
        cellText(result),
      ]),
    });
    return { blocks };
  },
});
