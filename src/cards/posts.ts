import type { Analysis } from '../core/analysis.ts';
import { cellText } from '../core/cell-text.ts';
import type { Cause, JobFacts } from '../core/facts.ts';
import { jobKeyText, jobName, secondsRun, taskName } from '../core/job.ts';
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
import type { Chart } from '../core/metrics.ts';
import { doerText } from '../core/person.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { durationText } from '../core/time.ts';
import type { Transition } from '../core/transition.ts';
import { numberText } from '../core/units.ts';
import { analysisBlocks } from './analysis.ts';
import { chartBlock, jobButtons, lostIn } from './job-card.ts';

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
function sentence([first, ...rest]: Inline[]): Inline[] {
  const begun = typeof first === 'object' && 'bold' in first ? first.bold : '';
  return begun === ''
    ? [first!, ...rest]
    : [{ bold: begun.charAt(0).toUpperCase() + begun.slice(1) }, ...rest];
}

/** What happened to a job, and when, after its name. */
function changeText(transition: Transition, job: JobRecord): Inline[] {
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
  relabelled: 'warning',
  removed: 'warning',
  returned: 'neutral',
};

function words({ kind, detail, by }: Transition, job: JobRecord): Inline[] {
  switch (kind) {
    case 'enqueued':
      return [{ bold: 'queued' }, job.owner ? ` by ${job.owner}` : ''];
    case 'started':
      return [{ bold: 'started' }];
    case 'completed':
      return [{ bold: 'completed' }, ranFor(job), afterKill(job)];
    case 'failed':
      return [{ bold: 'failed' }, ranFor(job)];
    case 'cancelled':
      return [{ bold: 'cancelled' }, job.startedAt === null ? ' before it started' : '', doneBy(by)];
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
      return [{ bold: 'gone' }, goneWords(detail)];
    case 'returned':
      return [{ bold: 'back' }, ": it is in the queue's state file again"];
  }
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

function ranFor(job: JobRecord): string {
  const seconds = secondsRun(job);
  return seconds === null ? '' : ` after ${durationText(seconds * 1000)}`;
}

/** How a job ended, and what is known about it. */
export interface Ending {
  transition: Transition;
  job: JobRecord;
  /** null unless it failed. */
  cause: Cause | null;
  chart: Chart | null;
  /** What it reached; null if nothing or unknown. */
  objective: JobFacts['objective'];
  canRetry: boolean;
  /** null where the log does not know it. */
  analysis: Analysis | null;
  /** What it changed compared with its reference; null if unknown. */
  changes: JobFacts['changes'];
  /** Why it was run, and what was expected; empty if nobody said. */
  purpose: { hypothesis: string; expected: string };
}

/**
 * The post for a job's end in its thread: how it ended, why if it failed, with its last lines and its curve.
 * The owner is mentioned, but for an end that they brought about.
 */
export function endingPost(
  { transition, job, cause, objective, chart, analysis, changes, purpose }: Ending,
  owner?: { id: PersonId; name: string },
): Message {
  const said = transitionPost(transition, job);
  const blocks: Block[] = [...said.blocks];
  const [first] = said.blocks;
  if (owner && first?.kind === 'text' && !isTheirDoing(transition, job, owner.name))
    blocks[0] = { ...first, text: [...inlines(first.text), ' ', ownerMention(owner, job)] };
  if (cause) {
    blocks.push({ kind: 'text', text: [{ bold: 'Cause: ' }, cause.text] });
    if (cause.lines.length > 0) blocks.push({ kind: 'code', text: cause.lines.join('\n') });
    if (cause.advice) blocks.push({ kind: 'text', text: [{ bold: 'To try: ' }, cause.advice] });
  }
  const lost = job.status === 'completed' ? lostIn(objective) : null;
  if (lost) blocks.push({ kind: 'text', text: `It ended with a ${lost.tag} of ${numberText(lost.value)}.` });
  if (chart) blocks.push(chartBlock(chart));
  if (analysis) {
    if (purpose.hypothesis !== '')
      blocks.push({ kind: 'text', text: [{ bold: 'Hypothesis' }, `: ${purpose.hypothesis}`] });
    if (purpose.expected !== '')
      blocks.push({ kind: 'text', text: [{ bold: 'Expected' }, `: ${purpose.expected}`] });
    blocks.push(...analysisBlocks(analysis));
  }
  if (analysis && changes && changes.text !== '')
    blocks.push({
      kind: 'text',
      text: [{ bold: 'Changed' }, ` vs ${changes.why} `, { code: changes.experimentId }, `: ${changes.text}`],
    });
  if (analysis && job.status !== 'cancelled')
    blocks.push({
      kind: 'buttons',
      buttons: [
        {
          label: 'Verdict',
          command: 'verdict',
          options: { job: jobKeyText(job) },
          form: true,
          style: 'primary',
        },
        ...(analysis.metric === null ? [] : [{ label: 'What next?', command: 'suggest', options: {} }]),
      ],
    });
  return { ...said, blocks, ...(lost ? { tone: 'bad' as const } : {}) };
}

function ownerMention(owner: { id: PersonId; name: string }, job: JobRecord): Inline {
  const kind = job.status === 'failed' ? 'failed' : 'ended';
  return { mention: owner.id, name: owner.name, ping: { kind, job: jobKeyText(job) } };
}

/** Whether somebody ended it themselves, and need not be told. */
function isTheirDoing({ by }: Transition, { killedBy }: JobRecord, name: string): boolean {
  return killedBy?.name === name || by?.name === name;
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

/** The same outside the job's thread, where the job must be named and has its buttons. */
export function endingAlonePost(ending: Ending): Message {
  const { job } = ending;
  const said = endingPost({ ...ending, analysis: null, changes: null });
  return {
    ...said,
    blocks: [
      { kind: 'heading', text: [{ bold: taskName(job.taskKey) }, ' ', { code: jobName(job) }] },
      { kind: 'text', text: sentence(changeText(ending.transition, job)) },
      ...said.blocks.slice(1),
      {
        kind: 'buttons',
        buttons: jobButtons(job, { place: null, canRetry: ending.canRetry, canMove: false }),
      },
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
  const counts = (['completed', 'failed', 'cancelled'] as const)
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
