import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { launchMessage } from './launch-message.ts';

export const retry = defineCommand({
  name: 'retry',
  summary: 'Queue a job again from its preset',
  examples: ['retry 7', 'retry last learning_rate=0.001'],
  options: {
    job: { type: 'job', required: true, description: 'which job to run again' },
    settings: { type: 'assignments', description: 'what to change, each as key=value' },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  run({ job, settings }, context) {
    const origin = context.launches.origin(job);
    if (!origin) {
      throw new BotError(
        'no-preset',
        `${job.jobId} was not launched from a preset, so there is nothing to launch it from again.`,
        'Queue it with "queue PRESET …", or from the shell as it was started.',
      );
    }
    const first = context.experiments.ofJob(job);
    return context.launches.launch(
      {
        preset: origin.preset,
        assignments: { ...origin.assignments, ...settings },
        hypothesis: first?.hypothesis || undefined,
        parent: first?.experiment_id,
        experiments: context.experiments,
        person: context.person,
      },
      (outcome) => context.progress(outcome),
    );
  },
  view: launchMessage,
  succeeded: ({ state }) => state === 'queued',
});
