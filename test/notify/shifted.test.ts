import { expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/queue.ts';
import { createNotifier } from '../../src/notify/notifier.ts';
import type { JobStore } from '../../src/store/jobs.ts';
import type { Outbox } from '../../src/store/outbox.ts';
import { job } from '../experiments/world.ts';

/** Which jobs' cards are drawn anew when the queue's order becomes `now`. */
function redrawn(
  now: readonly number[],
  waitedBefore: readonly number[] | null,
  orderChanged = true,
): string[] {
  const found: string[] = [];
  const outbox = { refreshCards: (subject: string) => void found.push(subject) } as Partial<Outbox> as Outbox;
  const notifier = createNotifier({
    outbox,
    queues: ['g1'],
    jobs: {} as JobStore,
    channels: () => [],
    subscriptions: { about: () => [] },
    pings: { notBefore: () => 0 },
    ownerOf: () => undefined,
    launchesUnderWay: () => 0,
    editUnderWay: () => false,
    sessionIn: () => 'default',
    traits: new Map(),
    clock: () => 0,
  });
  const jobs = new Map(now.map((number) => [job(number).jobId, job(number)]));
  const snapshot = { queue: 'g1', jobs, order: [...jobs.keys()] } as unknown as Snapshot;
  const before = waitedBefore?.map((number) => job(number).jobId) ?? null;
  notifier.queueChanged({
    snapshot,
    orderChanged,
    waitedBefore: before,
    changed: [],
    removed: [],
    observerChanged: false,
  });
  return found.flatMap((subject) => /job-0*(\d+)/.exec(subject)?.[1] ?? []);
}

it('a job that comes to the end of a queue changes the card of no other', () => {
  const before = [1, 2, 3, 4];
  expect(redrawn([...before, 5], before)).toEqual(['5']);
});

it('a job that goes, or is moved, changes those whose place is another', () => {
  expect(redrawn([2, 3, 4], [1, 2, 3, 4])).toEqual(['2', '3', '4']);
  expect(redrawn([1, 2, 4], [1, 2, 3, 4])).toEqual(['4']);
  expect(redrawn([1, 4, 2, 3, 5], [1, 2, 3, 4, 5])).toEqual(['4', '2', '3']);
});

it('at a start all that wait are drawn anew; while the order stays, none', () => {
  expect(redrawn([1, 2], null)).toEqual(['1', '2']);
  expect(redrawn([1, 2], [1, 2])).toEqual([]);
  expect(redrawn([1, 2], [2, 1], false)).toEqual([]);
});
