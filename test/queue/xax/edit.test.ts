import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createXaxQueue, type XaxQueue } from '../../../src/queue/xax/index.ts';
import { findPython, STAND_IN } from '../../contract/xax-places.ts';
import { rawJob, rawState, stateText, writeStateFile } from './helpers.ts';

const python = await findPython();
let home: string;
let queue: XaxQueue | undefined;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xaxbot-edit-'));
});
afterEach(async () => {
  await queue?.stop();
  rmSync(home, { recursive: true, force: true });
});

/** Three waiting jobs, and a queue that is given this xax command and environment. */
async function waitingQueue(
  xaxBin: string | undefined,
  env: NodeJS.ProcessEnv,
  pythonExecutable = '/no/such/python',
): Promise<XaxQueue> {
  const jobs = [1, 2, 3].map((index) => rawJob(index, { python_executable: pythonExecutable }));
  writeStateFile(home, stateText(rawState(jobs, { queue: jobs.map(([id]) => id) })));
  queue = createXaxQueue({
    name: 'host',
    home,
    xaxBin,
    env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', ...env },
    clock: Date.now,
    log: pino({ level: 'silent' }),
  });
  await queue.start(() => {});
  return queue;
}

function program(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const job = (index: number) => queue!.snapshot()!.jobs.get(`job-000000${index}`)!;
const stateNow = () => readFileSync(join(home, 'queue_state.json'), 'utf8');

describe.skipIf(!python)('changing a waiting job', () => {
  const standInCommand = () =>
    program('xax', `#!/bin/sh\nPYTHONPATH=${STAND_IN} exec ${python} -m xax.cli.main "$@"\n`);

  test('is one step where the job’s own Python has xax', async () => {
    const changed = await waitingQueue(undefined, { PYTHONPATH: STAND_IN }, python);
    expect(await changed.move(job(3), 1)).toEqual({ done: true });
    await changed.refresh();
    expect(changed.snapshot()!.order).toEqual(['job-0000003', 'job-0000001', 'job-0000002']);
  });

  test('is one step by the Python that the xax command is run by', async () => {
    const script = program(
      'xax',
      `#!${python}\nimport sys\nsys.exit("the command itself must not be needed")\n`,
    );
    const changed = await waitingQueue(script, { PYTHONPATH: STAND_IN });
    expect(await changed.cancel(job(1))).toEqual({ done: true });
  });

  test('goes by the xax command where no Python has xax, and says that it was not one step', async () => {
    const changed = await waitingQueue(standInCommand(), {}, python);
    expect(await changed.move(job(3), 1)).toEqual({
      done: true,
      caution: expect.stringMatching(/not one step/),
    });
    expect(await changed.cancel(job(2))).toEqual({
      done: true,
      caution: expect.stringMatching(/not one step/),
    });
    expect(changed.snapshot()!.order).toEqual(['job-0000003', 'job-0000001']);
  });

  test('by the xax command is refused as in one step, before anything is changed', async () => {
    const changed = await waitingQueue(standInCommand(), {}, python);
    const before = stateNow();
    expect(await changed.move(job(1), 4)).toEqual({
      done: false,
      reason: 'cannot move to position 4: 3 waiting',
    });
    expect(await changed.cancel({ ...job(1), enqueuedAt: 5 })).toEqual({
      done: false,
      reason: expect.stringContaining('no longer'),
    });
    expect(stateNow()).toBe(before);
  });

  test("runs no xax that somebody put into the queue's folder", async () => {
    const changed = await waitingQueue(undefined, {}, python);
    mkdirSync(join(home, 'xax', 'cli'), { recursive: true });
    writeFileSync(join(home, 'xax', 'cli', 'main.py'), 'open("planted", "w").close()\n');
    expect(await changed.cancel(job(1))).toEqual({ done: false, reason: expect.stringContaining('xax') });
    expect(existsSync(join(home, 'planted'))).toBe(false);
  });

  test('a refusal leaves the file untouched, bytes and time', async () => {
    const changed = await waitingQueue(undefined, { PYTHONPATH: STAND_IN }, python);
    const before = stateNow();
    expect((await changed.move(job(1), 4)).done).toBe(false);
    expect((await changed.cancel({ ...job(1), enqueuedAt: job(1).enqueuedAt + 0.001 })).done).toBe(false);
    expect(stateNow()).toBe(before);
  });

  test('a state that xax itself cannot read is told in its words', async () => {
    const changed = await waitingQueue(undefined, { PYTHONPATH: STAND_IN }, python);
    const key = job(1);
    writeStateFile(home, 'not JSON');
    expect(await changed.cancel(key)).toEqual({
      done: false,
      reason: expect.stringMatching(/could not be changed: Expecting value/),
    });
  });
});

test('without a Python and without the xax command the answer says what to set', async () => {
  const changed = await waitingQueue(undefined, {});
  expect(await changed.cancel(job(1))).toEqual({ done: false, reason: expect.stringContaining('XAX_BIN') });
});
