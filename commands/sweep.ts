import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { type Block, textMessage } from '../src/core/message.ts';
import type { CommandContext } from '../src/core/services.ts';
import { durationText } from '../src/core/time.ts';
import { hoursText } from '../src/core/units.ts';

const POINTS = 5;
const POINTS_MAX = 50;
const RANGE = /^([-+.\deE]+?)\.\.([-+.\deE]+)$/;

interface Given {
  preset: string;
  settings: Record<string, string>;
  points?: number | undefined;
}

export const sweep = defineCommand({
  name: 'sweep',
  summary: 'Plan a run for each of several values of one option',
  examples: [
    'sweep toy learning_rate=0.0001..0.1 points=4',
    'sweep toy hidden_dim=64..512 learning_rate=0.01 hypothesis="wider helps"',
  ],
  options: {
    preset: { type: 'preset', required: true, description: 'which preset of xaxbot.yaml' },
    settings: {
      type: 'assignments',
      description: 'one option as key=from..to (by equal factors if it is wide), others as key=value',
      usage: 'key=from..to [key=value…]',
    },
    points: {
      type: 'integer',
      min: 2,
      max: POINTS_MAX,
      positional: false,
      description: `how many values of the range; ${POINTS} unless said`,
    },
    hypothesis: { type: 'text', positional: false, multiline: true, description: 'why they are run' },
    parent: {
      type: 'experiment',
      positional: false,
      description: 'the experiment that they change something of',
    },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  async confirm(options, context) {
    const { key, from, to, found } = worked(options, context);
    const runs = `${found.points.length} ${found.points.length === 1 ? 'run' : 'runs'}`;
    const made =
      found.alreadyMade === 0 ? '' : ` ${found.alreadyMade} of the values were run already and are left out.`;
    const { hypothesis, parent, points } = options;
    return {
      question: textMessage(
        `Plan ${runs} of ${options.preset} over ${key} from ${from} to ${to}? ${costText(found)}${made}`,
      ),
      confirmLabel: `Plan ${runs}`,
      options: {
        preset: options.preset,
        settings: Object.entries(options.settings)
          .map(([name, value]) => `${name}=${value}`)
          .join('\n'),
        ...(points === undefined ? {} : { points: String(points) }),
        ...(hypothesis === undefined ? {} : { hypothesis }),
        ...(parent === undefined ? {} : { parent }),
      },
    };
  },
  async run(options, context) {
    const { key, found } = worked(options, context);
    const { experiments, launches, person } = context;
    const { preset, hypothesis, parent } = options;
    const planned = found.points.map((assignments) => {
      const { command } = launches.preview(preset, assignments);
      return experiments.plan({
        hypothesis: hypothesis ?? `${key} of ${assignments[key]} in a sweep`,
        parent,
        command,
        owner: person.id,
        changeSummary: `${key}=${assignments[key]}`,
        launch: { preset, assignments, expected: '', by: person.id },
      }).experiment_id;
    });
    return {
      key,
      preset,
      planned,
      values: found.points.map((settings) => settings[key]!),
      hours: found.hours,
    };
  },
  view({ key, preset, planned, values }) {
    const blocks: Block[] = [
      { kind: 'text', text: [{ bold: `Planned ${planned.length} runs` }, ` of ${preset} over ${key}.`] },
      {
        kind: 'table',
        columns: ['experiment', key],
        rows: planned.map((id, index) => [{ code: id }, values[index]!]),
      },
      { kind: 'text', text: ['Queue each with ', { code: `queue experiment=${planned[0] ?? '…'}` }, '.'] },
    ];
    return { blocks, tone: 'good' };
  },
});

/** The swept option and its values. Errors `bad-option`, `budget`. */
function worked({ preset, settings, points = POINTS }: Given, { suggestions, experiments }: CommandContext) {
  const ranges = Object.entries(settings).flatMap(([key, value]) => {
    const [, from, to] = RANGE.exec(value) ?? [];
    return from === undefined ? [] : [{ key, from: Number(from), to: Number(to) }];
  });
  const [range] = ranges;
  if (
    !range ||
    ranges.length > 1 ||
    !Number.isFinite(range.from) ||
    !Number.isFinite(range.to) ||
    range.from === range.to
  )
    throw new BotError(
      'bad-option',
      ranges.length > 1
        ? 'Two options are given as ranges; a sweep is over one.'
        : 'No option is given as a range.',
      'As in "sweep toy learning_rate=0.0001..0.1".',
    );
  const { key, from, to } = range;
  const fixed = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key));
  const found = suggestions.sweep(experiments, preset, key, { from, to, count: points, fixed });
  if (found.points.length === 0)
    throw new BotError(
      'nothing-new',
      'All of these values were run already.',
      'Give another range, or more points.',
    );
  const { runs, gpuHours } = found.left;
  if (runs !== null && found.points.length > runs)
    throw new BotError(
      'budget',
      `That is ${found.points.length} runs, and the session's budget has ${runs} left.`,
      'Give fewer points, or "session change runs=…".',
    );
  const wanted = found.gpuHours ?? found.hours;
  if (gpuHours !== null && wanted !== null && wanted > gpuHours)
    throw new BotError(
      'budget',
      `That would take about ${hoursText(wanted)} GPU hours, and the session's budget has ${hoursText(gpuHours)} left.`,
      'Give fewer points, or "session change hours=…".',
    );
  return { key, from, to, found };
}

/** What the runs would take of the queue, as far as that is known. */
function costText({ hours, gpuHours }: { hours: number | null; gpuHours: number | null }): string {
  if (hours === null) return 'How long they take is not known: none of this preset has ended yet.';
  const gpu = gpuHours === null ? '' : `, ${hoursText(gpuHours)} GPU hours`;
  return `They would take about ${durationText(hours * 3_600_000)} of the queue${gpu}.`;
}
