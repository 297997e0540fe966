import { defineCommand } from '../src/core/command.ts';
import { jobName } from '../src/core/job.ts';
import { type Message, textMessage } from '../src/core/message.ts';
import type { MutationResult } from '../src/core/queue.ts';
import { isLaunch, launchName, type WaitingLaunch } from '../src/core/waiting-launch.ts';
import { mustWait } from './must-wait.ts';
import { mutationMessage } from './mutation-message.ts';

export const cancel = defineCommand({
  name: 'cancel',
  submit: 'Cancel job',
  group: 'The queue',
  summary: 'Cancel a waiting job, or take back a launch that waits',
  examples: ['cancel 7', 'cancel plan-1'],
  options: {
    job: {
      type: 'job',
      states: ['queued'],
      orLaunch: true,
      required: true,
      description: 'which waiting job, or which launch that waits for another job, by its experiment',
    },
  },
  services: ['queues', 'jobs', 'edits', 'launches'],
  role: 'operator',
  own: 'anybody',
  // The job's thread tells everybody, whoever did it and from wherever.
  visibility: 'private',
  changes: true,
  destroys: true,
  repeatable: true,
  pin({ job }, { services }, words) {
    if (!isLaunch(job)) mustWait(job, services, { partly: true });
    return words;
  },
  async run({ job }, { caller, services }): Promise<CancelData> {
    if (isLaunch(job))
      return { jobId: launchName(job), launch: job, ...services.launches.waiting.takeBack(job, caller.doer) };
    return { jobId: jobName(job), ...(await services.edits.cancel(job, caller.doer)) };
  },
  view: (data) =>
    data.launch && data.done ? takenBackMessage(data.launch) : mutationMessage(data, 'Cancelled'),
  succeeded: ({ done }) => done,
});

/** `jobId`: what it is called; `launch`: a launch that was taken back. */
type CancelData = { jobId: string; launch?: WaitingLaunch } & MutationResult;

function takenBackMessage({ kind, preset, experimentId, after }: WaitingLaunch): Message {
  if (kind === 'retry')
    return textMessage([{ bold: 'Taken back' }, ': ', { code: after }, ' is not queued again.'], 'good');
  return textMessage(
    [
      { bold: 'Taken back' },
      ': ',
      { code: experimentId! },
      ` (${preset}) does not start after `,
      { code: after },
      '. ',
      { hint: `"experiment restore ${experimentId}" makes it a plan again.` },
    ],
    'good',
  );
}
