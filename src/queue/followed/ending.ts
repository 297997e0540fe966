import { type FollowedRun, isOver, SIGNS } from '../../core/followed.ts';
import type { Log } from '../../core/log.ts';
import type { Clock } from '../../core/time.ts';
import { durationText } from '../../core/time.ts';
import { isProcess } from '../process-facts.ts';
import type { LastWrite } from './last-write.ts';

export const FOLLOWED_TIMINGS = {
  /** How often a process is looked for. */
  processMs: 2_000,
  /** How often a run without one is asked for its last write. */
  writeMs: 20_000,
  /** Without a write for so long a run without a known process is taken to have ended: writers keep up to two minutes back, and an epoch takes its time. */
  silentMs: 30 * 60_000,
  /** A folder that is not there for so long is gone: a file server may be away for a moment. */
  goneMs: 2 * 60_000,
  /** For so long after an end that was guessed it is looked for whether it writes again. */
  doubtMs: 7 * 24 * 3_600_000,
};

/** A write is one after the end only if its time is later than this, seconds: file systems round. */
const LATER_SECONDS = 1;

/** What a look at a run tells of its end: another one, none any more, or (undefined) nothing new. */
export type Change = { end: FollowedRun['end'] } | undefined;

/** Looks at one run whether it goes on: what tells that is its process, or what it writes. */
export function createLookout(deps: {
  lastWrite: LastWrite;
  clock: Clock;
  log: Log;
  timings: typeof FOLLOWED_TIMINGS;
}) {
  const { clock, timings } = deps;
  let wasAlive = false;
  let missingSince: number | null = null;
  let writtenAt: number | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;

  const lastWrite = (run: FollowedRun) =>
    deps.lastWrite.at().catch((error) => {
      deps.log.debug({ err: error, folder: run.folder }, 'a followed folder cannot be read');
      return undefined;
    });

  async function byProcess(run: FollowedRun, process: NonNullable<FollowedRun['process']>): Promise<Change> {
    if (run.end) return undefined;
    if (isProcess(process)) {
      wasAlive = true;
      return undefined;
    }
    // It went while nobody looked: what it wrote last is nearer to its end than now.
    const last = wasAlive ? undefined : await lastWrite(run);
    const at = Math.max(run.startedAt, Math.min(clock(), last ?? clock()) / 1000);
    return { end: { at, seen: { by: 'gone', because: SIGNS.gone(process.pid) } } };
  }

  async function byWrites(run: FollowedRun): Promise<Change> {
    const now = clock();
    if (now - askedAt < timings.writeMs) return undefined;
    askedAt = now;
    if (run.end && now - run.end.at * 1000 > timings.doubtMs) return undefined;
    const found = await lastWrite(run);
    // Nobody knows: it is asked again.
    if (found === undefined) return undefined;
    if (found === null) return missing(run, now);
    missingSince = null;
    writtenAt = Math.min(found, now);
    if (run.end) return writtenAt / 1000 > run.end.at + LATER_SECONDS ? { end: null } : undefined;
    // What was there before it was followed may be old: it is given its time.
    const silentSince = Math.max(writtenAt, run.followedAt * 1000);
    if (now - silentSince < run.silentMs) return undefined;
    return silent(run, SIGNS.silent(durationText(now - writtenAt)));
  }

  function missing(run: FollowedRun, now: number): Change {
    missingSince ??= now;
    if (run.end || now - missingSince < timings.goneMs) return undefined;
    return silent(run, SIGNS.away);
  }

  function silent(run: FollowedRun, because: string): Change {
    const at = Math.max(run.startedAt, (writtenAt ?? clock()) / 1000);
    return { end: { at, seen: { by: 'silent', because } } };
  }

  return {
    look: (run: FollowedRun): Promise<Change> =>
      isOver(run) ? Promise.resolve(undefined) : run.process ? byProcess(run, run.process) : byWrites(run),
  };
}
