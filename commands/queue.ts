import { defineCommand } from '../src/core/command.ts';
import type { Person } from '../src/core/person.ts';
import type { LaunchRequest } from '../src/core/services.ts';
import { launchMessage } from './launch-message.ts';

export const queue = defineCommand({
  name: 'queue',
  summary: 'Queue a run from a preset',
  examples: [
    'queue toy learning_rate=0.003',
    'queue toy learning_rate=0.003 position=1 hypothesis="a lower rate is smoother" parent=job-0000006',
  ],
  options: {
    preset: { type: 'preset', required: true, description: 'which preset of xaxbot.yaml' },
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
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  pin: (options, { launches, person }, { named }) => ({
    named,
    assignments: launches.check(request(options, person)),
  }),
  run: (options, { launches, person, progress }) => launches.launch(request(options, person), progress),
  view: launchMessage,
  succeeded: ({ state }) => state === 'queued',
});

function request(
  given: {
    preset: string;
    settings: Record<string, string>;
    position: number | undefined;
    hypothesis: string | undefined;
    parent: string | undefined;
    experiment: string | undefined;
  },
  person: Person,
): LaunchRequest {
  const { preset, settings, position, hypothesis, parent, experiment } = given;
  return { preset, assignments: settings, position, hypothesis, parent, experimentId: experiment, person };
}
