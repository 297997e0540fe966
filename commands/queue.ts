import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { CommandContext } from '../src/core/services/context.ts';
import type { LaunchRequest } from '../src/core/services/launches.ts';
import { experimentMeant } from './experiment-meant.ts';
import { launchMessage } from './launch-message.ts';

export const queue = defineCommand({
  name: 'queue',
  title: 'Queue a run',
  summary: 'Queue a run from a preset',
  examples: [
    'queue toy learning_rate=0.003',
    'queue experiment=lr-003',
    'queue toy learning_rate=0.003 position=1 hypothesis="a lower rate is smoother" parent=job-0000006',
  ],
  options: {
    preset: { type: 'preset', description: "which preset of xaxbot.yaml (default: the experiment's)" },
    settings: { type: 'assignments', description: "the preset's options, each as key=value" },
    position: {
      type: 'integer',
      min: 1,
      positional: false,
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
    parent: { type: 'experiment', positional: false, description: 'the experiment this one follows' },
    experiment: {
      type: 'experiment',
      positional: false,
      description: 'a planned experiment that this run is for',
    },
    name: { type: 'text', positional: false, maxLength: 100, description: 'a name for the experiment' },
    replace: {
      type: 'boolean',
      description: 'replace the planned hypothesis, which is kept in the notes',
    },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  pin: (options, context, { named }) => {
    const wanted = request(options, context);
    return { named: { ...named, preset: wanted.preset }, assignments: context.launches.check(wanted) };
  },
  run: (options, context) => context.launches.launch(request(options, context), context.progress),
  view: launchMessage,
  succeeded: ({ state }) => state === 'queued',
});

interface Given
  extends Omit<LaunchRequest, 'preset' | 'assignments' | 'experimentId' | 'experiments' | 'person'> {
  preset: string | undefined;
  settings: Record<string, string>;
  experiment: string | undefined;
}

/** What is to be launched: what was given, over what a planned experiment says. Error `bad-option` without a preset. */
function request(
  { preset: given, settings, experiment, ...more }: Given,
  context: CommandContext,
): LaunchRequest {
  const { person } = context;
  const meant = experiment === undefined ? undefined : experimentMeant(experiment, context);
  const experiments = meant?.experiments ?? context.experiments;
  const experimentId = meant?.row.experiment_id;
  const plan = experimentId === undefined ? undefined : experiments.planOf(experimentId);
  const preset = given ?? plan?.preset;
  if (preset === undefined)
    throw new BotError(
      'bad-option',
      experimentId === undefined
        ? 'preset is missing: what should be run?'
        : `${experimentId} was planned without a preset, and the command in the log is never run.`,
      'Name a preset: "queue PRESET key=value".',
      'preset',
    );
  const planned = plan?.preset === preset ? plan.assignments : {};
  return { ...more, preset, assignments: { ...planned, ...settings }, experimentId, experiments, person };
}
