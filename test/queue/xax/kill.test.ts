import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Queue } from '../../../src/core/queue.ts';
import { createXaxQueue } from '../../../src/queue/xax/index.ts';
import { KILL_TIMINGS } from '../../../src/queue/xax/kill.ts';
import { type RawJob, rawJob, rawState, stateText, writeStateFile } from './helpers.ts';

let folder: string;
let home: string;
let queue: Queue;
const children: ChildProcess[] = [];

const createQueue = (kill: Partial<typeof KILL_TIMINGS> = { checkMs: 20 }) =>
  createXaxQueue({
    name: 'host',
    home,
    xaxBin: undefined,
    env: {},
    clock: Date.now,
    log: pino({ level: 'silent' }),
    pollMs: 100,
    kill,
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xaxbot-kill-'));
  home = join(folder, '.xax');
  mkdirSync(home);
  queue = createQueue();
});
afterEach(async () => {
  await queue.stop();
  for (const { pid } of children.splice(0)) {
    try {
      process.kill(-pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A process in a group of its own that says what a job's process says. */
async function jobProcess(env: NodeJS.ProcessEnv, script = 'sleep 600'): Promise<number> {
  const child = spawn('/bin/sh', ['-c', `echo; ${script}`], {
    env: { PATH: process.env.PATH, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return child.pid!;
}

/** Writes down that the process is the queue's running job, and tries to kill that. */
async function killAs(pid: number | null, recorded: RawJob = {}, graceMs = 300) {
  const now = Date.now() / 1000;
  const job = rawJob(1, { status: 'running', started_at: now - 1, pid, process_group_id: pid, ...recorded });
  writeStateFile(home, stateText(rawState([job], { running_job_id: 'job-0000001' })));
  await queue.start(() => {});
  const signals: string[] = [];
  const key = { queue: 'host', jobId: 'job-0000001', enqueuedAt: job[1].enqueued_at as number };
  const result = await queue.kill(key, { graceMs, onSignal: (signal) => signals.push(signal) });
  return { result, signals };
}

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

const JOB = { XAX_QUEUE_JOB_ID: 'job-0000001' };

describe.skipIf(process.platform !== 'linux')('a kill ends a process that is proven to be the job', () => {
  test.each<[string, () => NodeJS.ProcessEnv]>([
    ['XAX_HOME', () => ({ XAX_HOME: home })],
    [
      'XAX_HOME by a symlink',
      () => {
        symlinkSync(home, join(folder, 'alias'));
        return { XAX_HOME: join(folder, 'alias') };
      },
    ],
    ['XAXRC_PATH', () => ({ XAXRC_PATH: join(home, 'config.yml') })],
    ['HOME alone, as with an observer started by hand', () => ({ HOME: folder })],
  ])('when its environment names the queue by %s', async (_how, env) => {
    const pid = await jobProcess({ ...JOB, ...env() });
    expect(await killAs(pid)).toMatchObject({
      result: { done: true, endedBy: 'SIGTERM' },
      signals: ['SIGTERM'],
    });
    expect(isAlive(pid)).toBe(false);
  });

  test('with the whole process group: what ignored SIGTERM after its leader went gets SIGKILL', async () => {
    const survivor = "(trap '' TERM; echo $$ >/dev/null; while :; do sleep 0.05; done) & wait";
    const pid = await jobProcess({ ...JOB, HOME: folder }, survivor);
    await sleep(300);
    const { result, signals } = await killAs(pid);
    expect({ result, signals }).toMatchObject({
      result: { done: true, endedBy: 'SIGKILL' },
      signals: ['SIGTERM', 'SIGKILL'],
    });
    expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
  });
});

describe.skipIf(process.platform !== 'linux')('a kill leaves alone', () => {
  test.each<[string, () => NodeJS.ProcessEnv, RawJob, RegExp]>([
    [
      'a process of another job',
      () => ({ XAX_QUEUE_JOB_ID: 'job-0000002', HOME: folder }),
      {},
      /does not say that it is job-0000001/,
    ],
    ['a process that says nothing of a job', () => ({ HOME: folder }), {}, /does not say/],
    ['the job of that number in another queue', () => ({ ...JOB, HOME: '/nowhere' }), {}, /another queue/],
    [
      'a queue named by a relative path',
      () => ({ ...JOB, XAX_HOME: '../.xax', HOME: folder }),
      {},
      /relative path/,
    ],
    [
      'a process that is older than the job',
      () => ({ ...JOB, HOME: folder }),
      { started_at: Date.now() / 1000 + 3_600 },
      /started before the job/,
    ],
    [
      'a process in another group than recorded',
      () => ({ ...JOB, HOME: folder }),
      { process_group_id: 4_194_000 },
      /is in group/,
    ],
  ])('%s', async (_what, env, recorded, reason) => {
    const pid = await jobProcess(env());
    expect(await killAs(pid, recorded)).toEqual({
      result: { done: false, reason: expect.stringMatching(reason) },
      signals: [],
    });
    expect(isAlive(pid)).toBe(true);
  });

  test.each<[string, number]>([
    ['the init process', 1],
    ['every process there is', -1],
    ['its own group', 0],
    ['xaxbot itself', process.pid],
  ])('%s, whatever the state file says', async (_what, pid) => {
    const { result, signals } = await killAs(pid);
    expect({ result, signals }).toEqual({
      result: { done: false, reason: expect.stringMatching(/cannot be a job's|xaxbot's own/) },
      signals: [],
    });
  });

  test('a process that turns out to be another by the time its signal is written down', async () => {
    const pid = await jobProcess({ ...JOB, HOME: folder });
    const other = await jobProcess({ XAX_QUEUE_JOB_ID: 'job-0000002', HOME: folder });
    const record = (recorded: number) => {
      const job = rawJob(1, { status: 'running', started_at: Date.now() / 1000 - 1, pid: recorded });
      job[1].process_group_id = recorded;
      writeStateFile(home, stateText(rawState([job], { running_job_id: 'job-0000001' })));
    };
    record(pid);
    await queue.start(() => {});
    const kept: string[] = [];
    const result = await queue.kill(queue.snapshot()!.jobs.get('job-0000001')!, {
      graceMs: 10,
      beforeSignal(signal) {
        kept.push(signal);
        record(other);
        return () => void kept.pop();
      },
    });
    expect({ result, kept }).toEqual({
      result: { done: false, reason: expect.stringMatching(/does not say that it is job-0000001/) },
      kept: [],
    });
    expect([isAlive(pid), isAlive(other)]).toEqual([true, true]);
  });

  test('a process that has ended already', async () => {
    const { result } = await killAs(2 ** 22 + 11);
    expect(result).toEqual({ done: false, reason: expect.stringContaining('has ended already') });
  });

  test('a job that is not the one the queue names as running', async () => {
    const pid = await jobProcess({ ...JOB, HOME: folder });
    const job = rawJob(1, { status: 'running', started_at: Date.now() / 1000, pid, process_group_id: pid });
    writeStateFile(home, stateText(rawState([job])));
    await queue.start(() => {});
    const result = await queue.kill(queue.snapshot()!.jobs.get('job-0000001')!, { graceMs: 10 });
    expect(result).toEqual({
      done: false,
      reason: expect.stringContaining('not the job that the queue is running now'),
    });
    expect(isAlive(pid)).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux')('a job that was just claimed', () => {
  test('is killed as soon as its process is recorded', async () => {
    queue = createQueue({ pidWaitMs: 60_000 });
    const pid = await jobProcess({ ...JOB, HOME: folder });
    const started = { started_at: Date.now() / 1000 - 1 };
    const killing = killAs(null, { ...started, process_group_id: null });
    await sleep(200);
    const job = rawJob(1, { status: 'running', ...started, pid, process_group_id: pid });
    writeStateFile(home, stateText(rawState([job], { running_job_id: 'job-0000001' })));
    expect((await killing).result).toMatchObject({ done: true });
  });

  test('and gets no process within five seconds is told so', async () => {
    expect(KILL_TIMINGS.pidWaitMs).toBe(5_000);
    queue = createQueue({ pidWaitMs: 300 });
    expect((await killAs(null)).result).toEqual({
      done: false,
      reason: expect.stringContaining('no process yet'),
    });
  });
});
