import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
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
  run({ preset, settings, position, hypothesis, parent, experiment, name }, context) {
    const { experiments, launches, person } = context;
    const plan = experiment === undefined ? undefined : experiments.planOf(experiment);
    const chosen = preset ?? plan?.preset;
    if (chosen === undefined)
      throw new BotError(
        'bad-option',
        experiment === undefined
          ? 'preset is missing: what should be run?'
          : `${experiment} was planned without a preset; what stands in the log as its command is never run.`,
        'Name a preset: "queue PRESET key=value".',
        'preset',
      );
    const planned = plan?.preset === chosen ? plan.assignments : {};
    const assignments = { ...planned, ...settings };
    return launches.launch(
      {
        preset: chosen,
        assignments,
        position,
        hypothesis,
        parent,
        experimentId: experiment ?? named(),
        experiments,
        person,
      },
      (outcome) => context.progress(outcome),
    );

    /** With a name of its own the experiment is planned first, and keeps that name. */
    function named(): string | undefined {
      if (name === undefined) return undefined;
      const { assignments: whole, command } = launches.check(chosen!, assignments);
      const launch = { preset: chosen!, assignments: whole, expected: '', by: person.id };
      return experiments.plan({
        name,
        hypothesis: hypothesis ?? '',
        parent,
        command,
        owner: person.id,
        launch,
      }).experiment_id;
    }
  },
  view: launchMessage,
  succeeded: ({ state }) => state === 'queued',
});
