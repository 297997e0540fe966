import { decisionPost } from '../src/cards/proposal.ts';
import type { ViewContext } from '../src/core/command.ts';
import type { Ending } from '../src/core/ending.ts';
import type { EndSeen, JobStatus } from '../src/core/job.ts';
import type { Inline, Message, Text, Tone } from '../src/core/message.ts';
import type { Proposal } from '../src/core/proposal.ts';
import type { ProposalState } from '../src/core/proposal-state.ts';
import { durationText } from '../src/core/time.ts';
import type { TransitionKind } from '../src/core/transition.ts';

/** Something that happened; times as the log writes them, jobs by their names. */
export type Happened = { at: string } & (
  | { job: string; change: TransitionKind; cause?: string }
  | { proposal: number; state: ProposalState }
  /** A watch's condition came to hold, or is over; `job` null: about the host. */
  | { job: string | null; rule: string; words: string; over: boolean }
);

/** How what is waited for stands; `next`: the cursor after all that is known. */
export interface Standing {
  job?: string;
  proposal?: number;
  status?: JobStatus | ProposalState;
  next: string;
}

export type WaitData =
  /**
   * It is still to come. `begun`: and is waited for. `slice`: the same may be asked again. `time`: the seconds that were
   * asked for are over. `stopped`: the bot is shutting down. `at-once`: in a chat, which does not wait.
   */
  | ({ state: 'waiting'; why: 'begun' | 'slice' | 'time' | 'stopped' | 'at-once' } & Standing)
  | {
      state: 'ended';
      job: string;
      status: JobStatus | 'removed';
      how: Ending;
      /** The number of the signal that ended it; null: none did. */
      signal: number | null;
      /** As the queue has it: negative where a signal ended it; null: there is none. */
      returnCode: number | null;
      /** null: it did not run, or nobody knows. */
      seconds: number | null;
      cause: string;
      /** By what it is known, where nobody saw how it ended. */
      seen?: EndSeen['by'];
      next: string;
    }
  | { state: 'settled'; one: Proposal; next: string }
  | { state: 'happened'; events: Happened[]; next: string };

const TONES: Partial<Record<JobStatus | 'removed', Tone>> = { completed: 'good', failed: 'bad' };

/** What came of it, or how it stands, in a line each, and where to go on; of what is over that is for programs alone. */
export function waitMessage(data: WaitData, { whole }: Pick<ViewContext, 'whole'>): Message {
  const message = saidOf(data);
  if (data.state === 'waiting' || (whole && data.state !== 'happened')) return message;
  const next: Text = ['Next: ', { code: `since=${data.next}` }];
  return { ...message, blocks: [...message.blocks, { kind: 'text', text: next }] };
}

function saidOf(data: WaitData): Message {
  switch (data.state) {
    case 'waiting':
      return { blocks: [{ kind: 'text', text: [...standingWords(data), ...AFTER[data.why](data)] }] };
    case 'ended': {
      const { job, status, seconds, returnCode, cause, seen } = data;
      if (seen) return { tone: 'warning', blocks: [{ kind: 'text', text: unseenEnd(data, seen) }] };
      const code = returnCode !== null && returnCode > 0 ? `, exit code ${returnCode}` : '';
      const ran = seconds === null ? '' : ` after ${durationText(seconds * 1000)}`;
      const text: Text = [
        { code: job },
        ` ${ENDED[status]}${ran}${code}${cause === '' ? '.' : `: ${cause}`}`,
      ];
      return { tone: TONES[status] ?? 'warning', blocks: [{ kind: 'text', text }] };
    }
    case 'settled':
      return decisionPost(data.one);
    case 'happened':
      return { blocks: data.events.map((event) => ({ kind: 'text', text: eventWords(event) })) };
  }
}

/** The end of a run that nobody saw. */
function unseenEnd(
  { job, seconds, cause }: Extract<WaitData, { state: 'ended' }>,
  seen: EndSeen['by'],
): Text {
  const ran = seconds === null ? '' : ` after ${durationText(seconds * 1000)}`;
  const said = {
    gone: ` ended${ran}: ${cause}; how it ended is not known`,
    silent: ` may have ended: ${cause}; a guess, which is taken back if it writes again`,
    left: ` is no longer followed: ${cause}`,
    requeued: ` ended${ran}: ${cause}`,
  };
  return [{ code: job }, said[seen]];
}

type Waiting = Extract<WaitData, { state: 'waiting' }>;

function standingWords({ job, proposal, status }: Waiting): Inline[] {
  if (job !== undefined) return [{ code: job }, ` is ${status}.`];
  if (proposal !== undefined)
    return [
      `Proposal ${proposal} ${status === 'running' ? 'was approved and is running' : 'waits for an operator'}.`,
    ];
  return ['Nothing has happened yet.'];
}

const AFTER: Record<Waiting['why'], (waiting: Waiting) => Inline[]> = {
  begun: () => [' Waiting.'],
  slice: ({ job, proposal, next }) =>
    job === undefined && proposal === undefined
      ? [' Call again with ', { code: `since=${next}` }, '.']
      : [' Call again to go on waiting.'],
  time: () => [' The time is over.'],
  stopped: () => [' xaxbot is shutting down, and waits no longer.'],
  'at-once': () => [
    ' Here this is answered at once: a chat is told when it happens, and a terminal waits while xaxbot runs.',
  ],
};

const ENDED: Record<JobStatus | 'removed', string> = {
  queued: 'waits',
  running: 'is running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'was cancelled',
  ended: 'ended',
  removed: 'is gone from the queue',
};

const CHANGED: Record<TransitionKind, string> = {
  enqueued: 'was queued',
  started: 'started',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'was cancelled',
  ended: 'has ended, and nobody knows how',
  resumed: 'goes on: it had not ended',
  moved: 'was moved',
  relabelled: 'was marked anew after its end',
  requeued: 'waits again',
  removed: 'is gone from the queue',
  returned: 'is in the queue again',
};

function eventWords(event: Happened): Inline[] {
  const when: Inline[] = [{ time: Date.parse(event.at), style: 'clock' }, ' '];
  if ('proposal' in event) return [...when, `proposal ${event.proposal}: ${event.state}`];
  if ('change' in event) {
    const cause = event.cause ? `: ${event.cause}` : '';
    return [...when, { code: event.job }, ` ${CHANGED[event.change]}${cause}`];
  }
  const over = event.over ? ', which is over' : '';
  const about: Inline[] = event.job === null ? [] : [{ code: event.job }, ' '];
  return [...when, ...about, `watch ${event.rule}: ${event.words}${over}`];
}
