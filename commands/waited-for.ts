import { endingOf } from '../src/core/ending.ts';
import { isEnded, isSameJob, type Job, type JobKey, secondsRun } from '../src/core/job.ts';
import { isSettled, type Proposal, unknownProposal } from '../src/core/proposal.ts';
import type { Services } from '../src/core/services/context.ts';
import type { FeedEvent } from '../src/core/services/feed.ts';
import type { JobRecord } from '../src/core/services/jobs.ts';
import { isoSeconds } from '../src/core/time.ts';
import type { Happened, Standing, WaitData } from './wait-message.ts';

/** Of what happened, so much is told at once; the cursor leads to the rest. */
const EVENTS_MAX = 25;

type Used = Pick<Services, 'feed' | 'jobs' | 'approvals' | 'queues' | 'causes'>;

/** What came of what somebody waited for; `next`: the cursor after it. */
type Found = { next: string } & ({ job: JobRecord } | { one: Proposal } | { events: FeedEvent[] });

interface Awaited {
  /** undefined: it is still to come. */
  find(): Found | undefined;
  /** How what is waited for stands until then. */
  standing(): Standing;
}

/** What somebody may wait for: a proposal, else a job, else anything that happens after a cursor. */
export function awaited(
  {
    job,
    proposal,
    since,
  }: { job?: Job | undefined; proposal?: number | undefined; since?: string | undefined },
  services: Used,
): Awaited {
  if (proposal !== undefined) return decision(proposal, services);
  return job && since === undefined ? end(job, services) : news(job, since, services);
}

function decision(id: number, { approvals, feed }: Used): Awaited {
  const get = (): Proposal => {
    const one = approvals.get(id);
    if (one) return one;
    throw unknownProposal(id, 'proposal');
  };
  return {
    find() {
      const one = get();
      return isSettled(one) ? { one, next: feed.cursor() } : undefined;
    },
    standing: () => ({ proposal: id, status: get().state, next: feed.cursor() }),
  };
}

function end(job: Job, { jobs, queues, feed }: Used): Awaited {
  return {
    find() {
      const known = jobs.get(job);
      return known && hasEnded(known) ? { job: known, next: feed.cursor() } : undefined;
    },
    standing: () => ({
      job: queues.nameOf(job),
      status: jobs.get(job)?.status ?? job.status,
      next: feed.cursor(),
    }),
  };
}

/** Whatever happens; of one job, what happens to it. */
function news(job: Job | undefined, since: string | undefined, services: Used): Awaited {
  const { feed, jobs, queues } = services;
  let next = since ?? feed.cursor();
  return {
    find() {
      for (;;) {
        const read = feed.since(next, EVENTS_MAX);
        next = read.next;
        const events = job ? read.events.filter((each) => isAbout(each, job)) : read.events;
        if (events.length > 0) return { events, next };
        if (read.events.length > 0) continue;
        const known = job && jobs.get(job);
        return known && hasEnded(known) ? { job: known, next } : undefined;
      }
    },
    standing: () =>
      job ? { job: queues.nameOf(job), status: jobs.get(job)?.status ?? job.status, next } : { next },
  };
}

function isAbout(event: FeedEvent, job: JobKey): boolean {
  return event.of !== 'proposal' && isSameJob(event.job, job);
}

/** What is gone from the queue does not end any more. */
export function hasEnded({ status, removed }: JobRecord): boolean {
  return isEnded(status) || removed;
}

/** What was found, as it is said. */
export async function told(found: Found, services: Used): Promise<WaitData> {
  const { next } = found;
  if ('one' in found) return { state: 'settled', one: found.one, next };
  if ('events' in found) {
    const events = await Promise.all(found.events.map((each) => happened(each, services)));
    return { state: 'happened', events, next };
  }
  return endedData(found.job, next, services);
}

/** How a job ended that has. */
export async function endedData(
  job: JobRecord,
  next: string,
  { queues, causes }: Pick<Used, 'queues' | 'causes'>,
): Promise<Extract<WaitData, { state: 'ended' }>> {
  return {
    state: 'ended',
    job: queues.nameOf(job),
    status: isEnded(job.status) ? job.status : 'removed',
    ...endingOf(job),
    returnCode: job.returnCode,
    seconds: secondsRun(job),
    ...(job.seen ? { seen: job.seen.by } : {}),
    cause: job.seen?.because ?? (await causes.of(job)),
    next,
  };
}

async function happened(event: FeedEvent, { queues, causes }: Used): Promise<Happened> {
  const at = isoSeconds(event.at);
  if (event.of === 'proposal') return { at, proposal: event.proposal, state: event.state };
  const job = event.job === null ? null : queues.nameOf(event.job);
  if (event.of === 'watch') return { at, job, rule: event.rule, words: event.words, over: event.over };
  return {
    at,
    job: queues.nameOf(event.job),
    change: event.change,
    ...(event.change === 'failed' ? { cause: await causes.of(event.job) } : {}),
  };
}
