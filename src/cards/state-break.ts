import { jobName } from '../core/job.ts';
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

const HEADS: Record<StateBreak, (whose: string) => string> = {
  anew: (whose) => `${whose} state file was reset`,
  older: (whose) => `${whose} state file was replaced by an earlier version`,
  records: (whose) => `Job records were removed from ${whose.replace('The', 'the')} state file`,
};
/** The same of a scheduler's: it keeps no file that anybody reads. */
const SCHEDULERS: Record<StateBreak, (whose: string) => string> = {
  anew: (whose) => `${whose} scheduler lost its state`,
  older: (whose) => `${whose} scheduler went back to an earlier state`,
  records: (whose) => `${whose} scheduler no longer knows some jobs`,
};
const NUMBERS: Record<StateBreak, string> = {
  anew: ': it was deleted, and xax numbers jobs from 1 again.',
  older: ': jobs are as they were before.',
  records: '.',
};
/** Jobs that are named; more are only counted. */
const NAMED = 10;

/** What happened to a queue's state as a whole: its jobs did not do this. `isNamed`: it is one of several. */
export function stateBreakPost(
  { because, queue, gone, returned }: StateBreakFacts,
  isNamed = false,
): Message {
  const of = (status: string) => gone.filter((job) => job.status === status);
  const [running, queued] = [of('running'), of('queued')];
  const ended = gone.length - running.length - queued.length;
  const isScheduler = gone.some(({ scheduler }) => scheduler !== undefined);
  const parts = [
    ...(running.length > 0
      ? [
          `${named(running)} ${running.length === 1 ? 'was' : 'were'} running${isScheduler ? '' : ' and may still be'}`,
        ]
      : []),
    ...(queued.length > 0 ? [`${named(queued)} ${queued.length === 1 ? 'was' : 'were'} waiting`] : []),
    ...(ended > 0 ? [`${ended} had ended`] : []),
  ];
  const missing =
    gone.length === 0
      ? ''
      : ` ${gone.length === 1 ? '1 job is' : `${gone.length} jobs are`} no longer ${isScheduler ? 'known to it' : 'in it'}: ${parts.join('; ')}. What is known of them stays here and in the experiment log.`;
  const back = returned === 0 ? '' : ` ${returned === 1 ? '1 job is' : `${returned} jobs are`} in it again.`;
  const text: Inline[] = [
    { bold: (isScheduler ? SCHEDULERS : HEADS)[because](isNamed ? `${queue}'s` : "The queue's") },
    `${isScheduler && because === 'anew' ? ': it numbers jobs from 1 again.' : NUMBERS[because]}${missing}${back}`,
  ];
  return { tone: 'warning', blocks: [{ kind: 'text', text }] };
}

function named(jobs: readonly JobRecord[]): string {
  const ids = jobs.slice(0, NAMED).map(jobName);
  const more = jobs.length - ids.length;
  return more > 0 ? `${ids.join(', ')} and ${more} more` : ids.join(', ');
}
