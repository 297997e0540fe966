import { chartBlock } from '../src/cards/job-card.ts';
import { ruleText } from '../src/cards/judged.ts';
import { runPlaceText } from '../src/cards/run-place.ts';
import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import { type CurvePoints, curvePoints } from '../src/core/curve-points.ts';
import { jobName } from '../src/core/job.ts';
import type { Block, Text } from '../src/core/message.ts';
import type { Series } from '../src/core/metrics.ts';
import { foundPlaceOf, type RunPlace } from '../src/core/run-place.ts';
import { judge, latest, unknownTag } from '../src/core/series.ts';
import { countText, metricText } from '../src/core/units.ts';

const TAGS_SHOWN = 40;
/** Folders and files that are named. */
const NAMED_MAX = 5;
/** Of a curve whose steps are given, and at most. */
const POINTS = 20;
const POINTS_MAX = 500;
const ABSENCE = {
  folder: 'no longer has a run folder; it was moved or removed',
  files: 'has logged no metrics; its run folder has no event files and no metrics log',
  scalars: 'has logged no metrics; its event files and metrics log hold no values yet',
  unread: 'has files of metrics, of which nothing could be read',
};

export const metrics = defineCommand({
  name: 'metrics',
  group: 'Runs',
  summary: "A job's latest values and a chart, or the points of a curve",
  examples: ['metrics running', 'metrics 7 value/mae', 'metrics 7 panels', 'metrics 7 points=20 from=1000'],
  options: {
    job: { type: 'job', required: true, last: 'began', description: 'which job' },
    tag: { type: 'tag', description: 'which metric to draw (default: the objective, else the loss)' },
    panels: { type: 'boolean', description: 'draw several metrics as small multiples' },
    points: {
      type: 'integer',
      min: 1,
      max: POINTS_MAX,
      positional: false,
      description: 'so many points of the curve as numbers, its ends and peaks among them',
    },
    from: { type: 'integer', min: 0, positional: false, description: 'points: the first step' },
    to: { type: 'integer', min: 0, positional: false, description: 'points: the last step' },
  },
  services: ['session', 'metrics', 'charts', 'runs'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  draws: true,
  working: 'Drawing the chart',
  async run({ job, tag, panels, points, from, to }, { services }) {
    const run = await services.metrics.series(job);
    const { series, corruptRecords, absence, tagsKept, sources, place, candidates } = run;
    // Counters and totals are values, too, which nobody is shown as a curve that did not ask for it.
    const all = [...series, ...(sources?.beside ?? [])];
    const tags = all.map((each) => each.tag);
    if (tag !== undefined && tags.length > 0 && !tags.includes(tag))
      throw unknownTag(`${jobName(job)} has`, tag, tags);
    const judged = tag === undefined ? judge(series, services.session.info().objective?.metric) : undefined;
    const chosen = tag === undefined ? judged?.series : all.find((each) => each.tag === tag);
    const chart =
      chosen && chosen.length > 1
        ? await services.charts.draw(
            panels
              ? { kind: 'panels', title: jobName(job), panels: inOrder(chosen, series) }
              : {
                  title: `${jobName(job)} ${chosen.tag}`,
                  curves: await services.runs.measured(job, chosen),
                },
          )
        : null;
    const values = all.map((each) => ({
      ...{ tag: each.tag, points: each.length, ...latest(each) },
      ...(each.counts ? { counts: each.counts } : {}),
    }));
    const isAsked = points !== undefined || from !== undefined || to !== undefined;
    const curve = chosen && isAsked ? curvePoints(chosen, { most: points ?? POINTS, from, to }) : null;
    const unread = sources?.unread ?? [];
    const isUnread = absence === 'scalars' && (unread.length > 0 || corruptRecords > 0);
    const why: keyof typeof ABSENCE | null = isUnread ? 'unread' : absence;
    const missing = why && { why, runDir: job.runDir };
    return {
      jobId: jobName(job),
      tag: chosen?.tag ?? null,
      ...(judged?.rule ? { rule: judged.rule, alike: judged.alike } : {}),
      values,
      curve,
      missing,
      corruptRecords,
      tagsKept,
      ...(place ? { place } : {}),
      ...(candidates ? { candidates } : {}),
      unread,
      chart,
    };
  },
  view(
    { jobId, tag, rule, alike, values, curve, missing, corruptRecords, tagsKept, chart, ...where },
    { whole },
  ) {
    if (missing) {
      const text = [
        `${jobId} ${ABSENCE[missing.why]}: `,
        { code: where.place?.folder ?? missing.runDir },
        '.',
      ];
      return { blocks: [{ kind: 'text', text }, ...whereBlocks(where), ...damage(corruptRecords)] };
    }
    const blocks: Block[] = [
      ...titleBlocks({ jobId, tag, rule, alike, isInChart: chart !== null }),
      ...whereBlocks(where),
    ];
    if (chart) blocks.push(chartBlock(chart));
    if (tag && curve) return { blocks: [...blocks, ...curveBlocks(tag, curve), ...damage(corruptRecords)] };
    const shown = whole ? values : values.slice(0, TAGS_SHOWN);
    const rows = shown.map(({ tag, value, step, points, counts }): Text[] => [
      tag,
      value === undefined ? '' : metricText(tag, value),
      step === undefined ? '' : counts ? `${counts} ${countText(step)}` : countText(step),
      countText(points),
    ]);
    blocks.push({ kind: 'table', columns: ['metric', 'latest', 'step', 'points'], rows });
    if (values.length > shown.length)
      blocks.push({ kind: 'text', text: `and ${values.length - shown.length} more metrics` });
    if (tagsKept !== null)
      blocks.push({
        kind: 'text',
        text: `It logs more than ${tagsKept} tags; the first ${tagsKept} are kept. Use one tag instead of one per step or sample.`,
      });
    return { blocks: [...blocks, ...damage(corruptRecords)] };
  },
});

/** Which curve of whose it is, which a chart has as its title, and by what rule it was chosen. */
function titleBlocks({ jobId, tag, rule, alike, isInChart }: Title): Block[] {
  if (isInChart)
    return rule === undefined || !tag ? [] : [{ kind: 'text', text: ruleText(tag, { rule, alike }) }];
  const about = tag ? ruleText(`: ${tag}`, { rule, alike }) : [];
  return [{ kind: 'text', text: [{ bold: jobId }, ...about] }];
}

interface Title {
  jobId: string;
  tag: string | null;
  rule?: string | undefined;
  alike?: readonly string[] | undefined;
  isInChart: boolean;
}

interface Where {
  place?: RunPlace;
  candidates?: readonly string[];
  unread: readonly { path: string; why: string }[];
}

/** Where it was read, if that is not its run folder; why it was not; and what there could not be. */
function whereBlocks({ place, candidates, unread }: Where): Block[] {
  const blocks: Block[] = [];
  const found = foundPlaceOf({ place, candidates });
  if (found) {
    const before = `It writes to ${'place' in found ? '' : 'one of '}`;
    blocks.push({ kind: 'text', text: [before, ...runPlaceText(found), '.'] });
  }
  for (const { path, why } of unread.slice(0, NAMED_MAX))
    blocks.push({ kind: 'text', text: [{ code: path }, ` ${why}.`] });
  if (unread.length > NAMED_MAX)
    blocks.push({
      kind: 'text',
      text: `and ${counted(unread.length - NAMED_MAX, 'more file')} that is not read`,
    });
  return blocks;
}

/** Each line a step and its value, to be read by a program too. */
function curveBlocks(tag: string, { steps, values, of }: CurvePoints): Block[] {
  if (of === 0) return [{ kind: 'text', text: `${tag} has no points between these steps.` }];
  const lines = steps.map((step, index) => `${step} ${values[index] ?? 'not finite'}`);
  const count = steps.length < of ? `${countText(steps.length)} of ${countText(of)}` : countText(of);
  return [
    { kind: 'text', text: `Points: ${count}. Each is a step and its value.` },
    { kind: 'code', text: lines.join('\n') },
  ];
}

function damage(records: number): Block[] {
  return records > 0 ? [{ kind: 'text', text: `${records} damaged records were skipped.` }] : [];
}

/** The chosen one first, then those that training logs; xax prefixes its timers and gauges with an emoji. */
function inOrder(chosen: Series, series: readonly Series[]): Series[] {
  const isTraining = ({ tag }: Series) => /^\p{L}/u.test(tag);
  const others = series.filter((each) => each !== chosen && each.length > 0);
  return [chosen, ...others.filter(isTraining), ...others.filter((each) => !isTraining(each))];
}
