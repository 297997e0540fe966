import type { Job } from '../../core/job.ts';
import type { Details } from './details.ts';
import { knownLife } from './known-lives.ts';
import { hasEnded, isOver, jobOf, type Life, type Part, partOf } from './life.ts';
import type { Row } from './rows.ts';
import { isCompleting, schedulerWord } from './words.ts';

/** A part that was there and is not to be found any more. */
export interface Absent {
  life: Life;
  part: string;
}

/** What a poll brought. */
export interface Taken {
  /** Lives that are new: nothing is known of them but what a poll tells. */
  fresh: Life[];
  /** Lives that were put back as they ran: what they end as depends on why. */
  putBack: { life: Life; by: Row }[];
  /** Parts that nobody saw end. */
  absent: Absent[];
  /** An id has another job by now, or ids go back: the controller's state is another one. */
  isAnotherState: boolean;
  /** Nothing is missing, so that the same rows again would tell nothing. */
  isSteady: boolean;
}

/** In so many polls, one after the other, an ended job must be missing until it is forgotten here too. */
const FORGOTTEN_AFTER = 2;

/**
 * All lives of a queue, from poll to poll. It takes what squeue tells and finds what is new, what was put back, and what has
 * vanished; whoever asks then finds out how that ended, and says so by `settle`, or that the controller's state was lost, by
 * `lose`.
 */
export function createLives(queue: string, users: ReadonlySet<string>) {
  const lives = new Map<string, Life>();
  const told = new Map<string, Job>();
  /** Lives that ended as another one of their id began, until they are told. */
  let past: Life[] = [];
  let gone: Job[] = [];
  let inOrder: string[] = [];
  /** Lives of which something may have to be told. */
  const touched = new Set<Life>();
  let highestId = 0;
  let latestSubmit = 0;

  function begin(jobId: string, rows: readonly Row[]): Life {
    const isArray = rows.some(({ waiting, part }) => waiting !== null || /^\d+$/.test(part));
    const first = rows.filter(({ restarts }) => restarts === 0);
    const submitted = (first.length > 0 ? first : rows).map(({ submittedAt }) => submittedAt);
    const life: Life = {
      jobId,
      submittedAt: submitted.reduce((a, b) => Math.min(a, b)),
      restarts: rows[0]!.restarts,
      user: rows[0]!.user,
      isArray,
      parts: new Map(),
      waiting: NONE,
      waitingText: '',
      waitingWord: null,
      startsAt: null,
      details: null,
      missing: 0,
    };
    lives.set(jobId, life);
    touched.add(life);
    return life;
  }

  /** Which of the lives of an id its rows are of. */
  function relation(life: Life, rows: readonly Row[]): 'same' | 'next' | 'another' {
    if (rows.some(({ submittedAt }) => submittedAt === life.submittedAt)) return 'same';
    if (life.isArray) return rows.every(({ restarts }) => restarts > 0) ? 'same' : 'another';
    // A job that ends as it is put back tells its new times before its end.
    if (rows.every(isCompleting)) return 'same';
    return rows[0]!.restarts > life.restarts ? 'next' : 'another';
  }

  function apply(life: Life, rows: readonly Row[]): void {
    life.missing = 0;
    if (!life.isArray && !isCompleting(rows[0]!)) life.restarts = rows[0]!.restarts;
    const seen = new Set<string>();
    let waiting: Row | undefined;
    /** What an array's own record says once no task waits in it: that all which did were cancelled. */
    let rest: Row | undefined;
    for (const row of rows) {
      if (row.waiting !== null) waiting = row;
      else if (life.isArray && row.part === '') rest = row;
      else {
        seen.add(row.part);
        const before = life.parts.get(row.part);
        if (before?.line === row.line) before.missing = 0;
        else {
          life.parts.set(row.part, partOf(row, before));
          touched.add(life);
        }
      }
    }
    const text = waiting?.waitingText ?? '';
    if (text !== life.waitingText) {
      const now: ReadonlySet<number> = waiting ? new Set(waiting.waiting) : NONE;
      for (const number of life.waiting)
        if (!now.has(number) && !life.parts.has(`${number}`)) life.parts.set(`${number}`, leftOut(life));
      for (const number of now) if (!seen.has(`${number}`)) life.parts.delete(`${number}`);
      life.waiting = now;
      life.waitingText = text;
      touched.add(life);
    }
    if (rest)
      for (const [number, part] of life.parts)
        if (part.stage === 'queued' && !seen.has(number)) life.parts.set(number, partOf(rest, part));
    const word = waiting ? schedulerWord(waiting) : null;
    if (word?.state !== life.waitingWord?.state || word?.reason !== life.waitingWord?.reason)
      touched.add(life);
    life.waitingWord = word;
    const starts = rows.flatMap(({ state, startedAt }) => (state === 'PENDING' ? (startedAt ?? []) : []));
    life.startsAt = starts.length > 0 ? starts.reduce((a, b) => Math.min(a, b)) : null;
    for (const [number, part] of life.parts) if (!seen.has(number) && !isOver(part)) part.missing += 1;
  }

  /** Ends a life that another one of its id follows. */
  function endAsPutBack(life: Life, row: Row): void {
    life.seen = { by: 'requeued', because: 'Slurm put it back into the queue' };
    for (const part of life.parts.values()) {
      part.endedAt ??= row.submittedAt;
      part.word = { state: 'REQUEUED', reason: null };
    }
    past.push(life);
  }

  function take(all: readonly Row[]): Taken {
    const rows = all.filter(({ user }) => users.has(user));
    const groups = Map.groupBy(rows, ({ jobId }) => jobId);
    const result: Taken = { fresh: [], putBack: [], absent: [], isAnotherState: false, isSteady: true };
    const submits: number[] = [];
    for (const [jobId, group] of groups) {
      const life = lives.get(jobId);
      const related = life && relation(life, group);
      if (life && related === 'same') {
        apply(life, group);
        continue;
      }
      if (life && related === 'next' && !hasEnded(life)) {
        endAsPutBack(life, group[0]!);
        result.putBack.push({ life, by: group[0]! });
      }
      if (life && related === 'another') {
        result.isAnotherState = true;
        vanish(life);
      }
      const next = begin(jobId, group);
      // Ids are given out in the order of submission: one that comes after all and is smaller was given out anew.
      if (next.restarts === 0) {
        if (next.submittedAt > latestSubmit && Number(jobId) < highestId) result.isAnotherState = true;
        submits.push(next.submittedAt);
      }
      if (related === 'next') next.details = life!.details;
      apply(next, group);
      result.fresh.push(next);
    }
    latestSubmit = submits.reduce((a, b) => Math.max(a, b), latestSubmit);
    highestId = highest(groups.keys(), highestId);
    for (const [jobId, life] of lives) {
      if (!groups.has(jobId)) {
        miss(jobId, life);
        result.isSteady = false;
      }
      for (const [part, { missing }] of life.parts) if (missing > 0) result.absent.push({ life, part });
    }
    if (result.absent.length > 0) result.isSteady = false;
    inOrder = [...groups.keys()];
    return result;
  }

  function miss(jobId: string, life: Life): void {
    life.missing += 1;
    if (hasEnded(life)) {
      if (life.missing >= FORGOTTEN_AFTER) forget(jobId);
      return;
    }
    for (const number of life.waiting) life.parts.set(`${number}`, leftOut(life));
    life.waiting = NONE;
    life.waitingText = '';
    for (const part of life.parts.values()) if (!isOver(part)) part.missing += 1;
  }

  function forget(jobId: string): void {
    lives.delete(jobId);
    told.delete(jobId);
  }

  /** A life whose controller knows nothing of it any more; how it ended, if it did, was told. */
  function vanish(life: Life): void {
    if (!hasEnded(life)) gone.push(told.get(life.jobId) ?? jobOf(queue, life));
    forget(life.jobId);
  }

  return {
    take,
    /** Begins with what was told of before. */
    restore(known: readonly Job[]): void {
      for (const job of known) {
        const other = lives.get(job.jobId);
        // Of two lives that were both under way only the later can be there still.
        if (other && other.submittedAt > job.enqueuedAt) continue;
        const life = knownLife(job);
        lives.set(job.jobId, life);
        told.set(job.jobId, job);
        highestId = highest([job.jobId], highestId);
        latestSubmit = Math.max(latestSubmit, job.enqueuedAt);
      }
    },
    /** What was asked of a life apart. */
    describe(life: Life, details: Details): void {
      life.details = details;
      touched.add(life);
    },
    /** How a part ended that has vanished; null: nobody knows. `at`: when that was seen, epoch seconds. */
    settle(
      { life, part: name }: Absent,
      ended: Pick<Part, 'stage' | 'word' | 'end' | 'startedAt' | 'endedAt'> | null,
      at: number,
    ): void {
      const part = life.parts.get(name);
      if (!part || isOver(part)) return;
      part.missing = 0;
      touched.add(life);
      if (ended) Object.assign(part, ended, { hasRun: part.hasRun || ended.startedAt !== null });
      else if (life.asked?.has(name) && !part.hasRun)
        Object.assign(part, { stage: 'cancelled', endedAt: at, word: CANCELLED });
      else Object.assign(part, { stage: 'unknown', endedAt: at });
    },
    /** The controller knows none of what is not among the rows of the last poll. */
    lose(): void {
      for (const life of [...lives.values()]) if (life.missing > 0) vanish(life);
      highestId = highest(lives.keys(), 0);
      latestSubmit = [...lives.values()].reduce(
        (latest, { submittedAt }) => Math.max(latest, submittedAt),
        0,
      );
    },
    /** What is to be told since the last time. */
    news(): { changed: Job[]; removed: Job[] } {
      const changed = past.map((life) => jobOf(queue, life));
      for (const life of touched) {
        const { jobId } = life;
        if (lives.get(jobId) !== life) continue;
        const job = jobOf(queue, life);
        if (JSON.stringify(told.get(jobId)) === JSON.stringify(job)) continue;
        told.set(jobId, job);
        changed.push(job);
      }
      const removed = gone;
      past = [];
      gone = [];
      touched.clear();
      return { changed, removed };
    },
    all: (): ReadonlyMap<string, Life> => lives,
    /** As they were told last. */
    job: (jobId: string): Job | undefined => told.get(jobId),
    /** Live: it changes with the next news. */
    jobs: (): ReadonlyMap<string, Job> => told,
    /** Ids in the order of squeue, which is that of their priorities. */
    order: (): readonly string[] => inOrder.filter((jobId) => told.get(jobId)?.status === 'queued'),
    highestId: (): number => highestId,
    /** Whether anything is still to come of what is known. */
    isIdle: (): boolean => [...lives.values()].every(hasEnded),
  };
}

export type Lives = ReturnType<typeof createLives>;

const NONE: ReadonlySet<number> = new Set();
const CANCELLED = { state: 'CANCELLED', reason: null };

/** A task that waited in a record with others, and is neither there nor on its own. */
function leftOut(life: Life): Part {
  return {
    stage: 'queued',
    word: life.waitingWord ?? { state: 'PENDING', reason: null },
    restarts: 0,
    hasRun: false,
    startedAt: null,
    endedAt: null,
    end: null,
    nodes: '',
    missing: 0,
    line: '',
  };
}

function highest(ids: Iterable<string>, atLeast: number): number {
  let found = atLeast;
  for (const id of ids) found = Math.max(found, Number(id));
  return found;
}
