import { afterEach, expect, it } from 'vitest';
import type { JobKey } from '../../src/core/job.ts';
import type { Marks, Queue, SnapshotChange } from '../../src/core/queue.ts';
import { apart } from '../../src/queue/apart.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { toyQueue } from '../toy-bot.ts';

const KEY: JobKey = { queue: 'b', jobId: 'job-0000001', enqueuedAt: 1 };

const made: Queue[] = [];
afterEach(async () => {
  for (const queue of made.splice(0)) await queue.stop();
});

/** A queue of which is known what it is once it is reached. */
function queueOf(name: string, mark: string) {
  let marks: Marks | null = null;
  const queue = toyQueue(temporaryFolder(), undefined, name);
  made.push(queue);
  const heard: SnapshotChange[] = [];
  return {
    queue: { ...queue, marks: async () => marks } as Queue & Required<Pick<Queue, 'launch'>>,
    heard,
    hear: (change: SnapshotChange) => void heard.push(change),
    /** It has something to tell. */
    put: () => queue.launch!({ argv: ['true'], cwd: '/', assignments: {} }, () => {}),
    reach() {
      marks = new Map([[mark, `the folder of ${mark}`]]);
    },
  };
}
const apartOf = (...queues: readonly { queue: Queue }[]) =>
  apart(
    queues.map(({ queue }) => queue),
    { clock: Date.now, log: quietLog },
  );

it('of two with one mark the first of the settings is followed, whichever is started first', async () => {
  const [a, b] = [queueOf('a', 'x'), queueOf('b', 'x')];
  for (const each of [a, b]) each.reach();
  const [first, second] = apartOf(a, b);
  const started = second!.start(b.hear);
  await first!.start(a.hear);
  await started;
  expect(a.heard).toHaveLength(1);
  expect(first!.snapshot()).toBeDefined();
  expect(first!.health().ok).toBe(true);

  const problem = 'the folder of x is followed as a already, and b follows nothing';
  expect(b.heard).toEqual([]);
  expect(second!.snapshot()).toBeUndefined();
  expect(second!.health()).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  const refused = { done: false, reason: expect.stringContaining(problem) };
  expect(await second!.cancel(KEY)).toMatchObject(refused);
  expect(await second!.kill(KEY, { graceMs: 0 })).toMatchObject(refused);
  expect(await second!.launch!({ argv: ['true'], cwd: '/', assignments: {} }, () => {})).toMatchObject(
    refused,
  );
});

it('one that is reached later is the second, and all that one tells before that is told once it is known', async () => {
  const [a, b, c] = [queueOf('a', 'x'), queueOf('b', 'x'), queueOf('c', 'y')];
  b.reach();
  const [first, second, third] = apartOf(a, b, c);
  await Promise.all([first!.start(a.hear), second!.start(b.hear), third!.start(c.hear)]);
  expect([a, b, c].map(({ heard }) => heard.length)).toEqual([0, 1, 0]);
  expect(first!.health().ok).toBe(true);

  for (const each of [a, c]) each.reach();
  for (const each of [a, c]) await each.put();
  await eventually('both are known', () => !first!.health().ok && c.heard.length > 0);
  expect(a.heard).toEqual([]);
  expect(c.heard[0]!.changed.map(({ jobId }) => jobId)).toEqual(['job-0000001']);
  expect([...third!.snapshot()!.jobs.keys()]).toEqual(['job-0000001']);
  expect(first!.health()).toMatchObject({ problem: expect.stringContaining('is followed as b already') });
});
