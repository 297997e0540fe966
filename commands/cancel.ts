import { defineCommand } from '../src/core/command.ts';
import { jobName } from '../src/core/job.ts';
import { mustWait } from './must-wait.ts';
import { mutationMessage } from './mutation-message.ts';

export const cancel = defineCommand({
  name: 'cancel',
  submit: 'Cancel job',
  group: 'The queue',
  summary: 'Cancel a waiting job',
  examples: ['cancel 7'],
  options: { job: { type: 'job', states: ['queued'], required: true, description: 'which waiting job' } },
  services: ['queues', 'jobs', 'edits'],
  role: 'operator',
  own: 'anybody',
  // The job's thread tells everybody, whoever did it and from wherever.
  visibility: 'private',
  changes: true,
  destroys: true,
  repeatable: true,
  pin({ job }, { services }, words) {
    mustWait(job, services);
    return words;
  },
  async run({ job }, { caller, services }) {
    return { jobId: jobName(job), ...(await services.edits.cancel(job, caller.doer)) };
  },
  view: (data) => mutationMessage(data, 'Cancelled'),
  succeeded: ({ done }) => done,
});
