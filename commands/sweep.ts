import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import { BotError } from '../src/core/errors.ts';
import { nameIn } from '../src/core/job.ts';
import { type Message, textMessage } from '../src/core/message.ts';
import type { Person } from '../src/core/person.ts';
import { assignmentsText } from '../src/core/quoting.ts';
import type { Services } from '../src/core/services/context.ts';
import type { Tried } from '../src/core/services/suggestions.ts';
import type { Sweep, SweepRun } from '../src/core/suggestion.ts';
import { durationText } from '../src/core/time.ts';
import { hoursText } from '../src/core/units.ts';
import { onQueue } from './queue-meant.ts';
import { type SweepData, sweepMessage } from './sweep-message.ts';

const POINTS = 5;
const POINTS_MAX = 50;

interface Given {
  preset: string;
  settings: Record<string, string>;
  points: number | undefined;
  spacing: 'log' | 'linear' | undefined;
  queue: boolean | undefined;
  hypothesis: string | undefined;
  parent: string | undefined;
  on: string | undefined;
}

export const sweep = defineCommand({
  name: 'sweep',
  group: 'Experiments',
  summary: 'Plan (or queue) a run for each of several values of one or more options',
  examples: [
    'sweep toy learning_rate=0.0001..0.1 points=4',
    'sweep toy hidden_dim=64,128,256 learning_rate=0.01 hypothesis="wider helps"',
    'sweep toy learning_rate=0.0001..0.1 points=4 queue=true',
  ],
  options: {
    preset: { type: 'preset', required: true, description: 'which preset of xaxbot.yaml' },
    settings: {
      type: 'assignments',
      description: 'ranges as key=from..to, lists as key=a,b, single values as key=value',
      usage: 'key=from..to|a,b [key=value…]',
      ranges: true,
    },
    points: {
      type: 'integer',
      min: 2,
      max: POINTS_MAX,
      positional: false,
      description: `how many values per range (default ${POINTS})`,
    },
    spacing: {
      type: 'choice',
      choices: ['log', 'linear'],
      positional: false,
      description: 'log or linear (default: log over wide positive ranges)',
    },
    queue: { type: 'boolean', description: 'queue them all too' },
    hypothesis: { type: 'text', positional: false, multiline: true, description: 'why run them' },
    parent: {
      type: 'experiment',
      positional: false,
      description: 'the experiment they build on',
    },
    on: onQueue('the queue (default: for each where it starts first)'),
  },
  services: ['session', 'rows', 'editor', 'results', 'dismissals', 'plans', 'suggestions', 'launches'],
  role: 'operator',
  visibility: 'public',
  changes: true,
  once: true,
  async confirm(options, { caller, services }) {
    const found = await worked(options, caller.person, services);
    const runs = wanted(options, found);
    const count = `${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`;
    const label = options.queue ? `Queue ${count}` : `Plan ${count}`;
    return {
      question: question(
        options,
        found,
        `${label} of ${options.preset}${options.on === undefined ? '' : ` on ${options.on}`}`,
        runs.length,
      ),
      confirmLabel: label,
      options: typed(options),
    };
  },
  async run(options, { caller, reply, services }): Promise<SweepData> {
    const { person } = caller;
    const found = await worked(options, caller.person, services);
    const { launches } = services;
    const { preset, hypothesis, parent } = options;
    const runs = wanted(options, found).map(({ assignments, values, expected, experimentId }) => {
      const what = Object.entries(values);
      const plan = () =>
        services.plans.add({
          hypothesis:
            hypothesis ?? `${what.map(([key, value]) => `${key} of ${value}`).join(', ')} in a sweep`,
          parent,
          command: launches.preview(preset, assignments).command,
          owner: person.name,
          changeSummary: assignmentsText(values),
          launch: { preset, assignments, expected, by: person.id },
        }).experiment_id;
      return {
        experimentId: experimentId ?? plan(),
        values,
        expected,
        assignments,
        jobId: null as string | null,
      };
    });
    const data: SweepData = {
      state: options.queue ? 'queueing' : 'planned',
      session: services.session.info().name,
      preset,
      axes: found.axes,
      runs: runs.map(({ assignments: _own, ...each }) => each),
      reason: '',
      again: typed({ ...options, queue: true }),
      seconds: 0,
    };
    const begun = performance.now();
    if (!options.queue) return data;
    for (const [index, { assignments, experimentId }] of runs.entries()) {
      data.seconds = (performance.now() - begun) / 1000;
      reply.progress({ ...data });
      const outcome = await launches.launch(
        { preset, assignments, experimentId, session: services.session.info(), person, queue: options.on },
        () => {},
      );
      // What stops one launch would stop the next: the rest stays planned, and the same command continues with it.
      if (outcome.state === 'failed') return { ...data, state: 'stopped', reason: outcome.reason ?? '' };
      data.runs[index]!.jobId = nameIn(outcome.queue, outcome.jobId ?? '');
    }
    return { ...data, state: 'queued' };
  },
  view: sweepMessage,
  succeeded: ({ state }) => state !== 'stopped',
});

/** The runs to plan or queue: planned ones are queued as they are. */
function wanted({ queue }: Pick<Given, 'queue'>, { runs, planned }: Sweep): SweepRun[] {
  return queue ? [...planned, ...runs] : runs;
}

/**
 * The runs of the sweep, within the budget. Errors `bad-option`, `unknown-queue`, `queue-lacks`, `unknown-parent`, `nothing-new`,
 * `budget`.
 */
async function worked(
  given: Given,
  person: Person,
  services: Pick<Services, 'suggestions' | 'launches' | 'editor' | keyof Tried>,
): Promise<Sweep> {
  const { preset, settings, points = POINTS, spacing, queue, on, parent } = given;
  if (on !== undefined || queue) await services.launches.choose(preset, person, on);
  if (parent !== undefined) services.editor.checkedParent(null, parent);
  const found = await services.suggestions.sweep(services, { preset, settings, points, spacing });
  const count = wanted(given, found).length;
  if (count === 0)
    throw new BotError(
      'nothing-new',
      `None of these values is new: ${leftOut(found, queue)}.`,
      found.planned.length > 0
        ? 'Add queue=true to queue the planned ones.'
        : 'Give another range, or more points.',
    );
  const { left, each, sessionPlanned } = found;
  // Plans use their part of the budget when they are queued; those of this sweep are counted once.
  const reserved = queue ? sessionPlanned - found.planned.length : sessionPlanned;
  const also = reserved > 0 ? `, and ${reserved} planned already` : '';
  const take = (one: number, budget: number) => one * (count + reserved) > budget;
  const isOnlyQueued = queue === true && found.runs.length === 0;
  if (left.runs !== null && (isOnlyQueued ? count > left.runs : take(1, left.runs)))
    throw new BotError(
      'budget',
      `That is ${counted(count, 'run')}, and the session's budget has ${left.runs} left${also}.`,
      'Use fewer points, drop plans with "experiment supersede", or "session change runs=…".',
    );
  const one = each.gpuHours ?? each.hours;
  if (
    left.gpuHours !== null &&
    one !== null &&
    (isOnlyQueued ? one * count > left.gpuHours : take(one, left.gpuHours))
  )
    throw new BotError(
      'budget',
      `That would take about ${hoursText(one * count)} GPU hours, and the session's budget has ${hoursText(left.gpuHours)} left${also}.`,
      'Use fewer points, drop plans with "experiment supersede", or "session change hours=…".',
    );
  return found;
}

function question({ queue }: Given, found: Sweep, what: string, count: number): Message {
  const { axes, untuned, shared, each, left, sessionPlanned } = found;
  const over = axes.map(({ key, values, spacing }) => {
    const how = spacing === null ? '' : spacing === 'log' ? ' (log)' : ' (linear)';
    return `${key} ${values.join(', ')}${how}`;
  });
  const rest = Object.keys(shared).length > 0 ? `, all with ${assignmentsText(shared)}` : '';
  const out = leftOut(found, queue);
  const kept =
    untuned.length === 0
      ? ''
      : ` ${untuned.join(', ')}: declared tune: false, but swept because you name ${untuned.length === 1 ? 'it' : 'them'}.`;
  const budget =
    left.runs === null
      ? ''
      : ` The budget has ${left.runs} runs left${sessionPlanned > 0 ? `; ${sessionPlanned} ${sessionPlanned === 1 ? 'is' : 'are'} planned already` : ''}.`;
  return textMessage(
    `${what} over ${over.join(' and ')}${rest}? ${costText(each, count)}${kept}${budget}${out === '' ? '' : ` Left out: ${out}.`}`,
  );
}

/** What is not planned again, and why. */
function leftOut({ made, underWay, planned }: Sweep, queue: boolean | undefined): string {
  const parts: [number, string][] = [
    [made, 'run already'],
    [underWay, 'waiting or running'],
    [queue ? 0 : planned.length, 'planned already'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

/** How much queue time the runs would take, as far as that is known. */
function costText({ hours, gpuHours }: Sweep['each'], count: number): string {
  if (hours === null) return 'How long they take is unknown: no run of this preset has ended yet.';
  const gpu = gpuHours === null ? '' : `, ${hoursText(gpuHours * count)} GPU hours`;
  return `They would take about ${durationText(hours * count * 3_600_000)} of queue time${gpu}.`;
}

/** The options as one could type them again. */
function typed({
  preset,
  settings,
  points,
  spacing,
  queue,
  hypothesis,
  parent,
  on,
}: Given): Record<string, string> {
  return {
    preset,
    settings: assignmentsText(settings, '\n'),
    ...(points === undefined ? {} : { points: String(points) }),
    ...(spacing === undefined ? {} : { spacing }),
    ...(queue ? { queue: 'true' } : {}),
    ...(hypothesis === undefined ? {} : { hypothesis }),
    ...(parent === undefined ? {} : { parent }),
    ...(on === undefined ? {} : { on }),
  };
}
