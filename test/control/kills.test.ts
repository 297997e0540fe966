import { describe, expect, it } from 'vitest';
import { type CutOffKill, cutOffKillPost } from '../../src/cards/kill-post.ts';
import { createKillService } from '../../src/control/kills.ts';
import type { Doer } from '../../src/core/person.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createQueues } from '../../src/core/queues.ts';
import { WATCHER } from '../../src/core/watch.ts';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import { openDb } from '../../src/store/db.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { createKillStore } from '../../src/store/kills.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

const HOUR_MS = 3_600_000;

/** A job that runs in a simulated queue, in the database too, and a service of kills whose queue is that, or made of it. */
async function world(ofQueue: (queue: Queue) => Queue = (queue) => queue) {
  const folder = temporaryFolder();
  const script = { history: [], waiting: [], later: [] };
  const queue = createSimulatedQueue({ name: 'q', folder, script, seed: 1, clock: Date.now, tickMs: 20 });
  const db = openDb(folder);
  const jobs = createJobStore(db);
  await queue.start(({ changed }) => changed.forEach(jobs.put));
  const plan = { taskKey: 'a.B', settings: {}, steps: 10, seconds: 600, fate: 'completes' } as const;
  const job = queue.enqueue(plan);
  await eventually('it runs', () => queue.snapshot()!.running.includes(job.jobId));
  const told: CutOffKill[] = [];
  const service = createKillService({
    queues: createQueues([ofQueue(queue)]),
    kills: createKillStore(db, Date.now),
    jobOf: jobs.get,
    graceMs: () => 100,
    onSignal() {},
    tell: (_key, kill) => void told.push(kill),
    clock: Date.now,
    log: quietLog,
  });
  const begun = (by: Doer, agoMs: number) =>
    createKillStore(db, () => Date.now() - agoMs).begin(job, by, 100);
  const close = async () => {
    await service.stop();
    await queue.stop();
    db.close();
  };
  return { queue, job, jobs, told, service, begun, close };
}

it.each<[string, Doer, number, CutOffKill['state'], boolean]>([
  ['by a person, a moment ago, is taken up again', { id: 'ada', name: 'Ada' }, 5_000, 'resumed', true],
  ['by a person, an hour ago, is only told', { id: 'ada', name: 'Ada' }, HOUR_MS, 'still-runs', false],
  ['that a preset asks for is taken up whenever it was', WATCHER, HOUR_MS, 'resumed', true],
])('a kill that was cut off %s', async (_what, by, agoMs, state, isKilled) => {
  const { queue, job, told, service, begun, close } = await world();
  begun(by, agoMs);
  service.recover(queue.name);
  if (isKilled)
    await eventually('it has ended', () => queue.snapshot()!.jobs.get(job.jobId)!.status === 'failed');
  expect(told).toMatchObject([{ by: { name: by.name }, state, signal: null }]);
  expect(queue.snapshot()!.jobs.get(job.jobId)!.status).toBe(isKilled ? 'failed' : 'running');
  await close();
});

describe('a kill of which nobody knows whether its signal went out', () => {
  const reason = 'may have got SIGTERM or not';
  const losing = (queue: Queue): Queue => ({
    ...queue,
    async kill(_key, { hasTerm, beforeSignal }) {
      if (!hasTerm) beforeSignal?.('SIGTERM');
      return { done: false, reason, isUnknown: true };
    },
  });

  it('stays written down, so that the end that it brings is put down to whoever asked', async () => {
    const { queue, job, jobs, service, close } = await world(losing);
    const result = await service.kill(job, { id: 'ada', name: 'Ada' }, () => {});
    expect(result).toEqual({ done: false, reason, isUnknown: true });
    expect(jobs.get(job)).toMatchObject({ status: 'running', killedBy: null });
    await queue.kill(job, { graceMs: 100 });
    expect(jobs.get(job)).toMatchObject({ status: 'failed', killedBy: { name: 'Ada', signal: 'SIGTERM' } });
    await close();
  });

  it('is told as that where it was cut off before', async () => {
    const { queue, told, service, begun, close } = await world(losing);
    begun({ id: 'ada', name: 'Ada' }, 5_000);
    service.recover(queue.name);
    await eventually('it is told', () => told.length === 2);
    expect(told).toMatchObject([{ state: 'resumed' }, { state: 'unknown', reason }]);
    expect(plainText(cutOffKillPost(told[1]!), { now: Date.now() })).toMatch(
      /It was resumed: the job may have got SIGTERM or not\.$/m,
    );
    await close();
  });
});
