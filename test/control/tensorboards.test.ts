import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTensorBoards } from '../../src/control/tensorboards.ts';
import type { Job, JobKey } from '../../src/core/job.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createQueues } from '../../src/core/queues.ts';
import { createXaxQueue } from '../../src/queue/xax/index.ts';
import { createRecordedHome } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

/** Stands for `xax queue tensorboard … --port N`: serves a page on the loopback, or ends at once. */
const SERVES = `const server = require('node:http').createServer((_, answer) => answer.end('TensorBoard'));
  server.keepAliveTimeout = 1000; // What the client takes to mean that it closes at once; by default it keeps a connection for seconds.
  server.listen(Number(process.argv[1]), '127.0.0.1')`;
const FAILS = `console.error('No module named tensorboard'); process.exit(1)`;

const HOUR_MS = 3_600_000;

const job = (jobId: string) => ({ jobId }) as Job;
const isUp = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`)
    .then((answer) => answer.text())
    .then((text) => text === 'TensorBoard')
    .catch(() => false);

const serving = (more: Partial<Pick<Queue, 'kind' | 'tensorboard'>>) => ({
  of: () => ({ name: 'g1', kind: 'xax', ...more }),
});

describe('TensorBoard', () => {
  let boards: ReturnType<typeof create> | undefined;
  const values = new Map<string, unknown>();
  let changes: string[][] = [];
  const remembered = {
    kept: {
      get: (name: string) => values.get(name),
      set: (name: string, value: unknown) => void values.set(name, value),
    },
    onChange: (jobs: readonly JobKey[]) => void changes.push(jobs.map(({ jobId }) => jobId)),
  };
  const create = (script: string, more: { clock?: () => number; lookMs?: number } = {}) =>
    createTensorBoards({
      queues: serving({
        tensorboard: (_jobs, port) => ({ argv: [process.execPath, '-e', script, String(port)], env: {} }),
      }),
      clock: more.clock ?? Date.now,
      log: quietLog,
      ...remembered,
      timings: more.lookMs === undefined ? {} : { lookMs: more.lookMs },
    });
  afterEach(async () => {
    await boards?.stop();
    values.clear();
    changes = [];
  });

  it('is served once for the same runs, on a port of its own for others, and is gone when it is stopped', async () => {
    boards = create(SERVES);
    const [first, again] = await Promise.all([
      boards.open([job('job-2'), job('job-1')]),
      boards.open([job('job-1'), job('job-2')]),
    ]);
    expect(again).toEqual(first);
    expect(first.jobIds).toEqual(['job-1', 'job-2']);
    const other = await boards.open([job('job-3')]);
    expect(other.port).not.toBe(first.port);
    expect(await Promise.all([isUp(first.port), isUp(other.port)])).toEqual([true, true]);
    await expect(boards.open([job('job-4')])).rejects.toThrow('2 TensorBoards are already running');
    expect(await boards.stopAll()).toBe(2);
    expect(await Promise.all([isUp(first.port), isUp(other.port)])).toEqual([false, false]);
    expect(await boards.stopAll()).toBe(0);
  });

  it('is on the card of each run that it shows, until it ends or a process that was killed is replaced', async () => {
    boards = create(SERVES);
    const opening = boards.open([job('job-1'), job('job-2')]);
    expect(boards.showing(job('job-1'))).toBeUndefined();
    const { port } = await opening;
    expect(boards.showing(job('job-2'))?.port).toBe(port);
    expect(boards.showing(job('job-3'))).toBeUndefined();
    expect(changes).toEqual([['job-1', 'job-2']]);
    const next = create(SERVES);
    next.begin();
    expect(changes).toEqual([
      ['job-1', 'job-2'],
      ['job-1', 'job-2'],
    ]);
    next.begin();
    expect(changes).toHaveLength(2);
    await boards.stopAll();
    expect(boards.showing(job('job-1'))).toBeUndefined();
    expect(changes).toHaveLength(3);
  });

  it('says why it did not start, and can be tried again', async () => {
    boards = create(FAILS);
    await expect(boards.open([job('job-1')])).rejects.toThrow('No module named tensorboard');
    await expect(boards.open([job('job-1')])).rejects.toThrow('No module named tensorboard');
  });

  it('stops when nobody looks at it, and not while somebody is connected', async () => {
    let now = Date.now();
    let asked = 0;
    const clock = () => {
      asked += 1;
      return now;
    };
    boards = create(SERVES, { clock, lookMs: 20 });
    const { port } = await boards.open([job('job-1')]);
    const looking = connect(port, '127.0.0.1');
    looking.on('error', () => {});
    await once(looking, 'connect');
    const before = asked;
    now += HOUR_MS;
    // It asks for the time twice at each look.
    await eventually('it has been looked at', () => asked > before + 4);
    expect(await isUp(port)).toBe(true);
    looking.destroy();
    now += HOUR_MS;
    // What the kernel remembers of closed connections counts as looking for a minute.
    await eventually(
      'it is stopped',
      async () => {
        now += HOUR_MS;
        return !(await isConnected(port));
      },
      90_000,
    );
  }, 100_000);

  it('has none where there is no xax command, or the queue is simulated', async () => {
    boards = createTensorBoards({
      queues: serving({ tensorboard: () => undefined }),
      clock: Date.now,
      log: quietLog,
      ...remembered,
    });
    await expect(boards.open([job('job-1')])).rejects.toThrow('No xax command was found');
    await boards.stop();
    boards = createTensorBoards({
      queues: serving({ kind: 'simulated' }),
      clock: Date.now,
      log: quietLog,
      ...remembered,
    });
    await expect(boards.open([job('job-1')])).rejects.toThrow(
      'g1 is a simulated queue: it serves no TensorBoard.',
    );
  });

  it.skipIf(process.env.XAX_BIN === undefined)(
    'is the one that xax itself serves',
    async () => {
      const folder = temporaryFolder();
      const home = createRecordedHome(folder);
      home.show('030.json');
      const queue = createXaxQueue({
        name: 'host',
        home: home.home,
        xaxBin: process.env.XAX_BIN,
        env: process.env,
        clock: Date.now,
        log: quietLog,
        pollMs: 200,
      });
      await queue.start(() => {});
      try {
        boards = createTensorBoards({
          queues: createQueues([queue]),
          clock: Date.now,
          log: quietLog,
          ...remembered,
        });
        const { port } = await boards.open([job('job-0000006'), job('job-0000009')]);
        const runs = await eventually(
          'the runs are read',
          async () => {
            const found = (await (await fetch(`http://127.0.0.1:${port}/data/runs`)).json()) as string[];
            return found.length > 0 && found;
          },
          60_000,
        );
        expect(runs.toSorted()[0]).toMatch(/^job-000000[69]/);
        await boards.stopAll();
        expect(await isUp(port)).toBe(false);
      } finally {
        await queue.stop();
      }
    },
    180_000,
  );

  function isConnected(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }
});

it('a run that writes elsewhere than to its run folder is refused with where that is', () => {
  const boards = createTensorBoards({
    queues: { of: () => ({ name: 'g1', kind: 'xax', tensorboard: () => ({ argv: ['true'], env: {} }) }) },
    clock: Date.now,
    log: quietLog,
    onChange() {},
    kept: { get: () => undefined, set() {} },
    placeOf: () => ({ folder: '/home/ada/proj/out', because: '' }),
  });
  const job = { queue: 'g1', jobId: 'job-0000007', enqueuedAt: 1 } as Job;
  expect(() => boards.mustOpen([job])).toThrow(
    'job-0000007 writes to /home/ada/proj/out, and this TensorBoard shows run folders alone.',
  );
});
