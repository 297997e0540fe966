import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { askRunningBot } from '../../adapters/terminal/client.ts';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type Bot, readerOf, type Told } from '../notify/told.ts';
import { type RawJob, rawJob, rawState, stateText, writeStateFile } from '../queue/xax/helpers.ts';
import { crash, spawnBot } from './bot-process.ts';

const JOB = 'job-0000001';
const HOUR_MS = 3_600_000;
const SIGNAL_NUMBERS: Record<string, number> = { SIGKILL: 9, SIGTERM: 15 };
/** How long a job may take to end by itself after SIGTERM, seconds. */
const GRACE = 1;

/** What a job's process does: each SIGTERM is written down. */
const PROGRAMS = {
  'ignores SIGTERM': 'while :; do sleep 0.05; done',
  'ends at SIGTERM':
    "trap 'echo TERM >>terms; trap - TERM; kill -TERM $$' TERM; while :; do sleep 0.05; done",
  'ends well at SIGTERM': "trap 'echo TERM >>terms; exit 0' TERM; while :; do sleep 0.05; done",
};

const children: ChildProcess[] = [];
let bot: Bot | undefined;
afterEach(async () => {
  await bot?.app.stop();
  bot = undefined;
  for (const child of children.splice(0)) {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
});

/** A queue with one job, which runs, and whose end is recorded as its observer would; a bot beside it that can be asked. */
async function queueWithJob(program: keyof typeof PROGRAMS, { hasPid = true } = {}) {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  mkdirSync(home);
  writeFileSync(join(folder, 'xaxbot.yaml'), `kill: {grace_seconds: ${GRACE}}\n`);
  const runDir = join(folder, 'run');
  mkdirSync(runDir);
  const started = (Date.now() - 1_000) / 1000;
  const fixed: RawJob = {
    enqueued_at: started - 10,
    started_at: started,
    run_dir: runDir,
    observer_log_path: join(runDir, 'queue_observer.log'),
  };
  const write = (more: RawJob, others: [string, RawJob][] = [], running: string | null = JOB) =>
    writeStateFile(
      home,
      stateText(rawState([rawJob(1, { ...fixed, ...more }), ...others], { running_job_id: running })),
    );
  /** A process that says that it is the job's. */
  const spawnJob = async (
    name: keyof typeof PROGRAMS,
    env: NodeJS.ProcessEnv = {},
  ): Promise<ChildProcess> => {
    const script = `trap 'echo TERM >>terms' TERM; echo; ${PROGRAMS[name]}`;
    const child = spawn('/bin/sh', ['-c', script], {
      cwd: runDir,
      env: { PATH: process.env.PATH, XAX_QUEUE_JOB_ID: JOB, XAX_HOME: home, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    await once(child.stdout!, 'data');
    return child;
  };
  const child = await spawnJob(program);
  let isObserved = true;
  child.once('exit', (code, signal) => {
    const returnCode = code ?? -SIGNAL_NUMBERS[signal!]!;
    if (isObserved)
      write(
        {
          status: returnCode === 0 ? 'completed' : 'failed',
          ended_at: Date.now() / 1000,
          return_code: returnCode,
          error: returnCode === 0 ? null : `Terminated by signal ${-returnCode}`,
        },
        [],
        null,
      );
  });
  const pids = { pid: child.pid!, process_group_id: child.pid! };
  write({ status: 'queued', started_at: null }, [], null);
  // Its history is adopted silently; the job is told from here on.
  const first = await spawnBot(folder, home);
  await crash(first);
  write({ status: 'running', ...(hasPid ? pids : {}) });
  const process_ = await spawnBot(folder, home);
  const socket = join(folder, 'data', SOCKET_NAME);
  return {
    folder,
    home,
    child,
    pids,
    process: process_,
    write,
    spawnJob,
    /** From now on nobody records what becomes of the process. */
    unobserved: () => {
      isObserved = false;
    },
    isAlive: () => child.exitCode === null && child.signalCode === null,
    terms: () => (existsSync(join(runDir, 'terms')) ? readFileSync(join(runDir, 'terms'), 'utf8') : ''),
    /** Asks for the kill, and does not wait for the answer. */
    ask: () => {
      const asking = askRunningBot(socket, { argv: ['kill', '1'], yes: true }, () => {});
      asking.catch(() => {});
    },
    isWrittenDown: (): boolean => {
      const db = new Database(join(folder, 'data', 'xaxbot.sqlite'), { readonly: true });
      try {
        return db.prepare('SELECT count(*) FROM kills').pluck().get() !== 0;
      } finally {
        db.close();
      }
    },
    /** Lets time pass for what was asked. */
    age: (ms: number): void => {
      const db = new Database(join(folder, 'data', 'xaxbot.sqlite'));
      db.prepare('UPDATE kills SET at = at - ?').run(ms);
      db.close();
    },
    restart: async (): Promise<() => Promise<Told>> => {
      bot = await startTestBot({ folder, home });
      return readerOf(bot);
    },
  };
}

const threadOf = async (read: () => Promise<Told>) => (await read()).threads[JOB] ?? [];

describe.skipIf(process.platform !== 'linux')('a kill that a crash of the bot cut off', () => {
  it.each<[keyof typeof PROGRAMS, string]>([
    ['ignores SIGTERM', 'killed by root (SIGKILL)'],
    ['ends at SIGTERM', 'killed by root (SIGTERM)'],
  ])('before any signal is taken up again: a job that %s is %s', async (program, words) => {
    const world = await queueWithJob(program, { hasPid: false });
    world.ask();
    await eventually('it waits for the process', world.isWrittenDown);
    await crash(world.process);
    expect([world.isAlive(), world.terms()]).toEqual([true, '']);
    world.write({ status: 'running', ...world.pids });
    const read = await world.restart();
    await eventually('told', async () => (await threadOf(read)).some((text) => text.includes(words)));
    expect(world.terms()).toBe('TERM\n');
    const cutOff = (await threadOf(read)).filter((text) => text.includes('interrupted'));
    expect(cutOff).toEqual([
      expect.stringMatching(/^job-\d+: the kill by root at .* before any signal.*being resumed/),
    ]);
  });

  it('between SIGTERM and SIGKILL goes on with SIGKILL, and sends no second SIGTERM', async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    expect(world.isAlive()).toBe(true);
    const read = await world.restart();
    await eventually('told', async () =>
      (await threadOf(read)).some((text) => text.includes('killed by root (SIGKILL)')),
    );
    expect(world.terms()).toBe('TERM\n');
    expect((await threadOf(read)).join('\n')).toMatch(/interrupted after SIGTERM.*being resumed/);
  });

  it('is told once, whatever number of crashes follow', async () => {
    const random = seededRandom(11);
    for (let round = 0; round < 2; round += 1) {
      const world = await queueWithJob('ignores SIGTERM');
      let current = world.process;
      while (!world.isWrittenDown()) {
        world.ask();
        await sleep(random() * 300);
      }
      for (let crashes = 0; crashes < 3; crashes += 1) {
        await sleep(random() * 500);
        await crash(current);
        current = await spawnBot(world.folder, world.home);
      }
      await eventually('it has ended', () => !world.isAlive());
      await crash(current);
      const read = await world.restart();
      await eventually('told', async () =>
        (await threadOf(read)).some((text) => /^job-\d+ failed/.test(text)),
      );
      const thread = await threadOf(read);
      expect(world.terms()).toBe('TERM\n');
      expect(thread.filter((text) => text.includes('killed by root (SIGKILL)'))).toHaveLength(1);
      expect(thread.filter((text) => text.includes('being resumed')).length).toBeLessThanOrEqual(1);
      await bot!.app.stop();
      bot = undefined;
    }
  }, 120_000);

  it('is put down to it when the job heeded it while nobody looked', async () => {
    const world = await queueWithJob('ends well at SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    await eventually('it has ended', () => !world.isAlive());
    const read = await world.restart();
    await eventually('told', async () =>
      (await threadOf(read)).some((text) => /^job-\d+ completed/.test(text)),
    );
    const thread = (await threadOf(read)).join('\n');
    expect(thread).toContain('ended after the kill by root (SIGTERM, exit code 0)');
    expect(thread).not.toContain('interrupted');
  });

  it('is not put down to it when the job ended by itself before anything was sent', async () => {
    const world = await queueWithJob('ignores SIGTERM', { hasPid: false });
    world.ask();
    await eventually('it waits for the process', world.isWrittenDown);
    await crash(world.process);
    world.unobserved();
    world.write(
      { status: 'failed', ended_at: Date.now() / 1000, return_code: 1, error: 'Exited with return code 1' },
      [],
      null,
    );
    const read = await world.restart();
    await eventually('told', async () => (await threadOf(read)).some((text) => text.includes('interrupted')));
    const thread = (await threadOf(read)).join('\n');
    expect(thread).toMatch(
      /the kill by root at .* interrupted before any signal was sent.*has since ended, apparently not because of it/,
    );
    expect(thread).not.toContain('killed by');
  });

  it('long ago is told, with a way to kill again, and the job is left alone', async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    world.age(HOUR_MS);
    const read = await world.restart();
    await eventually('told', async () =>
      (await threadOf(read)).some((text) => text.includes('is still running')),
    );
    expect((await threadOf(read)).join('\n')).toMatch(/Kill job-0000001/);
    await sleep(1_500);
    expect([world.isAlive(), world.terms()]).toEqual([true, 'TERM\n']);
    expect((await bot!.ask('kill 1', { confirm: true })).ok).toBe(true);
    await eventually('it has ended', () => !world.isAlive());
    expect(world.terms()).toBe('TERM\nTERM\n');
  });

  it('falls on no other process that has the pid by now, and on no other job', async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    world.unobserved();
    const stranger = await world.spawnJob('ignores SIGTERM', { XAX_QUEUE_JOB_ID: 'job-0000002' });
    world.write({ status: 'running', pid: stranger.pid!, process_group_id: stranger.pid! });
    const read = await world.restart();
    await eventually('told', async () =>
      (await threadOf(read)).some((text) => text.includes('could not be resumed')),
    );
    await bot!.app.stop();
    bot = undefined;

    // The place is another job's: a new kill of it is nobody's.
    const next = rawJob(2, {
      status: 'running',
      started_at: Date.now() / 1000 - 1,
      pid: stranger.pid!,
      process_group_id: stranger.pid!,
    });
    world.write(
      { status: 'failed', ended_at: Date.now() / 1000, return_code: 1, error: 'Exited with return code 1' },
      [next],
      'job-0000002',
    );
    await world.restart();
    await sleep(1_500);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

it.skipIf(process.platform !== 'linux')(
  'a bot that is told to stop leaves what it waits for to the next one',
  async () => {
    const world = await queueWithJob('ignores SIGTERM');
    world.ask();
    await eventually('SIGTERM', () => world.terms() !== '');
    await crash(world.process);
    const read = await world.restart();
    expect((await threadOf(read)).join('\n')).toContain('being resumed');
    await bot!.app.stop();
    bot = undefined;
    const again = await world.restart();
    await eventually('told', async () =>
      (await threadOf(again)).some((text) => text.includes('killed by root (SIGKILL)')),
    );
    expect(world.terms()).toBe('TERM\n');
  },
);
