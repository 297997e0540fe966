import { BotError } from '../../core/errors.ts';
import { foldChanges } from '../../core/fold-changes.ts';
import type { Log } from '../../core/log.ts';
import type { Observer, QueueHealth, Snapshot, SnapshotChange } from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import { sameObserver } from './observer.ts';
import type { Reading } from './state-reader.ts';

export type SnapshotListener = (change: SnapshotChange) => void;

/** Where a queue's files are read from. Neither of these throws. */
export interface QueueSource {
  /** Begins anew: the next state names every job. */
  anew(): void;
  /** What the state file says now; `problem` where it cannot be read or understood, and then `reading` is null. */
  readState(force: boolean): { reading: Reading | null; problem: string | null };
  /** What the observer's file says; `nowSeconds` is epoch time. */
  readObserver(nowSeconds: number): Observer | null;
  /** Where the state stands, and what keeps it away, in words. */
  missing: { file(): string; folder(): string | null };
}

/**
 * What is known of a queue from its files: the last good snapshot, and whether they could be read the last time.
 * A file that cannot be read or understood leaves the snapshot as it was and shows in `health`.
 */
export function createQueueView(deps: { name: string; source: QueueSource; clock: Clock; log: Log }) {
  const { name, source, clock, log } = deps;
  let listener: SnapshotListener | undefined;
  let snapshot: Snapshot | undefined;
  let problem: { text: string; since: number } | null = null;
  let lastReadAt: number | null = null;
  /** What the listener failed to take. */
  let owed: SnapshotChange | undefined;

  /** Reads both files and reports changes to the listener. Never throws. */
  function look({ force = false } = {}): void {
    const { reading, text } = readState(force);
    const healthChanged = setProblem(text);
    if (reading) lastReadAt = clock();
    const before = snapshot;
    const observer = source.readObserver(clock() / 1000);
    const observerChanged = healthChanged || !sameObserver(observer, before?.observer ?? null);
    if (reading?.kind === 'state') {
      const { jobs, order, running, nextIndex, changed, removed, orderChanged, tailChanged } = reading.state;
      const isKnown = (id: string) => jobs.has(id);
      snapshot = {
        queue: name,
        jobs,
        order: order.filter(isKnown),
        running: running.filter(isKnown),
        observer,
        nextIndex,
        isAbsent: false,
        readAt: clock(),
      };
      if (changed.length > 0 || removed.length > 0 || tailChanged || observerChanged || owed || !before)
        tell({ snapshot, changed, removed, orderChanged, observerChanged });
      return;
    }
    if (!before && !reading) return;
    const nothing = { jobs: new Map(), order: [], running: [], nextIndex: null, isAbsent: true };
    const known = before ?? { queue: name, ...nothing, readAt: clock() };
    snapshot = { ...known, observer, readAt: reading ? clock() : known.readAt };
    if (!before || observerChanged || owed)
      tell({ snapshot, changed: [], removed: [], orderChanged: !before, observerChanged });
  }

  function readState(force: boolean): { reading: Reading | null; text: string | null } {
    const { reading, problem: text } = source.readState(force);
    if (reading?.kind !== 'absent') return { reading, text };
    const { file, folder } = source.missing;
    const noFolder = folder();
    if (noFolder !== null) return { reading: null, text: noFolder };
    if (!snapshot || snapshot.jobs.size === 0) return { reading, text: null };
    return {
      reading: null,
      text: `${file()} is missing; the last good state is kept. xax creates it again with the next job.`,
    };
  }

  /** Whether that is news. */
  function setProblem(text: string | null): boolean {
    if (text === (problem?.text ?? null)) return false;
    problem = text === null ? null : { text, since: problem?.since ?? clock() };
    if (text === null) log.info({ queue: name }, 'the queue can be read again');
    else log.warn({ queue: name, problem: text }, 'the queue cannot be read');
    return true;
  }

  /** A change that the listener failed to handle comes again with the next one. */
  function tell(change: SnapshotChange): void {
    if (!listener) return;
    const whole = owed ? foldChanges(owed, change) : change;
    try {
      listener(whole);
      owed = undefined;
    } catch (error) {
      owed = whole;
      log.error({ err: error, queue: name }, 'a change of the queue could not be handed on');
    }
  }

  return {
    /** From now on reports changes to `next`; the first one names every job. */
    follow(next: SnapshotListener): void {
      source.anew();
      snapshot = undefined;
      owed = undefined;
      listener = next;
      look({ force: true });
    },
    unfollow(): void {
      listener = undefined;
    },
    look,
    /** Reads now, whatever the files' times say. Error `queue-state` when that fails: nothing may be decided on an old state. */
    readNow(): Snapshot {
      look({ force: true });
      if (problem || !snapshot)
        throw new BotError('queue-state', problem?.text ?? 'The queue has not been read yet.');
      return snapshot;
    },
    snapshot: () => snapshot,
    health: (): QueueHealth =>
      problem
        ? { ok: false, problem: problem.text, since: problem.since, lastReadAt }
        : { ok: true, lastReadAt },
  };
}
