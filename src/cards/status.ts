import type { QueueStatus } from '../core/facts.ts';
import { taskName } from '../core/job.ts';
import type { Block, Message, Text } from '../core/message.ts';
import { metricText } from '../core/units.ts';
import { progressBlock, rangeText } from './job-card.ts';

/** The message of a queue's state. */
export function statusMessage(status: QueueStatus): Message {
  const blocks: Block[] = [
    { kind: 'heading', text: `Queue ${status.queue}${status.simulated ? ' (simulated)' : ''}` },
    { kind: 'text', text: observerText(status) },
  ];
  for (const { job, owner, progress, left } of status.running) {
    blocks.push({
      kind: 'text',
      text: [
        { bold: 'Running ' },
        { code: job.jobId },
        ` ${taskName(job.taskKey)}${by(owner)}, started `,
        { time: (job.startedAt ?? job.enqueuedAt) * 1000, style: 'relative' },
      ],
    });
    if (progress) blocks.push(progressBlock(progress, left));
  }
  if (status.running.length === 0) blocks.push({ kind: 'text', text: 'Nothing is running.' });
  blocks.push({ kind: 'divider' }, ...waitingBlocks(status), ...endedBlocks(status), {
    kind: 'buttons',
    buttons: [
      { label: 'Queue a run', command: 'queue', options: {}, form: true },
      { label: 'Write a hypothesis', command: 'hypothesis', options: { action: 'add' }, form: true },
      { label: 'Refresh', command: 'status', options: {} },
    ],
  });
  return { blocks, tone: toneOf(status) };
}

function toneOf({ problem, observer, running, waitingCount }: QueueStatus): Message['tone'] {
  if (problem || (!observer?.active && waitingCount > 0)) return 'warning';
  return running.length > 0 ? 'active' : 'neutral';
}

function observerText({ problem, observer, waitingCount }: QueueStatus): Text {
  if (problem) return [{ bold: 'The queue cannot be read: ' }, problem];
  if (observer?.active) return `Observer active on ${observer.hostname} (pid ${observer.pid})`;
  const consequence = waitingCount > 0 ? ': waiting jobs will not start' : '';
  return [
    { bold: 'No observer is running' },
    `${consequence}. Start it with `,
    { code: 'xax queue start' },
    '.',
  ];
}

function waitingBlocks({ waiting, waitingCount, observer }: QueueStatus): Block[] {
  if (waitingCount === 0) return [{ kind: 'text', text: 'Nothing is waiting.' }];
  const rows = waiting.map(({ job, owner, startsIn }, index): Text[] => [
    String(index + 1),
    { code: job.jobId },
    taskName(job.taskKey),
    owner ?? '',
    startsIn ? `in ${rangeText(startsIn)}` : observer?.active ? 'unknown' : 'needs an observer',
  ]);
  const blocks: Block[] = [{ kind: 'table', columns: ['#', 'waiting', 'task', 'by', 'starts'], rows }];
  const more = waitingCount - waiting.length;
  if (more > 0) blocks.push({ kind: 'text', text: `and ${more} more` });
  return blocks;
}

function endedBlocks({ ended }: QueueStatus): Block[] {
  if (ended.length === 0) return [];
  const rows = ended.map(({ job, objective, summary }): Text[] => [
    { code: job.jobId },
    taskName(job.taskKey),
    job.status,
    objective ? `${objective.tag} ${metricText(objective.tag, objective.value)}` : summary,
    job.endedAt === null ? '' : { time: job.endedAt * 1000, style: 'relative' },
  ]);
  return [{ kind: 'table', columns: ['ended', 'task', 'how', 'result', 'when'], rows }];
}

function by(owner: string | null): string {
  return owner ? ` by ${owner}` : '';
}
