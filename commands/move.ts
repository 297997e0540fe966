import { defineCommand } from '../src/core/command.ts';
import { mustWait } from './must-wait.ts';
import { mutationMessage } from './mutation-message.ts';

export const move = defineCommand({
  name: 'move',
  summary: 'Move a waiting job to another place',
  examples: ['move 7 1', 'move job-0000010 2'],
  options: {
    job: { type: 'job', required: true, description: 'which waiting job' },
    position: { type: 'integer', min: 1, required: true, description: 'its new position; 1 runs next' },
  },
  role: 'operator',
  visibility: 'public',
  changes: true,
  pin({ job }, context, words) {
    mustWait(job, context);
    return words;
  },
  async run({ job, position }, context) {
    return { jobId: job.jobId, position, ...(await context.edits.move(job, position, context.doer)) };
  },
  view: (data) => mutationMessage(data, `Moved to position ${data.position}`),
  succeeded: ({ done }) => done,
});
