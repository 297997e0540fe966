import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { type Job, nameIn } from '../src/core/job.ts';
import { allows, type Person, rightsAnywhere } from '../src/core/person.ts';
import type { Preset } from '../src/core/preset.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import type { LaunchRequest } from '../src/core/services/launches.ts';
import { experimentMeant } from './experiment-meant.ts';
import { launchMessage } from './launch-message.ts';
import { onQueue } from './queue-meant.ts';
import { plannedLaunch } from './standing.ts';

/** So many presets are named where one is missing. */
const PRESETS_NAMED = 10;

export const queue = defineCommand({
  name: 'queue',
  title: 'Queue a run',
  submit: 'Queue run',
  group: 'The queue',
  summary: 'Queue a run from a preset',
  examples: [
    'queue toy learning_rate=0.003',
    'queue experiment=lr-003',
    'queue toy learning_rate=0.003 after=7',
    'queue toy learning_rate=0.003 position=1 hypothesis="a lower rate is smoother" parent=job-0000006',
  ],
  options: {
    preset: {
      type: 'preset',
      shapes: true,
      description: "which preset of xaxbot.yaml (default: the experiment's)",
    },
    settings: { type: 'assignments', declared: true, description: "the preset's options, each as key=value" },
    position: {
      type: 'integer',
      min: 1,
      positional: false,
      folded: true,
      label: 'Position in the queue',
      description: 'position in the queue; 1 runs next (default: the end)',
    },
    hypothesis: {
      type: 'text',
      positional: false,
      multiline: true,
      description: 'what you expect to learn',
    },
    expected: {
      type: 'text',
      positional: false,
      multiline: true,
      description: 'what you should see if it holds',
    },
    parent: {
      type: 'experiment',
      positional: false,
      folded: true,
      description: 'the experiment this one follows',
    },
    experiment: {
      type: 'experiment',
      status: 'planned',
      positional: false,
      folded: true,
      shapes: true,
      label: 'Planned experiment',
      description: 'a planned experiment that this run is for',
    },
    name: {
      type: 'text',
      positional: false,
      maxLength: 100,
      folded: true,
      description: 'a name for the experiment',
    },
    after: {
      type: 'job',
      other: true,
      ofQueue: true,
      states: ['queued', 'running'],
      positional: false,
      folded: true,
      label: 'Start after',
      description: 'start only when this job has completed',
    },
    on: { ...onQueue('the queue (default: where it starts first)'), folded: true },
    replace: {
      type: 'boolean',
      label: 'Replace what was planned',
      description: 'replace the planned hypothesis, which is kept in the notes',
    },
  },
  needs: 'launch',
  services: ['session', 'rows', 'plans', 'sessions', 'launches', 'queues'],
  role: 'operator',
  own: 'members',
  // The job's card tells everybody, and who queued it.
  visibility: 'private',
  changes: true,
  once: true,
  useless: (_job, _services, { experiment }) => (experiment ? ['name'] : ['replace']),
  standing: (_job, services, { experiment, preset }) => plannedLaunch(experiment, preset, services),
  async pin(options, { caller, services }, { named }) {
    const { launches, queues } = services;
    const wanted = request(options, caller, services);
    // What starts later goes where it starts first then.
    const { queue: on } = options.after
      ? { queue: wanted.queue }
      : await launches.choose(wanted.preset, caller.person, wanted.queue);
    return {
      named: { ...named, preset: wanted.preset, ...(queues.areSeveral && on !== undefined ? { on } : {}) },
      assignments: launches.check({ ...wanted, queue: on }),
    };
  },
  async run(options, { caller, reply, services: { launches, ...services } }) {
    const wanted = request(options, caller, { launches, ...services });
    const waits = options.after && launches.launchAfter(wanted, options.after, caller);
    return waits ?? (await launches.launch(wanted, reply.progress));
  },
  made: ({ queue, jobId, experimentId }) =>
    jobId !== undefined
      ? nameIn(queue, jobId)
      : experimentId === undefined
        ? ''
        : `experiment ${experimentId}`,
  view: launchMessage,
  succeeded: ({ state }) => state === 'queued' || state === 'waiting',
});

interface Given
  extends Omit<LaunchRequest, 'preset' | 'queue' | 'assignments' | 'experimentId' | 'session' | 'person'> {
  on: string | undefined;
  after: Job | undefined;
  preset: string | undefined;
  settings: Record<string, string>;
  experiment: string | undefined;
}

/** What to launch: the given options over those of a planned experiment. Error `bad-option` without a preset. */
function request(
  { preset: given, settings, experiment, on, after: _, ...more }: Given,
  { person }: Caller,
  services: Pick<Services, 'rows' | 'plans' | 'session' | 'sessions' | 'launches'>,
): LaunchRequest {
  mustBeOfOwn({ ...more, experiment }, person);
  const meant = experiment === undefined ? undefined : experimentMeant(experiment, services);
  const { plans, session } = meant?.experiments ?? services;
  const experimentId = meant?.row.experiment_id;
  const plan = experimentId === undefined ? undefined : plans.of(experimentId);
  const preset = given ?? plan?.preset;
  if (preset === undefined) {
    const presets = services.launches.presets();
    throw new BotError(
      'bad-option',
      experimentId === undefined
        ? 'preset is missing: what should be run?'
        : `${experimentId} was planned without a preset, and the command in the experiment log is never run.`,
      howToName(presets),
      'preset',
    );
  }
  const planned = plan?.preset === preset ? plan.assignments : {};
  return {
    ...more,
    preset,
    queue: on,
    assignments: { ...planned, ...settings },
    experimentId,
    session: session.info(),
    person,
  };
}

/** What can be named in place of a preset that is missing. */
function howToName(presets: readonly Pick<Preset, 'name'>[]): string {
  const names = presets.map(({ name }) => name);
  const shown = names.length > PRESETS_NAMED ? [...names.slice(0, PRESETS_NAMED), '…'] : names;
  const which = names.length === 1 ? `${names[0]} is the only one` : `There are ${shown.join(', ')}`;
  return `Name a preset, as in "queue ${names[0]}". ${which}; "presets" shows what ${names.length === 1 ? 'it' : 'each'} takes.`;
}

/** What others queued or planned is not for who may run jobs of their own. Error `not-allowed`. */
function mustBeOfOwn(options: Pick<Given, 'position' | 'experiment' | 'replace'>, person: Person): void {
  // What an agent asks for is decided on as a whole.
  const isOnlyOwn = rightsAnywhere(person).some(({ role, mayRunOwn }) => mayRunOwn && !allows(role, 'agent'));
  if (!isOnlyOwn) return;
  const option = (['position', 'experiment', 'replace'] as const).find((name) => options[name]);
  if (option === undefined) return;
  throw new BotError(
    'not-allowed',
    `"queue ${option}=" needs the role operator: it is about what others queued or planned.`,
    'Leave it out, or ask an operator.',
    option,
  );
}
