import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Queue, SnapshotChange } from '../../../src/core/queue.ts';
import { createXaxQueue } from '../../../src/queue/xax/index.ts';
import { createStateReader } from '../../../src/queue/xax/state-reader.ts';
import { rawJob, rawState, stateText, writeStateFile } from './helpers.ts';

let folder: string;
let home: string;
let queue: Queue;
let offsetMs: number;
let changes: SnapshotChange[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xaxbot-following-'));
  home = join(folder, 'xax');
  mkdirSync(home);
  changes = [];
  offsetMs = 0;
  queue = make(200);
});
afterEach(async () => {
  await queue.stop();
  rmSync(folder, { recursive: true, force: true });
});

function make(pollMs: number): Queue {
  const log = pino({ level: 'silent' });
  return createXaxQueue({
    name: 'host',
    home,
    xaxBin: undefined,
    env: {},
    clock: () => Date.now() + offsetMs,
    log,
    pollMs,
  });
}

const start = () => queue.start((change) => void changes.push(change));
const write = (...indices: number[]) =>
  writeStateFile(home, stateText(rawState(indices.map((index) => rawJob(index)))));
const ids = () => [...(queue.snapshot()?.jobs.keys() ?? [])];

function writeObserver(more: Record<string, unknown> = {}): void {
  const seconds = (Date.now() + offsetMs) / 1000;
  const info = {
    hostname: hostname(),
    pid: process.pid,
    started_at: 1_000,
    status: 'idle',
    updated_at: seconds,
    ...more,
  };
  writeFileSync(join(home, 'observer.tmp'), JSON.stringify(info));
  renameSync(join(home, 'observer.tmp'), join(home, 'queue_observer.json'));
}

async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await sleep(10);
}

describe('following the state file', () => {
  test('the first snapshot is there when the start resolves and names every job', async () => {
    write(1, 2);
    await start();
    expect(changes).toHaveLength(1);
    expect(changes[0]!.changed.map(({ jobId }) => jobId)).toEqual(['job-0000001', 'job-0000002']);
  });

  test('a started follower names every job again after a stop', async () => {
    write(1);
    await start();
    await queue.stop();
    await start();
    expect(changes.map(({ changed }) => changed.length)).toEqual([1, 1]);
  });

  test('a rewrite is noticed by the file system, long before the next poll', async () => {
    queue = make(600_000);
    write(1);
    await start();
    write(1, 2);
    await until(() => ids().length === 2);
    expect(changes.at(-1)!.changed.map(({ jobId }) => jobId)).toEqual(['job-0000002']);
  });

  test('a folder without a state file is an empty queue, as xax takes it', async () => {
    await start();
    expect(queue.snapshot()).toMatchObject({ order: [], running: [] });
    expect(queue.health().ok).toBe(true);
    write(1);
    await until(() => ids().length === 1);
  });

  test('a folder that does not exist yet is taken up when it appears', async () => {
    rmSync(home, { recursive: true });
    await start();
    expect(queue.snapshot()).toBeUndefined();
    expect(queue.health()).toMatchObject({ ok: false, problem: expect.stringContaining(home) });
    mkdirSync(home);
    write(1);
    await until(() => ids().length === 1);
    expect(queue.health().ok).toBe(true);
  });

  test('a folder that is deleted and made anew is followed again, and its events too', async () => {
    write(1);
    await start();
    rmSync(home, { recursive: true });
    await until(() => !queue.health().ok);
    expect(ids()).toEqual(['job-0000001']);
    mkdirSync(home);
    write(1, 2);
    await until(() => ids().length === 2);
    await until(() => queue.health().ok);
    write(1, 2, 3);
    await until(() => ids().length === 3);
  });

  test('numbering that begins anew removes the old jobs and brings the new one', async () => {
    write(1, 2);
    await start();
    rmSync(join(home, 'queue_state.json'));
    await until(() => !queue.health().ok);
    expect(ids()).toHaveLength(2);
    writeStateFile(home, stateText(rawState([rawJob(1, { enqueued_at: 1_800_000_000.5 })])));
    await until(() => ids().length === 1);
    const { changed, removed } = changes.at(-1)!;
    expect(changed).toMatchObject([{ jobId: 'job-0000001', enqueuedAt: 1_800_000_000.5 }]);
    expect(removed).toHaveLength(2);
    expect(queue.health().ok).toBe(true);
  });

  test('a change that the listener fails to take comes again', async () => {
    write(1);
    let failures = 2;
    const seen: string[] = [];
    await queue.start(({ changed }) => {
      if (failures-- > 0) throw new Error('the disk is full');
      seen.push(...changed.map(({ jobId }) => jobId));
    });
    write(1, 2);
    await until(() => seen.length >= 2);
    expect(seen).toEqual(['job-0000001', 'job-0000002']);
  });
});

describe('a file that cannot be used', () => {
  test('is told without asking for read access where the queue is named by a file', () => {
    const reader = createStateReader('q', join(import.meta.filename, 'queue_state.json'));
    expect(() => reader.read({ force: true })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/queue_state\.json cannot be read: ENOTDIR/),
        hint: "Name the queue's folder, in which it lies, as XAX_HOME or home of the queue.",
      }),
    );
  });

  test.each<[string, () => void, RegExp]>([
    [
      'torn',
      () => writeStateFile(home, stateText(rawState([rawJob(1), rawJob(3)])).slice(0, -40)),
      /queue_state\.json is not complete JSON/,
    ],
    [
      'of a newer xax',
      () => writeStateFile(home, stateText({ ...rawState([rawJob(1)]), version: 2 })),
      /version is 2.*newer xax/,
    ],
    ['of another program', () => writeStateFile(home, '{"a": 1}'), /not a queue state of xax.*XAX_HOME/],
    ['gone', () => rmSync(join(home, 'queue_state.json')), /queue_state\.json is missing/],
    [
      'a folder',
      () => {
        rmSync(join(home, 'queue_state.json'));
        mkdirSync(join(home, 'queue_state.json'));
      },
      /queue_state\.json cannot be read/,
    ],
    [
      'a named pipe that nobody writes into',
      () => {
        for (const name of ['queue_state.json', 'queue_observer.json']) {
          rmSync(join(home, name), { force: true });
          execFileSync('mkfifo', [join(home, name)]);
        }
      },
      /queue_state\.json cannot be read: it is no file/,
    ],
  ])(
    'one that is %s keeps the last good snapshot and says so until it is mended',
    async (_what, spoil, words) => {
      write(1, 2);
      await start();
      spoil();
      await until(() => !queue.health().ok);
      expect(queue.health()).toMatchObject({
        problem: expect.stringMatching(words),
        since: expect.any(Number),
      });
      expect(ids()).toEqual(['job-0000001', 'job-0000002']);
      expect(changes.at(-1)!.changed).toEqual([]);
      rmSync(join(home, 'queue_state.json'), { recursive: true, force: true });
      write(1, 2, 3);
      await until(() => queue.health().ok);
      expect(ids()).toHaveLength(3);
    },
  );

  test('nothing is changed on the word of an old state', async () => {
    const running = rawJob(1, {
      status: 'running',
      started_at: 1_795_446_010,
      pid: 2 ** 22 + 7,
      process_group_id: 2 ** 22 + 7,
    });
    writeStateFile(home, stateText(rawState([running], { running_job_id: 'job-0000001' })));
    await start();
    writeStateFile(home, '{');
    const key = queue.snapshot()!.jobs.get('job-0000001')!;
    expect(await queue.kill(key, { graceMs: 10 })).toEqual({
      done: false,
      reason: expect.stringContaining('not complete JSON'),
    });
  });
});

describe('the observer', () => {
  test('is active while its heartbeat is fresh and its process lives', async () => {
    writeObserver();
    await start();
    expect(queue.snapshot()!.observer).toMatchObject({ active: true, pid: process.pid, status: 'idle' });
  });

  test('is told of when it changes, and not at each heartbeat', async () => {
    writeObserver();
    await start();
    writeObserver({ updated_at: Date.now() / 1000 + 1 });
    await until(() => queue.snapshot()!.observer!.updatedAt > Date.now() / 1000);
    expect(changes).toHaveLength(1);
    writeObserver({ status: 'running:job-0000001' });
    await until(() => changes.length === 2);
    expect(changes[1]).toMatchObject({ observerChanged: true, orderChanged: false, changed: [] });
  });

  test('that falls silent is noticed without any file changing', async () => {
    writeObserver();
    await start();
    offsetMs = 21_000;
    await until(() => queue.snapshot()!.observer!.active === false);
    expect(changes.at(-1)!.observerChanged).toBe(true);
  });

  test('whose process is gone is not active, however fresh its heartbeat', async () => {
    writeObserver({ pid: 2 ** 22 + 9 });
    await start();
    expect(queue.snapshot()!.observer!.active).toBe(false);
  });
});
