import { chartBlock, numberText } from '../src/cards/job-card.ts';
import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { Block, Text } from '../src/core/message.ts';
import type { Series } from '../src/core/metrics.ts';
import { nearest } from '../src/core/nearest.ts';
import { latest, pickObjective } from '../src/core/series.ts';

const TAGS_SHOWN = 40;

export const metrics = defineCommand({
  name: 'metrics',
  summary: "A job's latest values and a chart",
  examples: ['metrics running', 'metrics 7 value/mae', 'metrics 7 panels'],
  options: {
    job: { type: 'job', required: true, description: 'which job' },
    tag: { type: 'tag', description: 'which metric to draw; the objective or the loss unless said' },
    panels: { type: 'boolean', description: 'draw several metrics, each in a small picture of its own' },
  },
  role: 'viewer',
  visibility: 'private',
  changes: false,
  async run({ job, tag, panels }, context) {
    const { series, corruptRecords } = await context.metrics.series(job);
    const tags = series.map((each) => each.tag);
    if (tag !== undefined && tags.length > 0 && !tags.includes(tag)) {
      throw new BotError(
        'unknown-tag',
        `${job.jobId} has no metric "${tag.slice(0, 60)}".`,
        `Nearest: ${nearest(tag, tags, 3).join(', ')}.`,
      );
    }
    const chosen =
      tag === undefined
        ? pickObjective(series, context.experiments.session().objective?.metric)
        : series.find((each) => each.tag === tag);
    const chart =
      chosen && chosen.length > 0
        ? await context.charts.draw(
            panels
              ? { kind: 'panels', title: job.jobId, panels: inOrder(chosen, series) }
              : {
                  title: `${job.jobId} ${chosen.tag}`,
                  curves: await context.runs.measured(job, chosen),
                },
          )
        : null;
    const values = series.map((each) => ({ tag: each.tag, points: each.length, ...latest(each) }));
    return { jobId: job.jobId, tag: chosen?.tag ?? null, values, corruptRecords, chart };
  },
  view({ jobId, tag, values, corruptRecords, chart }) {
    if (values.length === 0) return { blocks: [{ kind: 'text', text: `${jobId} has logged no metrics.` }] };
    const blocks: Block[] = [{ kind: 'text', text: [{ bold: jobId }, tag ? `: ${tag}` : ''] }];
    if (chart) blocks.push(chartBlock(chart));
    const rows = values
      .slice(0, TAGS_SHOWN)
      .map(({ tag, value, step, points }): Text[] => [
        tag,
        value === undefined ? '' : numberText(value),
        step === undefined ? '' : String(step),
        String(points),
      ]);
    blocks.push({ kind: 'table', columns: ['metric', 'latest', 'step', 'points'], rows });
    if (values.length > TAGS_SHOWN)
      blocks.push({ kind: 'text', text: `and ${values.length - TAGS_SHOWN} more metrics` });
    if (corruptRecords > 0)
      blocks.push({ kind: 'text', text: `${corruptRecords} damaged records were skipped.` });
    return { blocks };
  },
});

/** The chosen one first, then those that training logs; xax puts an emoji before its timers and gauges. */
function inOrder(chosen: Series, series: readonly Series[]): Series[] {
  const isTraining = ({ tag }: Series) => /^\p{L}/u.test(tag);
  const others = series.filter((each) => each !== chosen && each.length > 0);
  return [chosen, ...others.filter(isTraining), ...others.filter((each) => !isTraining(each))];
}
