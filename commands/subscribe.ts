import { defineCommand } from '../src/core/command.ts';
import { jobName } from '../src/core/job.ts';

export const subscribe = defineCommand({
  name: 'subscribe',
  group: 'Watching',
  summary: 'Tell me in private when my jobs end, in place of a ping, or a job I name',
  examples: ['subscribe', 'subscribe 7', 'subscribe off', 'subscribe 7 off'],
  options: {
    job: { type: 'job', positional: true, description: 'one job, whoever owns it (default: all of mine)' },
    off: { type: 'boolean', description: 'stop notifying me' },
    mine: { type: 'boolean', description: "all of mine, even in a job's thread" },
  },
  services: ['subscriptions'],
  role: 'viewer',
  visibility: 'private',
  changes: false,
  agents: 'never',
  async run({ job, off = false, mine = false }, { caller, services: { subscriptions } }) {
    const about = mine ? null : (job ?? null);
    const changed = off ? subscriptions.remove(caller, about) : subscriptions.add(caller, about);
    return { on: !off, changed, jobId: about ? jobName(about) : null };
  },
  view({ on, changed, jobId }) {
    const what = jobId === null ? 'your jobs end' : [{ code: jobId }, ' ends'];
    const text = on
      ? [
          changed ? 'You will hear privately when ' : 'You already hear privately when ',
          what,
          '. ',
          { hint: 'Quiet hours and mutes of "pings" hold for that too.' },
        ]
      : [changed ? 'You will no longer hear when ' : 'You were not hearing when ', what, '.'];
    return { tone: 'good', blocks: [{ kind: 'text', text: text.flat() }] };
  },
});
