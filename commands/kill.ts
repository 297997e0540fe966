import { defineCommand } from '../src/core/command.ts';
import { BotError } from '../src/core/errors.ts';
import { isFollowed } from '../src/core/followed.ts';
import { type Job, jobKeyText, jobName, taskName } from '../src/core/job.ts';
import { taskState } from '../src/core/job-tasks.ts';
import type { Text } from '../src/core/message.ts';
import { jobNow } from '../src/core/queues.ts';
import type { Services } from '../src/core/services/context.ts';
import { durationText } from '../src/core/time.ts';

type KillState = 'signalled' | 'ended' | 'refused' | 'unknown';

interface KillData {
  state: KillState;
  /** As people name it. */
  jobId: string;
  signal: string | null;
  waitedMs: number;
  reason: string;
}

export const kill = defineCommand({
  name: 'kill',
  group: 'The queue',
  summary: 'Kill a running job (asks first)',
  examples: ['kill running', 'kill 7'],
  options: {
    job: {
      type: 'job',
      states: ['running'],
      ofQueue: true,
      required: true,
      description: 'which running job',
    },
  },
  services: ['queues', 'jobs', 'kills'],
  role: 'operator',
  own: 'anybody',
  visibility: 'public',
  changes: true,
  destroys: true,
  repeatable: true,
  pin({ job }, { services }, words) {
    if (isFollowed(job))
      throw new BotError(
        'only-followed',
        `${jobName(job)} is only followed.`,
        'End it where it was started.',
      );
    if (isRunning(job, services)) return words;
    throw new BotError('not-running', `${jobName(job)} is not running.`, 'Nothing was killed.');
  },
  async confirm({ job }, { services }) {
    if (isFollowed(job) || !isRunning(job, services)) return undefined;
    const owner = services.jobs.get(job)?.owner;
    const since: Text = { time: (job.startedAt ?? job.enqueuedAt) * 1000, style: 'relative' };
    return {
      question: {
        tone: 'warning',
        blocks: [
          {
            kind: 'text',
            text: [
              'Kill ',
              { bold: `${jobName(job)} ${taskName(job.taskKey)}` },
              owner ? ` by ${owner}` : '',
              ', started ',
              since,
              '? It gets SIGTERM, then SIGKILL if it does not exit. This cannot be undone.',
            ],
          },
        ],
      },
      confirmLabel: `Kill ${jobName(job)}`,
      options: { job: jobKeyText(job) },
    };
  },
  async run({ job }, { caller, reply, services }): Promise<KillData> {
    const state = (kind: KillState, more: Partial<KillData> = {}): KillData => ({
      state: kind,
      jobId: jobName(job),
      signal: null,
      waitedMs: 0,
      reason: '',
      ...more,
    });
    const result = await services.kills.kill(job, caller.doer, (signal) =>
      reply.progress(state('signalled', { signal })),
    );
    if (!result.done) return state(result.isUnknown ? 'unknown' : 'refused', { reason: result.reason });
    return state('ended', { signal: result.endedBy, waitedMs: result.waitedMs });
  },
  view({ state, jobId, signal, waitedMs, reason }) {
    const job: Text = { code: jobId };
    if (state === 'refused' || state === 'unknown')
      return {
        tone: 'warning',
        blocks: [
          { kind: 'text', text: [state === 'refused' ? 'Nothing was killed: ' : '', job, ` ${reason}`] },
        ],
      };
    if (state === 'signalled')
      return {
        tone: 'active',
        blocks: [{ kind: 'text', text: [`Sent ${signal} to `, job, ', waiting for it to exit'] }],
      };
    const took = signal === 'SIGKILL' ? 'It ignored SIGTERM; SIGKILL ended it' : 'SIGTERM ended it';
    return {
      tone: 'good',
      blocks: [
        { kind: 'text', text: [{ bold: 'Killed' }, ' ', job, `. ${took} after ${durationText(waitedMs)}.`] },
      ],
    };
  },
  succeeded: ({ state }) => state === 'ended',
});

function isRunning(job: Job, { queues }: Pick<Services, 'queues'>): boolean {
  const now = jobNow(queues, job);
  if (job.task === undefined) return now?.status === 'running';
  return now?.tasks !== undefined && taskState(now.tasks, job.task) === 'running';
}
