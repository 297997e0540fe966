import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { WAITING_LAUNCHES } from '../../src/store/migrations/028-waiting-launches.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createWaitingLaunches, type KeptLaunch } from '../../src/store/waiting-launches.ts';
import { temporaryFolder } from '../helpers.ts';

const AFTER: Omit<KeptLaunch, 'id' | 'state' | 'launch'> = {
  kind: 'after',
  job: { queue: 'g1', jobId: 'job-0000001', enqueuedAt: 1_764_500_000.25 },
  session: 1,
  experimentId: 'plan-1',
  request: { preset: 'toy', assignments: { learning_rate: '0.003' }, hypothesis: 'slower' },
  person: { id: 'ada', name: 'Ada', rights: null },
  attempt: 0,
  cause: null,
};

it('nothing waits to be launched after an upgrade; what does later is taken once, and its words are kept no longer', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, MIGRATIONS.indexOf(WAITING_LAUNCHES)) });
  before.exec(
    `INSERT INTO subscriptions (person, adapter, channel, job, created_at) VALUES ('ada', 'web', 'dm:ada', '', 1)`,
  );
  before.close();
  const db = openDb(folder);
  expect(db.prepare('SELECT count(*) FROM subscriptions').pluck().get()).toBe(1);
  const waits = createWaitingLaunches(db, () => 5);
  expect(waits.open()).toEqual([]);
  expect(waits.add(AFTER)).toBe(true);
  expect(waits.open()).toEqual([{ ...AFTER, id: 1, state: 'waiting', launch: null }]);
  expect(waits.add(AFTER)).toBe(false);
  expect([waits.launched(1, 7), waits.launched(1, 8), waits.drop(1)]).toEqual([true, false, false]);
  const { request } = waits.ofLaunch(7)!;
  expect(request).toEqual({ preset: 'toy', assignments: { learning_rate: '0.003' } });
  // It was launched, so that it may wait for another job.
  expect(waits.add(AFTER)).toBe(true);
  // The same end twice is one retry.
  const retry: typeof AFTER = { ...AFTER, kind: 'retry', experimentId: null, attempt: 1, cause: 'preempted' };
  expect([waits.add(retry), waits.add(retry)]).toEqual([true, false]);
});
