import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import type { CommandContext, LaunchRequest } from '../src/core/services.ts';
import { launchMessage } from './launch-message.ts';

export const queue = defineCommand({
  name: 'queue',
  summary: 'Queue a run from a preset',
  examples: [
    'queue toy learning_rate=0.003',
    'queue experiment=lr-003',
    'queue toy learning_rate=0.003 position=1 hypothesis="a lower rate is smoother" parent=job-0000006',
  ],
  options: {
    preset: { type: 'preset', description: 'which preset of xaxbot.yaml; the planned one of an experiment' },
    settings: { type: 'assignments', description: "the preset's options, each as key=value" },
    position: {
      type: 'integer',
      min: 1,
      positional: false,
      description: 'place in the queue, 1 is next; the end unless said',
    },
    hypothesis: { type: 'text', positional: false, multiline: true, description: 'what you expect to learn' },
    parent: { type: 'experiment', positional: false, description: 'the experiment this one follows' },
    experiment: {
      type: 'experiment',
      positional: false,
      description: 'a planned experiment that this run is for',
    },
    name: { type: 'text', positional: false, maxLength: 100, description: 'a name for the experiment' },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  pin: (options, context, { named }) => {
    const wanted = request(options, context);
    return { named: { ...named, preset: wanted.preset }, assignments: context.launches.check(wanted) };
  },
  run(options, context) {
    const { launches, experiments, person, progress } = context;
    const wanted = request(options, context);
    const { name } = options;
    if (name === undefined || wanted.experimentId !== undefined) return launches.launch(wanted, progress);
    // With a name of its own the experiment is planned first, and keeps that name.
    const { assignments, command } = launches.preview(wanted.preset, wanted.assignments);
    const { experiment_id: experimentId } = experiments.plan({
      name,
      hypothesis: wanted.hypothesis ?? '',
      parent: wanted.parent,
      command,
      owner: person.id,
      launch: { preset: wanted.preset, assignments, expected: '', by: person.id },
    });
    return launches.launch({ ...wanted, experimentId }, progress);
  },
  view: launchMessage,
  succeeded: ({ state }) => state === 'queued',
});

/** What is to be launched: what was given, over what a planned experiment says. Error `bad-option` without a preset. */
function request(
  given: {
    preset: string | undefined;
    settings: Record<string, string>;
    position: number | undefined;
    hypothesis: string | undefined;
    parent: string | undefined;
    experiment: string | undefined;
  },
  { experiments, person }: CommandContext,
): LaunchRequest {
  const { settings, position, hypothesis, parent, experiment } = given;
  const plan = experiment === undefined ? undefined : experiments.planOf(experiment);
  const preset = given.preset ?? plan?.preset;
  if (preset === undefined)
    throw new BotError(
      'bad-option',
      experiment === undefined
        ? 'preset is missing: what should be run?'
        : `${experiment} was planned without a preset; what stands in the log as its command is never run.`,
      'Name a preset: "queue PRESET key=value".',
      'preset',
    );
  const planned = plan?.preset === preset ? plan.assignments : {};
  const assignments = { ...planned, ...settings };
  return { preset, assignments, position, hypothesis, parent, experimentId: experiment, experiments, person };
}
