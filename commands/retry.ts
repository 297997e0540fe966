import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { type Job, jobName, nameIn } from '../src/core/job.ts';
import type { Caller, Services } from '../src/core/services/context.ts';
import type { LaunchRequest } from '../src/core/services/launches.ts';
import { launchMessage } from './launch-message.ts';

export const retry = defineCommand({
  name: 'retry',
  group: 'The queue',
  summary: 'Queue a job again from its preset',
  examples: ['retry 7', 'retry last learning_rate=0.001'],
  options: {
    job: {
      type: 'job',
      states: ['completed', 'failed', 'cancelled', 'ended'],
      required: true,
      description: 'which job to run again',
    },
    settings: { type: 'assignments', description: 'what to change, each as key=value' },
  },
  needs: 'launch',
  services: ['queues', 'sessions', 'launches'],
  role: 'operator',
  own: 'members',
  // The job's card tells everybody, and who queued it.
  visibility: 'private',
  changes: true,
  once: true,
  pin: (options, { caller, services }, { named }) => ({
    named,
    assignments: services.launches.check(request(options, caller, services)),
  }),
  run: (options, { caller, reply, services }) =>
    services.launches.launch(request(options, caller, services), reply.progress),
  made: ({ queue, jobId }) => (jobId === undefined ? '' : nameIn(queue, jobId)),
  view: launchMessage,
  succeeded: ({ state }) => state === 'queued',
});

/** The launch that a job came from, in its own session and with the changes. Error `no-preset`. */
function request(
  { job, settings }: { job: Job; settings: Record<string, string> },
  { person }: Caller,
  { launches, queues, sessions }: Pick<Services, 'launches' | 'queues' | 'sessions'>,
): LaunchRequest {
  const origin = launches.origin(job);
  if (!origin) {
    throw new BotError(
      'no-preset',
      `${jobName(job)} was not launched from a preset, so it cannot be launched again from here.`,
      'Use "queue PRESET …", or start it again from the shell.',
    );
  }
  const experiments = sessions.inSessionOf(job);
  const first = experiments.rows.ofJob(job);
  return {
    preset: origin.preset,
    assignments: { ...origin.assignments, ...settings },
    hypothesis: first?.hypothesis || undefined,
    parent: first?.experiment_id,
    session: experiments.session.info(),
    queue: queues.of(job).name,
    person,
  };
}
