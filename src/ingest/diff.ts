import { isEnded, type Job, jobKeyText } from '../core/job.ts';
import type { EndOfJob, KnownJob, StateBreak, Transition, TransitionKind } from '../core/transition.ts';

type Step = Pick<Transition, 'kind' | 'rebuilt' | 'detail'> & { at: number };

/** The order of a job's life, for transitions of the same instant. */
const LIFE: readonly TransitionKind[] = [
  'returned',
  'enqueued',
  'requeued',
  'moved',
  'started',
  'resumed',
  'completed',
  'failed',
  'cancelled',
  'ended',
  'relabelled',
  'removed',
];

/**
 * What happened to one job between what is known of it (undefined: nothing) and what the queue says now.
 * States that came and went in between are rebuilt from the job's own times. Times are epoch milliseconds.
 */
export function jobTransitions(known: KnownJob | undefined, job: Job, seenAt: number): Transition[] {
  const back = known?.removed ? [step('returned', null, seenAt)] : [];
  return [...back, ...steps(known, job, seenAt)].map((each) => ({ ...each, job: keyOf(job), seenAt }));
}

/** The same for a job that is no longer in the queue. */
export function removal(job: Job, seenAt: number, because: StateBreak = 'records'): Transition {
  return {
    job: keyOf(job),
    kind: 'removed',
    at: seenAt,
    seenAt,
    rebuilt: false,
    detail: { from: job.status, because },
  };
}

/**
 * The transitions of several jobs, each job's given as its life went, in the order they happened: by their times, but for
 * what a clock that was set back puts before what came before it.
 */
export function inOrder(transitions: readonly Transition[]): Transition[] {
  const latest = new Map<string, number>();
  const placed = transitions.map((transition) => {
    const job = jobKeyText(transition.job);
    const after = Math.max(transition.at, latest.get(job) ?? transition.at);
    latest.set(job, after);
    return { transition, after, stage: LIFE.indexOf(transition.kind) };
  });
  return placed.sort((a, b) => a.after - b.after || a.stage - b.stage).map(({ transition }) => transition);
}

export interface Move {
  jobId: string;
  /** 1-based places. */
  from: number;
  to: number;
}

/**
 * The fewest jobs whose moving explains the new order: a job that only shifted because another left, came or
 * moved is not among them. Of two neighbours that changed places, the one that went forward is named, unless the other
 * is among those that somebody is known to have `asked` to move.
 */
export function moves(
  before: readonly string[],
  after: readonly string[],
  asked: readonly string[] = [],
): Move[] {
  const place = new Map(before.map((id, index) => [id, index]));
  const common = after.filter((id) => place.has(id));
  /** The fewest where these are moved in any case. */
  const fewest = (anyway: readonly string[]): Set<string> => {
    const others = common.filter((id) => !anyway.includes(id));
    const kept = longestIncreasing(others.map((id) => place.get(id)!));
    return new Set([...anyway, ...others.filter((_, index) => !kept.has(index))]);
  };
  const least = fewest([]);
  const theirs = fewest(asked.filter((id) => common.includes(id)));
  const moved = theirs.size <= least.size ? theirs : least;
  return common
    .filter((id) => moved.has(id))
    .map((jobId) => ({ jobId, from: place.get(jobId)! + 1, to: after.indexOf(jobId) + 1 }));
}

function steps(known: KnownJob | undefined, job: Job, seenAt: number): Step[] {
  const end = (): Step[] =>
    isEnded(job.status)
      ? [step(job.status as TransitionKind, job.endedAt, seenAt, false, { ended: endOf(job) })]
      : [];
  const start = (rebuilt: boolean): Step[] =>
    job.startedAt === null && isEnded(job.status) ? [] : [step('started', job.startedAt, seenAt, rebuilt)];
  if (!known) {
    const enqueued = step('enqueued', job.enqueuedAt, seenAt, job.status !== 'queued');
    if (job.status === 'queued') return [enqueued];
    return [enqueued, ...start(job.status !== 'running'), ...end()];
  }
  if (known.status === job.status) {
    const ranAgain =
      job.status === 'running' && known.startedAt !== null && known.startedAt !== job.startedAt;
    return ranAgain ? [step('requeued', null, seenAt, true), ...start(false)] : [];
  }
  if (job.status === 'queued') return [step('requeued', null, seenAt, false, { from: known.status })];
  if (isEnded(known.status)) {
    if (isEnded(job.status))
      return [step('relabelled', job.endedAt, seenAt, false, { from: known.status, to: job.status })];
    if (known.status === 'ended' && job.status === 'running' && job.startedAt === known.startedAt)
      return [step('resumed', null, seenAt)];
    // No run begins twice at the same time: the file tells of it as it was earlier.
    if (job.status === 'running' && job.startedAt !== null && job.startedAt === known.startedAt)
      return [
        step('requeued', null, seenAt, false, { from: known.status, to: job.status, because: 'older' }),
      ];
    return [step('requeued', null, seenAt, true, { from: known.status }), ...start(false)];
  }
  if (known.status === 'running') return end();
  return job.status === 'running' ? start(false) : [...start(true), ...end()];
}

function step(
  kind: TransitionKind,
  atSeconds: number | null,
  seenAt: number,
  rebuilt = false,
  detail: Transition['detail'] = {},
): Step {
  return { kind, at: atSeconds === null ? seenAt : Math.round(atSeconds * 1000), rebuilt, detail };
}

function endOf({ startedAt, endedAt, returnCode, error, seen }: Job): EndOfJob {
  return { startedAt, endedAt, returnCode, error, ...(seen ? { seen } : {}) };
}

function keyOf({ queue, jobId, enqueuedAt }: Job) {
  return { queue, jobId, enqueuedAt };
}

/** Indices of a longest increasing subsequence; of several, the one that keeps later values in place. */
function longestIncreasing(values: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [index, value] of values.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = index;
  }
  const kept = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index]!) kept.add(index);
  return kept;
}
