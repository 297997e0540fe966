import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { type Job, jobKeyText, jobName } from '../src/core/job.ts';
import { STEER_ACTIONS, type SteerAction } from '../src/core/queue.ts';
import { queueWith } from '../src/core/queue-lacks.ts';
import { jobNow } from '../src/core/queues.ts';
import type { Services } from '../src/core/services/context.ts';
import { mutationMessage } from './mutation-message.ts';

/** Gives a job to its queue's scheduler. Error `only-array` for one task. */
async function steered(job: Job, action: SteerAction, { queues }: Pick<Services, 'queues'>) {
  if (job.task !== undefined)
    throw new BotError(
      'only-array',
      `${jobName(job)} is one task.`,
      'Name the whole array. Nothing was changed.',
      'job',
    );
  const queue = queueWith(queues.of(job), 'steer');
  const result = await queue.steer(job, action);
  return { jobId: jobName(job), ...result };
}

const DONE: Readonly<Record<SteerAction, string>> = {
  hold: 'Held',
  release: 'Released',
  requeue: 'Put back',
};

export const steer = defineCommand({
  name: 'steer',
  group: 'The queue',
  summary: 'Hold, release or put back a job',
  examples: ['steer 4711 hold', 'steer 4711 requeue'],
  options: {
    job: { type: 'job', required: true, description: 'which job' },
    action: {
      type: 'choice',
      choices: [...STEER_ACTIONS],
      required: true,
      description: 'requeue ends it if it runs',
    },
  },
  needs: 'steer',
  services: ['queues'],
  role: 'operator',
  own: 'anybody',
  visibility: 'public',
  changes: true,
  destroys: true,
  agents: 'never',
  async confirm({ job, action }, { services }) {
    if (action !== 'requeue' || jobNow(services.queues, job)?.status !== 'running') return undefined;
    const name = jobName(job);
    return {
      question: {
        tone: 'warning',
        blocks: [
          {
            kind: 'text',
            text: ['Put ', { bold: name }, ' back into the queue? What runs of it ends, and it begins anew.'],
          },
        ],
      },
      confirmLabel: `Put ${name} back`,
      options: { job: jobKeyText(job), action },
    };
  },
  async run({ job, action }, { services }) {
    return { action, ...(await steered(job, action, services)) };
  },
  view: ({ action, ...data }) => mutationMessage(data, DONE[action]),
  succeeded: ({ done }) => done,
});
