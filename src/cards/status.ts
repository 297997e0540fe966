import type { BoardStatus, QueueStatus } from '../core/facts.ts';
import { jobName, statusWords, taskName, waitsForEver } from '../core/job.ts';
import type { Block, Message, Text } from '../core/message.ts';
import { metricText } from '../core/units.ts';
import { progressBlock, rangeText } from './job-card.ts';
import { waitingLaunchBlocks } from './waiting-launches.ts';

type Standing = Omit<QueueStatus, 'ended'>;

/** The message of how the queues stand: each by itself, then what ended last in any of them. */
export function statusMessage(status: BoardStatus): Message {
  const queues: Standing[] = [status, ...(status.others ?? [])];
  // What waits stands with its queue where there are several; else below the line, with what ended.
  const ofSettings = queues.filter(({ beside }) => !beside);
  const [only] = ofSettings.length === 1 ? ofSettings : [];
  const blocks: Block[] = queues.flatMap((queue) => [...standingBlocks(queue), { kind: 'divider' }]);
  blocks.push(...(only ? waitingBlocks(only) : []));
  blocks.push(...waitingLaunchBlocks(status.launches), ...endedBlocks(status), {
    kind: 'buttons',
    buttons: [
      ...(status.canLaunch === false
        ? []
        : [{ label: 'Queue a run', command: 'queue', options: {}, form: true }]),
      { label: 'Write a hypothesis', command: 'hypothesis', options: { action: 'add' }, form: true },
      { label: 'Refresh', command: 'status', options: {}, replaces: true },
    ],
  });
  return { blocks, tone: toneOf(queues) };

  function standingBlocks(queue: Standing): Block[] {
    const observer = observerText(queue);
    const head: Block[] = [
      { kind: 'heading', text: headingOf(queue) },
      ...(observer === null ? [] : [{ kind: 'text' as const, text: observer }]),
      ...runningBlocks(queue),
    ];
    return queue === only || queue.beside ? head : [...head, ...waitingBlocks(queue)];
  }
}

function headingOf({ queue, simulated, beside }: Standing): string {
  return beside ? 'Followed runs' : `Queue ${queue}${simulated ? ' (simulated)' : ''}`;
}

function runningBlocks({ running, unread }: Standing): Block[] {
  if (unread) return [];
  if (running.length === 0) return [{ kind: 'text', text: 'Nothing is running.' }];
  return running.flatMap(({ job, owner, progress, left }): Block[] => [
    {
      kind: 'text',
      text: [
        { bold: 'Running' },
        ' ',
        { code: jobName(job) },
        ` ${taskName(job.taskKey)}${by(owner)}, started `,
        { time: (job.startedAt ?? job.enqueuedAt) * 1000, style: 'relative' },
      ],
    },
    ...(progress ? [progressBlock(progress, left)] : []),
  ]);
}

function toneOf(queues: readonly Standing[]): Message['tone'] {
  const isWarning = queues.some(
    ({ problem, observer, startedBy, waitingCount }) =>
      problem !== null || (startedBy !== undefined && !observer?.active && waitingCount > 0),
  );
  if (isWarning) return 'warning';
  return queues.some(({ running }) => running.length > 0) ? 'active' : 'neutral';
}

/** Null for a queue without an observer that is well. */
function observerText(queue: Standing): Text | null {
  const { problem, unread, lastReadAt, observer, startedBy, waitingCount } = queue;
  if (problem)
    return [
      { bold: 'The queue cannot be read' },
      `: ${problem}`,
      ...(lastReadAt ? [' It was read last ', { time: lastReadAt, style: 'relative' as const }, '.'] : []),
    ];
  if (unread) return [{ bold: 'The queue has not been read yet' }, '.'];
  if (startedBy === undefined) return null;
  if (observer?.active) return `Observer active on ${observer.hostname} (pid ${observer.pid})`;
  const consequence = waitingCount > 0 ? ': waiting jobs will not start' : '';
  return [{ bold: 'No observer is running' }, `${consequence}. Start it with `, { code: startedBy }, '.'];
}

function waitingBlocks({ waiting, waitingCount, unread, observer, startedBy }: Standing): Block[] {
  if (unread) return [];
  if (waitingCount === 0) return [{ kind: 'text', text: 'Nothing is waiting.' }];
  const rows = waiting.map(({ job, owner, startsIn }, index): Text[] => [
    String(index + 1),
    { code: jobName(job) },
    taskName(job.taskKey),
    owner ?? '',
    waitsForEver(job) ??
      (startsIn
        ? `in ${rangeText(startsIn)}`
        : observer?.active || startedBy === undefined
          ? 'unknown'
          : 'needs an observer'),
  ]);
  const blocks: Block[] = [{ kind: 'table', columns: ['#', 'waiting', 'task', 'by', 'starts'], rows }];
  const more = waitingCount - waiting.length;
  if (more > 0) blocks.push({ kind: 'text', text: `and ${more} more` });
  return blocks;
}

function endedBlocks({ ended }: BoardStatus): Block[] {
  if (ended.length === 0) return [];
  const rows = ended.map(({ job, objective, summary }): Text[] => [
    { code: jobName(job) },
    taskName(job.taskKey),
    statusWords(job),
    objective ? `${objective.tag} ${metricText(objective.tag, objective.value)}` : summary,
    job.endedAt === null ? '' : { time: job.endedAt * 1000, style: 'relative' },
  ]);
  return [{ kind: 'table', columns: ['ended', 'task', 'how', 'result', 'when'], rows }];
}

function by(owner: string | null): string {
  return owner ? ` by ${owner}` : '';
}
