import { reminderPost } from '../cards/reminder.ts';
import { type JobKey, jobKeyText, parseJobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { PersonId } from '../core/message.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Clock } from '../core/time.ts';
import type { Recorded } from '../ingest/tracker.ts';
import type { JobStore } from '../store/jobs.ts';
import type { UnseenFailures } from '../store/unseen-failures.ts';
import type { Notifier } from './notifier.ts';
import type { Pings } from './pings.ts';

/** So many at a time: a night's failures are no flood. */
const AT_ONCE = 10;
/** The return codes of a run that ended by SIGTERM: its process's, and its shell's. */
const TERMINATED: readonly number[] = [-15, 143];
/** What the queue tells that late nobody has to be reminded of: it is told now. */
const OLD_MS = 24 * 3_600_000;

/**
 * Reminds the owner of a failed run, once, when nobody has looked at it for a while: not of one that somebody killed, and not
 * while its owner does not want to be pinged.
 */
export function createReminders(deps: {
  store: UnseenFailures;
  jobs: Pick<JobStore, 'get'>;
  /** Why a job failed, in one line. */
  causeOf(job: JobRecord): Promise<string>;
  canRetry(key: JobKey): boolean;
  ownerOf(job: JobRecord): { id: PersonId; name: string } | undefined;
  aboutJob: Notifier['aboutJob'];
  pings: Pick<Pings, 'wants' | 'notBefore'>;
  /** How long a failure waits to be looked at; 0: nobody is reminded. */
  afterMs(): number;
  clock: Clock;
  log: Log;
}) {
  const { store, pings, clock, log } = deps;

  /** Reminds of one now, puts it off, or lets it go. */
  async function remind({ job: subject, transition }: { job: string; transition: number }): Promise<void> {
    const key = parseJobKey(subject);
    const job = key && deps.jobs.get(key);
    const owner = job && deps.ownerOf(job);
    const ping = { kind: 'reminders', job: subject } as const;
    if (!job || !isFailure(job) || !owner || !pings.wants(owner.id, ping)) {
      store.remove(subject);
      return;
    }
    const free = pings.notBefore(owner.id, subject);
    if (free > clock()) return store.putOff(subject, free);
    const post = reminderPost({
      job,
      owner,
      cause: await deps.causeOf(job),
      canRetry: deps.canRetry(job),
      now: clock(),
    });
    // Somebody may have looked meanwhile.
    store.transaction(() => {
      if (store.remove(subject)) deps.aboutJob(`reminder:${transition}`, job, post);
    });
  }

  return {
    /** Inside the transaction that records it: what failed waits for somebody to look. */
    ended(recorded: readonly Recorded[]): void {
      const afterMs = deps.afterMs();
      if (afterMs === 0) return;
      for (const { id, transition, job } of recorded) {
        const isNew = transition.kind === 'failed' && clock() - transition.at < OLD_MS;
        if (isNew && isFailure(job)) store.add(jobKeyText(job), id, clock() + afterMs);
        else if (!isFailure(job)) store.remove(jobKeyText(job));
      }
    },
    /** Somebody has pressed, answered, reacted to or opened something of a job. */
    looked: (job: JobKey): void => void store.remove(jobKeyText(job)),
    /** Call it often. */
    tick(): void {
      for (const each of store.due(clock(), AT_ONCE))
        remind(each).catch((error) => log.warn({ err: error, job: each.job }, 'nobody was reminded'));
    },
  };
}

/** Whether a run failed, and nobody ended it: a process that got SIGTERM was asked to end by somebody. */
function isFailure({ status, killedBy, returnCode }: JobRecord): boolean {
  return status === 'failed' && !killedBy && !TERMINATED.includes(returnCode ?? 0);
}

export type Reminders = ReturnType<typeof createReminders>;
