import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FOLLOWED } from '../../src/core/followed.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createQueues } from '../../src/core/queues.ts';
import { createFollowedQueue } from '../../src/queue/followed/index.ts';
import { processFacts } from '../../src/queue/process-facts.ts';
import { openDb } from '../../src/store/db.ts';
import { createFollowedRunStore } from '../../src/store/followed-runs.ts';
import { temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

const run = { queue: FOLLOWED, jobId: 'run-1' };
const named = (name: string) => ({ name }) as Queue;
const followed = () => {
  const db = openDb(temporaryFolder());
  return createFollowedQueue({ runs: createFollowedRunStore(db), env: {}, clock: Date.now, log: quietLog });
};

it('one queue beside followed runs is still the only one, and runs are called by their own name beside several too', () => {
  const one = createQueues([named('g1'), followed()]);
  expect([one.areSeveral, one.ofSettings.length, one.all.length]).toEqual([false, 1, 2]);
  expect(one.nameOf({ queue: 'g1', jobId: 'job-0000007' })).toBe('job-0000007');
  // A job of a queue that was called otherwise is the only queue's; a run is not.
  expect(one.of({ queue: 'as-it-was-called' }).name).toBe('g1');
  expect(one.of(run).kind).toBe('followed');
  const two = createQueues([named('g1'), named('g2'), followed()]);
  expect([two.areSeveral, two.nameOf(run)]).toEqual([true, 'run-1']);
  expect(two.nameOf({ queue: 'g2', jobId: 'job-0000007' })).toBe('g2/job-0000007');
  expect(() => two.named('g3')).toThrow(
    expect.objectContaining({ hint: expect.not.stringContaining('_followed') }),
  );
});

it('what is told of a run is told again after a restart only where it is another', async () => {
  const db = openDb(temporaryFolder());
  const open = () =>
    createFollowedQueue({ runs: createFollowedRunStore(db), env: {}, clock: Date.now, log: quietLog });
  const queue = open();
  await queue.start(() => {});
  const folder = temporaryFolder();
  const key = queue.follow({ folder, task: 't', process: null, startedAt: 1, silentMs: 1_000_000 });
  expect(key.jobId).toBe('run-1');
  expect(queue.leave({ ...key, enqueuedAt: 5 }, 'x').done).toBe(false);
  const before = queue.snapshot()!.jobs.get('run-1');
  await queue.stop();
  const again = open();
  await again.start(() => {});
  expect(again.snapshot()!.jobs.get('run-1')).toEqual(before);
  expect(again.leave(key, 'Ada said so').done).toBe(true);
  expect(again.leave(key, 'Ada said so').done).toBe(false);
  expect(again.follow({ folder, task: 't', process: null, startedAt: 1, silentMs: 1_000_000 }).jobId).toBe(
    'run-2',
  );
  await again.stop();
  db.close();
});

it('the process of a followed run is its own, and what it started; of a run whose process nobody named, what writes there', async () => {
  const queue = followed();
  await queue.start(() => {});
  const [named, unnamed] = [temporaryFolder(), temporaryFolder()];
  const asleep = (output: 'ignore' | number) =>
    spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], { stdio: ['ignore', 'pipe', output] });
  const [trains, writes, other] = [
    asleep('ignore'),
    asleep(openSync(join(unnamed, 'train.log'), 'w')),
    asleep('ignore'),
  ];
  const all = [trains, writes, other];
  try {
    const below = await Promise.all(
      all.map(async ({ stdout }) => Number(String((await once(stdout!, 'data'))[0]))),
    );
    const owned = () => [...all.map(({ pid }) => pid!), ...below].map((pid) => queue.ownsProcess(pid));
    expect(owned()).toEqual(Array(6).fill(false));
    const begun = processFacts(trains.pid!)!.startedAt;
    const process = { pid: trains.pid!, startedAt: begun };
    const key = queue.follow({ folder: named, task: 't', process, startedAt: begun, silentMs: 1_000_000 });
    queue.follow({ folder: unnamed, task: 't', process: null, startedAt: 1, silentMs: 1_000_000 });
    expect(owned()).toEqual([true, true, false, true, true, false]);
    queue.leave(key, 'Ada said so');
    expect(owned()).toEqual([false, true, false, false, true, false]);
    for (const pid of below) globalThis.process.kill(pid);
  } finally {
    for (const child of all) child.kill();
    await queue.stop();
  }
});
