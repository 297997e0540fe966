import { defineCommand } from '../src/core/command.ts';
import { mustWait } from './must-wait.ts';
import { mutationMessage } from './mutation-message.ts';

export const cancel = defineCommand({
  name: 'cancel',
  summary: 'Cancel a waiting job',
  examples: ['cancel 7'],
  options: { job: { type: 'job', required: true, description: 'which waiting job' } },
  role: 'operator',
  visibility: 'public',
  changes: true,
  pin({ job }, context, words) {
    mustWait(job, context);
    return words;
  },
  async run({ job }, context) {
    return { jobId: job.jobId, ...(await context.edits.cancel(job, context.doer)) };
  },
  view: (data) => mutationMessage(data, 'Cancelled'),
  succeeded: ({ done }) => done,
});
