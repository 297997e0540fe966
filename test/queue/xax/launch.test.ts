import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/config.ts';
import type { LaunchRequest } from '../../../src/core/queue.ts';
import { createXaxQueue, type XaxQueue } from '../../../src/queue/xax/index.ts';

let home: string;
let queue: XaxQueue;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'xaxbot-launch-'));
  const { childEnv: env } = loadConfig({
    env: {
      PATH: process.env.PATH,
      HOME: home,
      USER: 'ada',
      XAX_HOME: home,
      SLACK_BOT_TOKEN: 'xoxb-1234567890',
      SLACK_APP_TOKEN: 'xapp-1234567890',
      HF_TOKEN: 'hf_1234567890',
    },
    cwd: home,
  });
  queue = createXaxQueue({
    name: 'host',
    home,
    xaxBin: undefined,
    env,
    clock: Date.now,
    log: pino({ level: 'silent' }),
  });
  await queue.start(() => {});
});
afterEach(async () => {
  await queue.stop();
  rmSync(home, { recursive: true, force: true });
});

function observerIsActive(): void {
  const seconds = Date.now() / 1000;
  const info = {
    hostname: hostname(),
    pid: process.pid,
    started_at: seconds,
    updated_at: seconds,
    status: 'idle',
  };
  writeFileSync(join(home, 'queue_observer.json'), JSON.stringify(info));
}

/** A launch of a launcher of a few lines of JavaScript. */
async function launch(code: string, more: Partial<LaunchRequest> = {}) {
  writeFileSync(join(home, 'launcher.mjs'), code);
  const lines: string[] = [];
  const request = { argv: [process.execPath, 'launcher.mjs'], cwd: home, assignments: {}, ...more };
  const result = await queue.launch(request, (line) => lines.push(line));
  return { result, lines };
}

describe('launching', () => {
  test('without an active observer starts nothing and says what to do', async () => {
    const { result, lines } = await launch('console.log("started")');
    expect(result).toMatchObject({ done: false, reason: expect.stringContaining('xax queue start') });
    expect(lines).toEqual([]);
  });

  test('passes the arguments, the place and the assignments on as they are', async () => {
    observerIsActive();
    const { lines } = await launch('console.log(JSON.stringify(process.argv.slice(2)))', {
      position: 2,
      assignments: { learning_rate: '1e-3', name: 'a b; $(id)' },
    });
    expect(JSON.parse(lines[0]!)).toEqual([
      '--launcher',
      'queued',
      '--queue-position',
      '2',
      'learning_rate=1e-3',
      'name=a b; $(id)',
    ]);
  });

  test('refuses a setting that is the name of a file, which xax would load as settings', async () => {
    observerIsActive();
    writeFileSync(join(home, 'tag=light'), 'learning_rate: 9\n');
    await expect(launch('', { assignments: { tag: 'light' } })).rejects.toMatchObject({
      code: 'bad-assignment',
      message: `tag=light is the name of a file in ${home}, which xax would load as settings.`,
    });
    const { result } = await launch('', { assignments: { tag: 'lights' } });
    expect(result).toMatchObject({ reason: 'the launcher ended without queueing a job' });
  });

  test('gives the launcher the queue and the researcher’s tokens, and none of the bot’s', async () => {
    observerIsActive();
    const { lines } = await launch(
      'const e = process.env; console.log(JSON.stringify([e.XAX_HOME, e.HF_TOKEN, e.SLACK_BOT_TOKEN ?? null]))',
    );
    expect(JSON.parse(lines[0]!)).toEqual([home, 'hf_1234567890', null]);
  });

  test('finds the queued job in colours, frames and carriage returns', async () => {
    observerIsActive();
    const text = String.raw`\u001b[1;32mSTATUS\u001b[0m [\u001b[1;34mroot\u001b[0m] Queued job-0000042 (lm.pretrain.SmallGPT) at /srv/my runs/run_007 [launcher=multi]\u001b[0m`;
    const { result, lines } = await launch(`process.stderr.write("loading\\r│ ready │\\n${text}\\n")`);
    expect(result).toEqual({
      done: true,
      job: { jobId: 'job-0000042', runDir: '/srv/my runs/run_007', enqueuedAt: null },
    });
    expect(lines).toEqual([
      'loading',
      ' ready',
      'STATUS [root] Queued job-0000042 (lm.pretrain.SmallGPT) at /srv/my runs/run_007 [launcher=multi]',
    ]);
  });

  test('that fails is told with its exit code and its last fifteen lines', async () => {
    observerIsActive();
    const { result } = await launch(
      'for (let i = 1; i <= 40; i += 1) console.log("line", i); process.exitCode = 2',
    );
    const lastLines = Array.from({ length: 15 }, (_, index) => `line ${index + 26}`);
    expect(result).toEqual({ done: false, reason: 'the launcher failed (exit code 2)', lastLines });
  });

  test('that ends well without a queued job is told as that', async () => {
    observerIsActive();
    expect((await launch('console.log("done")')).result).toMatchObject({
      done: false,
      reason: 'the launcher ended without queueing a job',
    });
  });

  test('of a program or in a folder that does not exist names it', async () => {
    observerIsActive();
    expect((await launch('', { argv: ['no-such-python', '-m', 'x'] })).result).toMatchObject({
      reason: expect.stringContaining('no-such-python'),
    });
    expect((await launch('', { cwd: join(home, 'nowhere') })).result).toMatchObject({
      reason: expect.stringContaining('nowhere does not exist'),
    });
  });

  test.each([0, -3, 1.5])('to place %d is refused before anything starts', async (position) => {
    observerIsActive();
    const { result, lines } = await launch('console.log("started")', { position });
    expect({ result, lines }).toMatchObject({
      result: { done: false, reason: expect.stringContaining(`position ${position}`) },
      lines: [],
    });
  });
});
