import { defineCommand } from '../src/core/command.ts';
import { jobName } from '../src/core/job.ts';
import { mustWait } from './must-wait.ts';
import { mutationMessage } from './mutation-message.ts';

export const move = defineCommand({
  name: 'move',
  group: 'The queue',
  summary: 'Move a waiting job to another place',
  examples: ['move 7 1', 'move job-0000010 2'],
  options: {
    job: { type: 'job', required: true, description: 'which waiting job' },
    position: { type: 'integer', min: 1, required: true, description: 'its new position; 1 runs next' },
  },
  needs: 'move',
  services: ['queues', 'jobs', 'edits'],
  role: 'operator',
  visibility: 'public',
  changes: true,
  repeatable: true,
  pin({ job }, { services }, words) {
    mustWait(job, services);
    return words;
  },
  async run({ job, position }, { caller, services }) {
    return { jobId: jobName(job), position, ...(await services.edits.move(job, position, caller.doer)) };
  },
  view: (data) => mutationMessage(data, `Moved to position ${data.position}`),
  succeeded: ({ done }) => done,
});
