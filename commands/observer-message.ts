import { type AskedReservation, type KnownReservation, reservationText } from '../src/core/gpus.ts';
import { type Job, jobName, taskName } from '../src/core/job.ts';
import type { Block, Button, Inline, Message, Text } from '../src/core/message.ts';
import type { ObserverAction, Queue } from '../src/core/queue.ts';
import type { Services } from '../src/core/services/context.ts';
import type { ObserverOutcome } from '../src/core/services/control.ts';

export type ObserverData =
  | { state: 'working'; action: ObserverAction }
  | (ObserverOutcome & {
      state: 'done' | 'refused';
      /** Whose; absent where there is one queue. */
      queue?: string;
      /** The GPUs kept for jobs now. */
      reservations: KnownReservation[];
      /** How many jobs wait. */
      waiting: number;
      /** What can be done next. */
      next: Button[];
    });

const DOING = { start: 'Starting', stop: 'Stopping', restart: 'Restarting' } as const;
const DID = { start: 'Started', stop: 'Stopped', restart: 'Restarted' } as const;

const ASKED = { start: 'Start', stop: 'Stop', restart: 'Restart' } as const;

/** The question before jobs are killed or the queue stops: which jobs, and what is lost. */
export function observerQuestion(
  action: ObserverAction,
  running: readonly Job[],
  kept: AskedReservation | undefined,
  { queue, queues, jobs }: Pick<Services, 'queues' | 'jobs'> & { queue: Queue },
): Message {
  const which = queues.areSeveral ? `${queue.name}'s` : "the queue's";
  const text: Inline[] = [{ bold: `${ASKED[action]} ${which} observer?` }];
  for (const job of running) {
    const owner = jobs.get(job)?.owner;
    text.push(
      ' This kills ',
      { bold: `${jobName(job)} ${taskName(job.taskKey)}` },
      `${owner ? ` of ${owner}` : ''}, started `,
      { time: (job.startedAt ?? job.enqueuedAt) * 1000, style: 'relative' },
      ', and cannot be undone.',
    );
  }
  if (running.length === 0) text.push(' Nothing is running now.');
  if (action === 'stop') {
    text.push(
      ` The waiting jobs (${queue.snapshot()?.order.length ?? 0}) start when the observer is started again.`,
    );
    if (kept) text.push(` Its GPU setting (${reservationText(kept)}) is lost.`);
    if (!queue.observer?.canStart)
      text.push(' It cannot be started again from here: this host has no systemctl.');
  }
  return { tone: 'warning', blocks: [{ kind: 'text', text }] };
}

/** The result, and the state now. */
export function observerMessage(data: ObserverData): Message {
  if (data.state === 'working')
    return { tone: 'active', blocks: [{ kind: 'text', text: `${DOING[data.action]} the observer …` }] };
  const { action, done, reason, ended, next, queue } = data;
  const which = queue === undefined ? 'the observer' : `${queue}'s observer`;
  const head: Inline[] = done
    ? [{ bold: `${DID[action]} ${which}.` }]
    : [{ bold: 'Not done' }, `: ${reason}`];
  if (ended.length > 0) head.push(` It ended ${ended.join(', ')}.`);
  const blocks: Block[] = [
    { kind: 'text', text: head },
    { kind: 'text', text: presentText(data) },
  ];
  if (next.length > 0) blocks.push({ kind: 'buttons', buttons: next });
  return { blocks, tone: done ? (action === 'stop' ? 'neutral' : 'good') : 'warning' };
}

function presentText({
  observer,
  reservations: [kept],
  waiting,
}: Exclude<ObserverData, { state: 'working' }>): Text {
  if (!observer?.active)
    return `No observer is active${waiting > 0 ? `: the waiting jobs (${waiting}) will not start` : ''}.`;
  const keeps = kept && kept.kind !== 'unknown' ? `. Its jobs get ${reservationText(kept)}` : '';
  return [
    'An observer is active since ',
    { time: observer.startedAt * 1000, style: 'clock' },
    `, on ${observer.hostname} (pid ${observer.pid})${keeps}.`,
  ];
}
