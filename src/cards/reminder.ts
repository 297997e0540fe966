import { jobKeyText, jobName } from '../core/job.ts';
import type { Block, Message, PersonId } from '../core/message.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { jobButtons } from './job-card.ts';

/** Reminds the owner of a failed run that nobody has looked at; said once. */
export function reminderPost({
  job,
  owner,
  cause,
  canRetry,
  now,
}: {
  job: JobRecord;
  owner: { id: PersonId; name: string };
  /** In one line; empty where it is not known. */
  cause: string;
  canRetry: boolean;
  /** Epoch milliseconds. */
  now: number;
}): Message {
  const at = job.endedAt === null ? now : job.endedAt * 1000;
  const blocks: Block[] = [
    {
      kind: 'text',
      text: [
        { code: jobName(job) },
        ' ',
        { bold: 'failed' },
        ' ',
        { time: at, style: 'relative' },
        ', and nobody has looked at it yet, ',
        { mention: owner.id, name: owner.name, ping: { kind: 'reminders', job: jobKeyText(job) } },
        cause === '' ? '.' : `: ${cause}`,
      ],
    },
    { kind: 'buttons', buttons: jobButtons(job, { place: null, canRetry, canMove: false }) },
  ];
  return { tone: 'bad', blocks };
}
