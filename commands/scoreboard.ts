import { chartBlock, valueText } from '../src/cards/job-card.ts';
import { scoreboardOf } from '../src/cards/scoreboard.ts';
import { cellText } from '../src/core/cell-text.ts';
import { defineCommand } from '../src/core/command.ts';
import { asRead } from '../src/core/config-delta.ts';
import type { ExperimentRow } from '../src/core/experiment.ts';
import type { Block, Text } from '../src/core/message.ts';
import { byTask, ranked, type ScoreboardEntry, scoreboardOrder } from '../src/core/scoreboard.ts';
import { inSlices, type Slices } from '../src/core/slices.ts';

/** Rows of a task's experiments: the best, those that failed last, and the last of all others. */
const SHOWN = { best: 8, failed: 3, others: 1 };
const TASKS_SHOWN = 4;

export const scoreboard = defineCommand({
  name: 'scoreboard',
  group: 'Experiments',
  summary: "The results of the session's experiments, the best first",
  examples: ['scoreboard'],
  options: {},
  services: ['session', 'rows', 'charts', 'causes'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  draws: true,
  working: 'Drawing the chart',
  async run(_options, { services }) {
    const { name, objective } = services.session.info();
    if (!objective) return { session: name, objective: null, best: [], chart: null, rows: [] };
    const entries = await inSlices(entriesOf(services.rows.pages(), objective.metric));
    const request = { kind: 'scoreboard', title: name, ...objective, entries } as const;
    const chart = entries.length === 0 ? null : await services.charts.draw(request);
    const tasks = byTask(request).slice(0, TASKS_SHOWN);
    const listed = tasks.flatMap((task) =>
      scoreboardOrder(task.request, SHOWN).flatMap(({ label }) => services.rows.get(label) ?? []),
    );
    const results = await services.causes.results(listed, services);
    const rows = listed.map((row, index) => ({
      experiment: row.experiment_id,
      task: row.task_key,
      status: row.status,
      value: valueText(row),
      changes: row.change_summary,
      result: results[index]!,
    }));
    const best = tasks.flatMap(({ task, request: own }) => {
      const [first] = ranked(own);
      return first ? [{ task, experiment: first.label }] : [];
    });
    return { session: name, objective, best, chart, rows };
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
    const areSeveral = new Set(rows.map(({ task }) => task)).size > 1;
    const bests = best.map(({ task, experiment }) =>
      areSeveral ? `${experiment} of ${task || 'those without a task'}` : experiment,
    );
    const ofBest = bests.length > 0 ? `; best: ${bests.join(', ')}` : '';
    const what = `${objective.metric}, ${objective.mode}imum${ofBest}`;
    if (!chart)
      return {
        blocks: [
          { kind: 'text', text: [{ bold: session }, `: ${what}`] },
          { kind: 'text', text: 'No experiment has ended yet.' },
        ],
      };
    // The session's name is the chart's title.
    const blocks: Block[] = [{ kind: 'text', text: what }, chartBlock(chart)];
    blocks.push({
      kind: 'table',
      columns: ['experiment', ...(areSeveral ? ['task'] : []), 'status', 'value', 'changed', 'result'],
      rows: rows.map(({ experiment, task, status, value, changes, result }): Text[] => [
        { code: experiment },
        ...(areSeveral ? [task] : []),
        status,
        value,
        cellText(asRead(changes)),
        cellText(result),
      ]),
    });
    return { blocks };
  },
});

function* entriesOf(pages: Iterable<ExperimentRow[]>, metric: string): Slices<ScoreboardEntry[]> {
  const entries: ScoreboardEntry[] = [];
  for (const rows of pages) {
    entries.push(...scoreboardOf(rows, metric));
    yield;
  }
  return entries;
}
