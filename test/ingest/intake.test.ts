import { afterEach, describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import type { SnapshotChange } from '../../src/core/queue.ts';
import { createIntake } from '../../src/ingest/intake.ts';
import { createTracker, type Recorded } from '../../src/ingest/tracker.ts';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import { openDb } from '../../src/store/db.ts';
import { createEditStore } from '../../src/store/edits.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

describe('taking the queue into the database', () => {
  const script = { history: [], waiting: [], later: [] };
  let stop: (() => Promise<void>) | undefined;
  afterEach(() => stop?.());

  it('loses nothing while the database cannot be written, and tells it in order when it can', async () => {
    const folder = temporaryFolder();
    const queue = createSimulatedQueue({ name: 'q', folder, script, seed: 1, clock: Date.now, tickMs: 20 });
    const db = openDb(folder);
    const jobs = createJobStore(db);
    const told: Recorded[] = [];
    let full = false;
    const track = createTracker({
      db,
      jobs,
      edits: createEditStore(db, Date.now),
      clock: Date.now,
      onJobs() {
        if (full) throw new Error('database or disk is full');
      },
      quiet: { quietUntil: () => undefined, wasRead() {} },
      onAdopted() {},
      onTransitions: (recorded) => void told.push(...recorded),
      onCommitted: () => {},
      onQueue: () => {},
    });
    const intake = createIntake({
      queue,
      track,
      isKnown: () => jobs.waiting('q') !== undefined,
      isNew: (job: Job) => jobs.get(job) === undefined,
      log: quietLog,
    });
    stop = async () => {
      await queue.stop();
      await intake.stop();
      db.close();
    };
    await queue.start((change: SnapshotChange) => intake.take(change));
    await intake.settled();
    expect(jobs.waiting('q')).toEqual([]);

    full = true;
    const job = queue.enqueue({ taskKey: 'a.B', settings: {}, steps: 10, seconds: 0.1, fate: 'completes' });
    await eventually('ended', () => queue.snapshot()!.jobs.get(job.jobId)!.status === 'completed');
    await intake.settled();
    expect(intake.health()).toMatchObject({ ok: false, detail: 'database or disk is full' });
    expect(jobs.get(job)).toBeUndefined();
    expect(told).toEqual([]);

    full = false;
    await eventually('taken', () => told.length > 0);
    expect(intake.health().ok).toBe(true);
    expect(told.map(({ transition }) => transition.kind)).toEqual(['enqueued', 'started', 'completed']);
    const truth = queue.journal().map(({ at }) => Math.round(at * 1000));
    expect(told.map(({ transition }) => transition.at)).toEqual(truth);
  });
});
