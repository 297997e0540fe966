import { jobKeyText } from '../core/job.ts';
import type { Destination } from '../core/request.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { TransitionKind } from '../core/transition.ts';
import type { Outbox } from '../store/outbox.ts';
import { SESSION } from './subjects.ts';

/** A place where things are said, and what goes there. */
export interface NotifyChannel {
  adapter: string;
  id: string;
  /** It has a card of the queue as a whole. */
  board: boolean;
  /** Only jobs whose task key holds one of these; all when absent. */
  tasks?: readonly string[] | undefined;
  /** Only jobs of these owners; all when absent. */
  owners?: readonly string[] | undefined;
  /** Only jobs of these queues; all when absent. */
  queues?: readonly string[] | undefined;
  /** Only these changes; all when absent. */
  transitions?: readonly TransitionKind[] | undefined;
  /** Ends are said in the channel too, not only in the job's thread. */
  broadcastsEndings?: boolean | undefined;
}

/** A thread in which something is said: that of a subject's card in a channel. */
export interface Place extends Destination {
  /** null: in the channel itself. */
  subject: string | null;
}

/** Where what is about a job, a session or a subject is said. */
export function createPlaces({
  channels,
  outbox,
  sessionIn,
}: {
  channels(): readonly NotifyChannel[];
  outbox: Pick<Outbox, 'cardsOf'>;
  /** The name of a channel's session. */
  sessionIn(adapter: string, channel: string): string;
}) {
  return { placesOf, threadsOf, placesFor };

  /** Where the card of a subject stands; undefined when it has none. */
  function placesOf(subject: string): Place[] | undefined {
    const cards = outbox.cardsOf(subject);
    if (cards.length === 0) return undefined;
    return cards.map(({ adapter, channel, within }) => ({ adapter, channel, subject: within }));
  }

  function threadsOf(job: JobRecord): Place[] {
    return channels()
      .filter((each) => wantsJob(each, job))
      .map(({ adapter, id }) => ({ adapter, channel: id, subject: jobKeyText(job) }));
  }

  /**
   * The job's threads, where any channel tells of it; else the session's, in the channels whose session it is and that
   * are for no part of the jobs only. Where there is none of those, in what channels there are: somebody has to see it.
   */
  function placesFor(job: JobRecord | undefined, session: string): Place[] {
    const threads = job ? threadsOf(job) : [];
    if (threads.length > 0) return threads;
    const whole = channels().filter(({ tasks, owners, queues }) => !tasks && !owners && !queues);
    const theirs = whole.filter(({ adapter, id }) => sessionIn(adapter, id) === session);
    const chosen = [theirs, whole, channels()].find(({ length }) => length > 0) ?? [];
    return chosen.map(({ adapter, id }) => ({ adapter, channel: id, subject: `${SESSION}${session}` }));
  }
}

/** Whether a channel is told of such a change of a job. */
export function wants(channel: NotifyChannel, job: JobRecord, kind: TransitionKind): boolean {
  const { transitions } = channel;
  const isWanted =
    !transitions ||
    transitions.includes(kind) ||
    transitions.some((each) => UNKNOWN_END[kind]?.includes(each));
  return isWanted && wantsJob(channel, job);
}

/** Of an end that nobody knows the kind of, and of what takes it back, whoever is told of ends is told. */
const UNKNOWN_END: Partial<Record<TransitionKind, readonly TransitionKind[]>> = {
  ended: ['completed', 'failed'],
  resumed: ['ended', 'completed', 'failed'],
};

function wantsJob({ tasks, owners, queues }: NotifyChannel, job: JobRecord): boolean {
  if (queues && !queues.includes(job.queue)) return false;
  if (tasks && !tasks.some((task) => job.taskKey.includes(task))) return false;
  return !owners || (job.owner !== null && owners.includes(job.owner));
}
