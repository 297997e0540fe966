import { defineCommand } from '../src/core/command.ts';
import { mustWait } from './must-wait.ts';
import { mutationMessage } from './mutation-message.ts';

export const move = defineCommand({
  name: 'move',
  summary: 'Move a waiting job to another place',
  examples: ['move 7 1', 'move job-0000010 2'],
  options: {
    job: { type: 'job', required: true, description: 'which waiting job' },
    position: { type: 'integer', min: 1, required: true, description: 'its new place; 1 runs next' },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  pin({ job }, context, words) {
    mustWait(job, context);
    return words;
  },
  async run({ job, position }, context) {
    const result = await context.queue.move(job, position);
    if (result.done) await context.queue.refresh();
    return { jobId: job.jobId, position, ...result };
  },
  view: (data) => mutationMessage(data, `Moved to place ${data.position}`),
  succeeded: ({ done }) => done,
});
