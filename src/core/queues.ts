import { BotError } from './errors.ts';
import { isFollowed } from './followed.ts';
import { type JobKey, nameIn } from './job.ts';
import { nearest } from './nearest.ts';
import type { Queue, QueueCapability, QueueWith } from './queue.ts';

/** All queues that are watched. */
export interface Queues {
  /** In the order of the settings, at least one; then what stands beside them. */
  all: readonly Queue[];
  /** Those of the settings. */
  ofSettings: readonly Queue[];
  /** The settings have several: what is said of one names it. */
  areSeveral: boolean;
  /** That of a job; undefined where it is none of them any more. */
  find(job: Pick<JobKey, 'queue'>): Queue | undefined;
  /** Whether what becomes of a job is still read. */
  watches(job: Pick<JobKey, 'queue'>): boolean;
  /** That of a job. Error `unknown-queue`. */
  of(job: Pick<JobKey, 'queue'>): Queue;
  /** Error `unknown-queue` with the nearest. */
  named(name: string): Queue;
  /** A job as people name it: by its id, with its queue before it where there are several. */
  nameOf(job: Pick<JobKey, 'queue' | 'jobId'>): string;
  /** Those that have a capability. */
  with<C extends QueueCapability>(capability: C): QueueWith<C>[];
}

/** `all`: at least one, each with a name of its own. */
export function createQueues(all: readonly Queue[]): Queues {
  const ofSettings = all.filter(({ beside }) => !beside);
  const names = ofSettings.map(({ name }) => name);
  const areSeveral = ofSettings.length > 1;
  const known = `The queues are ${names.join(', ')}.`;

  // The only one goes by the host's name, which may have been another when a job was queued.
  const find = ({ queue }: Pick<JobKey, 'queue'>) =>
    all.find(({ name }) => name === queue) ?? (areSeveral ? undefined : all[0]);

  return {
    all,
    ofSettings,
    areSeveral,
    find,
    watches: ({ queue }) => all.some(({ name }) => name === queue),
    of({ queue }) {
      const found = find({ queue });
      if (found) return found;
      throw new BotError('unknown-queue', `The queue ${queue} is no longer watched.`, known);
    },
    named(name) {
      const found = all.find((each) => each.name.toLowerCase() === name.trim().toLowerCase());
      if (found) return found;
      const [close] = nearest(name, names, 1);
      const hint = areSeveral ? `Did you mean ${close}? ${known}` : `There is one queue, ${close}.`;
      throw new BotError('unknown-queue', `There is no queue "${name.slice(0, 60)}".`, hint);
    },
    nameOf: ({ queue, jobId }) => nameIn(areSeveral && !isFollowed({ queue }) ? queue : undefined, jobId),
    with: <C extends QueueCapability>(capability: C) =>
      all.filter((queue): queue is QueueWith<C> => queue[capability] !== undefined),
  };
}

/** Whether what waits in a queue stays there: what runs its jobs has to be started by hand, and is not running. */
export function startsNothing({ startedBy, snapshot }: Pick<Queue, 'startedBy' | 'snapshot'>): boolean {
  return startedBy !== undefined && !snapshot()?.observer?.active;
}

/** The jobs that run in a queue now, as it tells of them. */
export function runningIn(queue: Pick<Queue, 'snapshot'>) {
  const snapshot = queue.snapshot();
  return (snapshot?.running ?? []).flatMap((id) => snapshot?.jobs.get(id) ?? []);
}

/** The job as its queue tells of it now; undefined where it tells of another one, or none, by that id. */
export function jobNow(queues: Pick<Queues, 'of'>, key: JobKey) {
  const job = queues.of(key).snapshot()?.jobs.get(key.jobId);
  return job?.enqueuedAt === key.enqueuedAt ? job : undefined;
}
