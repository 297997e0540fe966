import { expect, it } from 'vitest';
import type { CutOffKill } from '../../src/cards/kill-post.ts';
import { createKillService } from '../../src/control/kills.ts';
import type { Doer } from '../../src/core/person.ts';
import { createQueues } from '../../src/core/queues.ts';
import { WATCHER } from '../../src/core/watch.ts';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import { openDb } from '../../src/store/db.ts';
import { createJobStore } from '../../src/store/jobs.ts';
import { createKillStore } from '../../src/store/kills.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

const HOUR_MS = 3_600_000;

it.each<[string, Doer, number, CutOffKill['state'], boolean]>([
  ['by a person, a moment ago, is taken up again', { id: 'ada', name: 'Ada' }, 5_000, 'resumed', true],
  ['by a person, an hour ago, is only told', { id: 'ada', name: 'Ada' }, HOUR_MS, 'still-runs', false],
  ['that a preset asks for is taken up whenever it was', WATCHER, HOUR_MS, 'resumed', true],
])('a kill that was cut off %s', async (_what, by, agoMs, state, isKilled) => {
  const folder = temporaryFolder();
  const script = { history: [], waiting: [], later: [] };
  const queue = createSimulatedQueue({ name: 'q', folder, script, seed: 1, clock: Date.now, tickMs: 20 });
  const db = openDb(folder);
  const jobs = createJobStore(db);
  await queue.start(({ changed }) => changed.forEach(jobs.put));
  const plan = { taskKey: 'a.B', settings: {}, steps: 10, seconds: 600, fate: 'completes' } as const;
  const job = queue.enqueue(plan);
  await eventually('it runs', () => queue.snapshot()!.running.includes(job.jobId));
  createKillStore(db, () => Date.now() - agoMs).begin(job, by, 100);
  const told: CutOffKill[] = [];
  const service = createKillService({
    queues: createQueues([queue]),
    kills: createKillStore(db, Date.now),
    jobOf: jobs.get,
    graceMs: () => 100,
    onSignal() {},
    tell: (_key, kill) => void told.push(kill),
    clock: Date.now,
    log: quietLog,
  });
  service.recover(queue.name);
  if (isKilled)
    await eventually('it has ended', () => queue.snapshot()!.jobs.get(job.jobId)!.status === 'failed');
  expect(told).toMatchObject([{ by: { name: by.name }, state, signal: null }]);
  expect(queue.snapshot()!.jobs.get(job.jobId)!.status).toBe(isKilled ? 'failed' : 'running');
  await service.stop();
  await queue.stop();
  db.close();
});
