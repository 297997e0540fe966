import { defineCommand } from '../src/core/command.ts';
import { counted } from '../src/core/counted.ts';
import { BotError } from '../src/core/errors.ts';
import { type Job, jobName } from '../src/core/job.ts';
import type { Services } from '../src/core/services/context.ts';
import { mustWait } from './must-wait.ts';
import { mutationMessage } from './mutation-message.ts';

export const move = defineCommand({
  name: 'move',
  group: 'The queue',
  summary: 'Move a waiting job to another place',
  examples: ['move 7 1', 'move job-0000010 2'],
  options: {
    job: { type: 'job', states: ['queued'], required: true, description: 'which waiting job' },
    position: { type: 'integer', min: 1, required: true, description: 'its new position; 1 runs next' },
  },
  needs: 'move',
  services: ['queues', 'jobs', 'edits'],
  role: 'operator',
  // The job's thread tells everybody, whoever did it and from wherever.
  visibility: 'private',
  changes: true,
  repeatable: true,
  pin({ job, position }, { services }, words) {
    mustWait(job, services);
    mustBeWithin(position, jobsWaiting(job, services));
    return words;
  },
  async run({ job, position }, { caller, services }) {
    return { jobId: jobName(job), position, ...(await services.edits.move(job, position, caller.doer)) };
  },
  view: (data) => mutationMessage(data, `Moved to position ${data.position}`),
  succeeded: ({ done }) => done,
});

function jobsWaiting(job: Job, { queues }: Pick<Services, 'queues'>): number {
  return queues.of(job).snapshot()?.order.length ?? 0;
}

/** Error `bad-position`; the queue itself checks again. */
function mustBeWithin(position: number, waiting: number): void {
  if (position <= waiting) return;
  throw new BotError(
    'bad-position',
    `position ${position} is past the end: ${counted(waiting, 'job')} ${waiting === 1 ? 'waits' : 'wait'}.`,
    'Nothing was changed.',
    'position',
  );
}
