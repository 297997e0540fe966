import type { Inline, Message } from '../core/message.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { StateBreak } from '../core/transition.ts';

/** What is missing from a queue's state, or came back. */
export interface StateBreakFacts {
  because: StateBreak;
  queue: string;
  gone: readonly JobRecord[];
  returned: number;
}

const HEADS: Record<StateBreak, string> = {
  anew: "The queue's state file was reset",
  older: "The queue's state file was replaced by an earlier version",
  records: "Job records were removed from the queue's state file",
};
const NUMBERS: Record<StateBreak, string> = {
  anew: ': it was deleted, and xax numbers jobs from 1 again.',
  older: ': jobs are as they were before.',
  records: '.',
};
/** Jobs that are named; more are only counted. */
const NAMED = 10;

/** What happened to the queue's state as a whole: its jobs did not do this. */
export function stateBreakPost({ because, gone, returned }: StateBreakFacts): Message {
  const of = (status: string) => gone.filter((job) => job.status === status);
  const [running, queued] = [of('running'), of('queued')];
  const ended = gone.length - running.length - queued.length;
  const parts = [
    ...(running.length > 0 ? [`${named(running)} ran and may still be running`] : []),
    ...(queued.length > 0 ? [`${named(queued)} waited`] : []),
    ...(ended > 0 ? [`${ended} had ended`] : []),
  ];
  const missing =
    gone.length === 0
      ? ''
      : ` ${gone.length === 1 ? '1 job is' : `${gone.length} jobs are`} no longer in it: ${parts.join('; ')}. What is known of them stays here and in the experiment log.`;
  const back = returned === 0 ? '' : ` ${returned === 1 ? '1 job is' : `${returned} jobs are`} in it again.`;
  const text: Inline[] = [{ bold: HEADS[because] }, `${NUMBERS[because]}${missing}${back}`];
  return { tone: 'warning', blocks: [{ kind: 'text', text }] };
}

function named(jobs: readonly JobRecord[]): string {
  const ids = jobs.slice(0, NAMED).map(({ jobId }) => jobId);
  const more = jobs.length - ids.length;
  return more > 0 ? `${ids.join(', ')} and ${more} more` : ids.join(', ');
}
