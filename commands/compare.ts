import { chartBlock } from '../src/cards/job-card.ts';
import { defineCommand } from '../src/core/command.ts';
import { changesText } from '../src/core/config-delta.ts';
import { BotError } from '../src/core/errors.ts';
import { counting } from '../src/core/how-far.ts';
import { jobName } from '../src/core/job.ts';
import type { Block, Text } from '../src/core/message.ts';
import { best, latest, pickObjective, unknownTag } from '../src/core/series.ts';
import { countText, metricText } from '../src/core/units.ts';

/** More curves cannot be distinguished. */
const JOBS_MAX = 7;
const CHANGES_SHOWN = 12;

export const compare = defineCommand({
  name: 'compare',
  group: 'Runs',
  summary: 'Several runs on one chart, and how their settings differ',
  examples: ['compare 7 9', 'compare 7 8 9 value/mae', 'compare last 7 axis=relative'],
  options: {
    jobs: {
      type: 'jobs',
      max: JOBS_MAX,
      last: 'began',
      required: true,
      description: 'which jobs; a single one is compared with the best',
    },
    tag: { type: 'tag', description: 'which metric (default: the objective, else the loss)' },
    axis: {
      type: 'choice',
      choices: ['step', 'time', 'relative'],
      positional: false,
      description: 'x-axis: step (default), time, or relative time',
    },
  },
  services: ['session', 'metrics', 'charts', 'runs'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  draws: true,
  working: 'Drawing the chart',
  async run({ jobs, tag, axis }, { reply, services }) {
    const references = jobs.length === 1 ? services.runs.references(jobs[0]!) : [];
    const compared = [...jobs, ...references.map(({ job }) => job)];
    const { counted, howFar } = counting(compared.length, 'runs');
    reply.howFar(howFar);
    const runs = await Promise.all(compared.map((job) => counted(services.metrics.series(job))));
    const wanted =
      tag ??
      pickObjective(
        runs.find(({ series }) => series.length > 0)?.series ?? [],
        services.session.info().objective?.metric,
      )?.tag;
    const tags = [...new Set(runs.flatMap(({ series }) => series.map((each) => each.tag)))];
    if (wanted === undefined || tags.length === 0) {
      throw new BotError(
        'no-metrics',
        compared.length > 1
          ? 'None of them has logged a metric to compare.'
          : `${jobName(jobs[0]!)} has logged no metric.`,
        'Try again when there are some, or look at one with "metrics".',
      );
    }
    if (!tags.includes(wanted))
      throw unknownTag(compared.length > 1 ? 'None of them has' : `${jobName(jobs[0]!)} has`, wanted, tags);
    const labels = await services.runs.labels(compared);
    const series = runs.map(
      (run) => run.series.find((each) => each.tag === wanted && each.length > 0) ?? null,
    );
    const drawn = series.flatMap((each, index) => (each ? [{ label: labels[index]!, series: each }] : []));
    const mode = services.session.info().objective?.mode ?? 'min';
    const [first] = compared;
    return {
      tag: wanted,
      mode,
      chart: await services.charts.draw({ title: wanted, axis: axis ?? 'step', curves: drawn }),
      runs: await Promise.all(
        compared.map(async (job, index) => {
          const points = series[index];
          const delta = await services.runs.changesBetween(first!, job);
          return {
            jobId: jobName(job),
            status: job.status,
            points: points?.length ?? 0,
            latest: points ? (latest(points)?.value ?? null) : null,
            best: points ? (best(points, mode)?.value ?? null) : null,
            changes:
              'unknown' in delta
                ? `settings unknown: ${delta.unknown}`
                : changesText(delta.changes, CHANGES_SHOWN, '→') || 'the same settings',
          };
        }),
      ),
    };
  },
  view({ tag, mode, chart, runs }) {
    const value = (number: number | null) => (number === null ? 'none' : metricText(tag, number));
    const rows = runs.map((run): Text[] => [
      { code: run.jobId },
      run.status,
      value(run.latest),
      value(run.best),
      countText(run.points),
    ]);
    const [first, ...others] = runs;
    const differences: Block[] = others.map(({ jobId, changes }) => ({
      kind: 'text',
      text: [{ code: jobId }, ' vs ', { code: first!.jobId }, `: ${changes}`],
    }));
    return {
      blocks: [
        chartBlock(chart),
        { kind: 'table', columns: ['job', 'status', 'latest', `${mode}imum`, 'points'], rows },
        ...differences,
        ...(others.length > 0 ? [] : [alone(first!.jobId)]),
      ],
    };
  },
});

function alone(job: string): Block {
  return {
    kind: 'text',
    text: [
      { code: job },
      ' has no parent, and there is no best run of its task. Name a second job to compare it with.',
    ],
  };
}
