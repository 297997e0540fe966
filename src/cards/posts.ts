import { capital } from '../core/capital.ts';
import { cellText } from '../core/cell-text.ts';
import { isFollowed } from '../core/followed.ts';
import { type EndSeen, isGuess, jobKeyText, jobName, secondsRun, taskName } from '../core/job.ts';
import { killText } from '../core/kill.ts';
import {
  type Block,
  type Button,
  type Inline,
  inlines,
  type Message,
  type PersonId,
  type Text,
  type Tone,
} from '../core/message.ts';
import { doerText } from '../core/person.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { durationText } from '../core/time.ts';
import type { Transition } from '../core/transition.ts';

/** A delay between an event and our seeing it that is worth mentioning, milliseconds. */
const SEEN_LATE_MS = 60_000;

/** The post for one transition in its job's thread. The job is named first: a phone shows little more of a notification. */
export function transitionPost(transition: Transition, job: JobRecord): Message {
  return {
    blocks: [{ kind: 'text', text: [{ code: jobName(job) }, ' ', ...changeText(transition, job)] }],
    tone: TONES[transition.kind],
  };
}

/** The same where its job's name stands above it. */
export function sentence([first, ...rest]: Inline[]): Inline[] {
  const begun = typeof first === 'object' && 'bold' in first ? first.bold : '';
  return begun === '' ? [first!, ...rest] : [{ bold: capital(begun) }, ...rest];
}

/** What happened to a job, and when, after its name. */
export function changeText(transition: Transition, job: JobRecord): Inline[] {
  const late =
    transition.seenAt - transition.at > SEEN_LATE_MS && transition.kind !== 'moved'
      ? ` (noticed ${durationText(transition.seenAt - transition.at)} later)`
      : '';
  return [...words(transition, job), ', ', { time: transition.at, style: 'clock' as const }, late].filter(
    (piece) => piece !== '',
  );
}

/** The post for many changes of one job in its thread: how many of each kind, and the last of it. */
export function changesPost(changes: readonly { transition: Transition; job: JobRecord }[]): Message {
  const byKind = Map.groupBy(changes, ({ transition }) => transition.kind);
  return {
    blocks: [
      {
        kind: 'text',
        text: [
          { code: jobName(changes[0]!.job) },
          ' ',
          { bold: `changed ${changes.length} times` },
          ' from ',
          { time: changes[0]!.transition.at, style: 'datetime' },
          ' to ',
          { time: changes.at(-1)!.transition.at, style: 'datetime' },
          ':',
        ],
      },
      ...[...byKind.values()].flatMap((same): Block[] => {
        const { transition, job } = same.at(-1)!;
        const count = same.length === 1 ? '' : `${same.length} times, the last: `;
        const text = changeText(transition, job);
        return [{ kind: 'text', text: count === '' ? sentence(text) : [count, ...text] }];
      }),
    ],
  };
}

const TONES: Partial<Record<Transition['kind'], Tone>> = {
  started: 'active',
  completed: 'good',
  failed: 'bad',
  cancelled: 'warning',
  resumed: 'active',
  relabelled: 'warning',
  removed: 'warning',
  returned: 'neutral',
};

function words({ kind, detail, by }: Transition, job: JobRecord): Inline[] {
  switch (kind) {
    case 'enqueued':
      if (isFollowed(job)) return [{ bold: 'followed' }, ' from now on, in ', { code: job.runDir }];
      return [{ bold: 'queued' }, job.owner ? ` by ${job.owner}` : ''];
    case 'started':
      return [{ bold: 'started' }];
    case 'completed':
      return [{ bold: 'completed' }, ranFor(job), afterKill(job)];
    case 'failed':
      return [{ bold: 'failed' }, ranFor(job)];
    case 'cancelled':
      if (job.startedAt !== null && job.killedBy)
        return [{ bold: 'cancelled' }, ranFor(job), `, ${killText(job.killedBy)}`];
      return [{ bold: 'cancelled' }, job.startedAt === null ? ' before it started' : '', doneBy(by)];
    case 'ended':
      return endedText(job.seen, ranFor(job));
    case 'resumed':
      return [{ bold: 'goes on' }, ': it wrote again, so that it had not ended'];
    case 'moved':
      return [{ bold: 'moved' }, ` from position ${detail.from} to ${detail.to}`, doneBy(by)];
    case 'relabelled':
      return [
        { bold: `marked ${detail.to}` },
        ` after it had already ended as ${detail.from}: something rewrote its record, as "xax queue cancel" does. This did not stop it`,
      ];
    case 'requeued':
      if (detail.because === 'older')
        return [
          { bold: `set back to ${detail.to}` },
          `, from ${detail.from}: the queue's state file was replaced by an earlier version`,
        ];
      return [{ bold: 'waiting again' }, detail.from ? ` (it was ${detail.from})` : ''];
    case 'removed':
      return [{ bold: 'gone' }, job.scheduler ? lostWords(detail) : goneWords(detail)];
    case 'returned':
      return [{ bold: 'back' }, ": it is in the queue's state file again"];
  }
}

/** The end of a job of which nobody knows how it ended. `ran`: for how long, behind a blank. */
function endedText(seen: EndSeen | undefined, ran: string): Inline[] {
  const because = seen ? `: ${seen.because}` : '';
  if (seen?.by === 'left') return [{ bold: 'no longer followed' }, because];
  if (isGuess(seen))
    return [{ bold: 'ended?' }, `${because}; a guess, which is taken back if it writes again`];
  if (seen?.by === 'requeued') return [{ bold: 'put back' }, `${ran}${because}`];
  return [{ bold: 'ended' }, `${ran}${because}; how it ended is not known`];
}

/** Who did something that can be done here or outside; nothing if that was not recorded. */
function doneBy(by: Transition['by']): string {
  if (by === undefined) return '';
  return by === null ? ', outside chat' : ` by ${doerText(by)}`;
}

/** A run that ended well did not necessarily end on its own. */
function afterKill({ killedBy }: JobRecord): string {
  return killedBy ? `; it ${killText(killedBy)}` : '';
}

/** Why a job is no longer in the queue: through nothing the job did. */
function goneWords({ because, from }: Transition['detail']): string {
  const process = from === 'running' ? ', and may still be running' : '';
  if (because === 'anew') return `: the queue's state file was reset, without it (it was ${from}${process})`;
  if (because === 'older')
    return `: the queue's state file was replaced by an earlier version without it (it was ${from}${process})`;
  return `: it is no longer in the queue (it was ${from})`;
}

/** The same of what a scheduler no longer knows. */
function lostWords({ because, from }: Transition['detail']): string {
  const what = because === 'records' ? 'the scheduler no longer knows it' : "the scheduler's state was lost";
  return `: ${what} (it was ${from}); how it ended, if it did, is not known`;
}

function ranFor(job: JobRecord): string {
  const seconds = secondsRun(job);
  return seconds === null ? '' : ` after ${durationText(seconds * 1000)}`;
}

/** Asks whoever started a job what they expect. Their answer goes into the log. */
export function whyQuestion(job: JobRecord, owner: { id: PersonId; name: string }): Message {
  const text: Text[] = [
    { code: jobName(job) },
    ': what do you expect from it, ',
    { mention: owner.id, name: owner.name, ping: { kind: 'questions', job: jobKeyText(job) } },
    '?',
  ];
  const button: Button = {
    label: 'Write a hypothesis',
    command: 'hypothesis',
    options: { action: 'add', job: jobKeyText(job) },
    form: true,
  };
  return {
    blocks: [
      { kind: 'text', text: text.flatMap(inlines) },
      { kind: 'buttons', buttons: [button] },
    ],
  };
}

/** What happened while the bot was away, or (`isHere`) all at once, if it is too much for a card each. `why`: of a failure. */
export function awayPost(
  entries: readonly { transition: Transition; job: JobRecord; why: string }[],
  isHere = false,
): Message {
  const count = (kind: Transition['kind']) =>
    entries.filter(({ transition }) => transition.kind === kind).length;
  const counts = (['completed', 'failed', 'cancelled', 'ended'] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`);
  const failed = entries.filter(({ transition }) => transition.kind === 'failed').slice(-AWAY_FAILURES_SHOWN);
  const blocks: Block[] = [
    {
      kind: 'text',
      text: [
        { bold: isHere ? 'Many changes at once' : 'While I was away' },
        ' (',
        { time: entries[0]!.transition.at, style: 'datetime' },
        ' to ',
        { time: entries.at(-1)!.transition.at, style: 'datetime' },
        `) ${new Set(entries.map(({ job }) => jobName(job))).size} more jobs changed: ${counts.join(', ') || 'none ended'}.`,
      ],
    },
  ];
  if (failed.length > 0) {
    blocks.push({
      kind: 'table',
      columns: ['failed', 'task', 'why', 'when'],
      rows: failed.map(({ transition, job, why }): Text[] => [
        { code: jobName(job) },
        taskName(job.taskKey),
        cellText(why),
        { time: transition.at, style: 'datetime' },
      ]),
    });
  }
  return { blocks, tone: failed.length > 0 ? 'bad' : 'neutral' };
}

const AWAY_FAILURES_SHOWN = 20;
