import { experimentKeyText } from '../core/experiment.ts';
import type { Block, Message } from '../core/message.ts';
import { textMessage } from '../core/message.ts';
import { type Doer, doerText } from '../core/person.ts';
import type { RetryCause } from '../core/preset.ts';
import { launchName, type WaitingLaunch } from '../core/waiting-launch.ts';

const ENDED_SO: Readonly<Record<RetryCause, string>> = {
  preempted: 'It was preempted',
  node_failure: 'Its node failed',
};

/** A retry by the settings: which one in a row, of how many, undefined where its preset is not declared any more. */
export interface RetryTold {
  cause: RetryCause;
  attempt: number;
  most: number | undefined;
}

/** In the thread of the job waited for, `after`, or of its session: what started since that has completed. */
export function startedAfterPost(job: string, experimentId: string | undefined, after: string): Message {
  const as = experimentId === undefined || experimentId === job ? '' : ` as ${experimentId}`;
  return textMessage(
    [{ code: job }, ` is queued${as}: it was to start when `, { code: after }, ' has completed.'],
    'good',
  );
}

/** In the same place: what was to start and does not; `why`: sentences, in which commands stand in double quotes. */
export function notStartedPost(
  {
    preset,
    by,
    session,
    experimentId,
    after,
  }: { preset: string; by: string; session: string; experimentId: string; after: string },
  why: string,
): Message {
  const experiment = experimentKeyText(session, experimentId);
  const blocks: Block[] = [
    {
      kind: 'text',
      text: [
        { code: experimentId },
        ` (${preset}, of ${by}), which was to start after `,
        { code: after },
        ', is not queued. ',
        { hint: why },
      ],
    },
    {
      kind: 'buttons',
      buttons: [{ label: 'Queue it', command: 'queue', options: { experiment } }],
    },
  ];
  return { blocks, tone: 'warning' };
}

/** In the same place: somebody took back what was to start. */
export function takenBackPost(launch: WaitingLaunch, by: Doer): Message {
  const { kind, preset, by: whose, after, cause } = launch;
  if (kind === 'retry')
    return textMessage(`${ENDED_SO[cause!]}, and it is not queued again: ${doerText(by)} took that back.`);
  return textMessage([
    { code: launchName(launch) },
    ` (${preset}, of ${whose}), which was to start after `,
    { code: after },
    `, was taken back by ${doerText(by)}.`,
  ]);
}

/** In the thread of the job that ended so: it is queued again. */
export function retriedPost(job: string, { cause, attempt, most }: RetryTold): Message {
  const of = most === undefined ? '' : ` of ${most}`;
  return textMessage([`${ENDED_SO[cause]}: queued again as `, { code: job }, ` (${attempt}${of}).`], 'good');
}

/** In the same place: it is not; `why`: a sentence. */
export function notRetriedPost(cause: RetryCause, retry: string, why: string): Message {
  return textMessage(
    [`${ENDED_SO[cause]}, and it is not queued again. `, { hint: `${why} "retry ${retry}" queues it.` }],
    'warning',
  );
}
