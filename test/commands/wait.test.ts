import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { WaitData } from '../../commands/wait-message.ts';
import type { Reply } from '../../src/core/adapter.ts';
import type { Job } from '../../src/core/job.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { eventually } from '../helpers.ts';
import { ADA, BOB, CLAUDE, type ToyBot, toyBot, WITH_OPTIMIZER } from '../toy-bot.ts';

let world: ToyBot;
beforeAll(async () => {
  world = await toyBot({ settings: WITH_OPTIMIZER, launchedSeconds: 60 });
});
afterAll(() => world.stop());
afterEach(() => world.clear());

const patience = (usualMs: number, maxMs = usualMs, gone = new AbortController().signal) => ({
  patience: { usualMs, maxMs, gone },
});
const data = ({ data: given }: Reply) => given as WaitData;
const wait = (words: string, ms = 30_000) => world.ask(`wait ${words}`.trim(), CLAUDE, patience(ms));
const running = (job: Job) =>
  eventually('it runs', () => world.queue.snapshot()!.running.includes(job.jobId));

it("a job's end is waited for, and told at once where it has ended", async () => {
  const job = await world.enqueue(0.3);
  const ended = await wait(job.jobId);
  expect(ended).toMatchObject({
    ok: true,
    data: {
      state: 'ended',
      job: job.jobId,
      status: 'completed',
      next: expect.stringMatching(/^\d+\.\d+\.\d+/),
    },
  });
  expect(plainText(ended.message)).toMatch(/^job-\d+ completed after /);
  const begin = performance.now();
  expect(data(await wait(job.jobId))).toMatchObject({ state: 'ended' });
  expect(performance.now() - begin).toBeLessThan(5_000);
});

it('a job that fails or is cancelled has ended too, though not well', async () => {
  const failing = world.queue.enqueue({
    taskKey: 'examples.toy.ToyRegression',
    settings: {},
    steps: 10,
    seconds: 0.2,
    fate: 'fails',
  });
  await world.bot().app.settled();
  const failed = await wait(failing.jobId);
  expect(failed).toMatchObject({ ok: false, data: { state: 'ended', status: 'failed' } });
  expect(failed.errorCode).toBeUndefined();
  expect(plainText(failed.message)).toMatch(/^job-\d+ failed after .*: \S/);
  const long = await world.enqueue(60);
  await running(long);
  const behind = await world.enqueue(60);
  const cancelled = wait(behind.jobId);
  await world.ask(`cancel ${behind.jobId}`, ADA);
  expect(await cancelled).toMatchObject({ ok: false, data: { status: 'cancelled' } });
});

it('a slice that is over is an answer of a line, and says how to go on', async () => {
  const job = await world.enqueue(60);
  await running(job);
  const slice = await wait(job.jobId, 20);
  expect(slice).toMatchObject({ ok: true, data: { state: 'waiting', why: 'slice', status: 'running' } });
  expect(plainText(slice.message)).toBe(`${job.jobId} is running. Call again to go on waiting.`);
  const any = await wait('', 20);
  expect(plainText(any.message)).toBe(
    `Nothing has happened yet. Call again with since=${data(any).next}.`.replace('undefined', ''),
  );
  // The seconds that were asked for, as far as whoever asks stays for them.
  const asked = await world.ask(`wait ${job.jobId} seconds=1`, CLAUDE, patience(20, 60_000));
  expect(asked).toMatchObject({ ok: false, data: { state: 'waiting', why: 'time' } });
  expect(await world.ask(`wait ${job.jobId} seconds=600`, CLAUDE, patience(20, 30))).toMatchObject({
    ok: true,
    data: { why: 'slice' },
  });
});

it('a decision is waited for, with what came of it', async () => {
  const propose = async (rate: string) =>
    ((await world.ask(`queue toy learning_rate=${rate}`, CLAUDE)).data as { proposal: number }).proposal;
  const denied = await propose('0.1');
  const waiting = wait(`proposal=${denied}`);
  await sleep(50);
  await world.ask(`deny ${denied} too high`, BOB);
  expect(plainText((await waiting).message)).toMatch(/was denied by Bob: too high/);
  expect((await waiting).ok).toBe(false);
  const approved = await propose('0.2');
  const done = wait(`proposal=${approved}`);
  await world.ask(`approve ${approved}`, BOB);
  expect(await done).toMatchObject({
    ok: true,
    data: { state: 'settled', one: { state: 'done', result: { jobId: expect.any(String) } } },
  });
  expect(await wait('proposal=99')).toMatchObject({ errorCode: 'unknown-proposal' });
});

it('whatever happens is waited for, from a cursor on, and nothing in between is lost', async () => {
  const { next } = data(await wait('', 0)) as { next: string };
  const waiting = wait(`since=${next}`);
  const job = await world.enqueue(0.2);
  const first = data(await waiting) as Extract<WaitData, { state: 'happened' }>;
  expect(first.events[0]).toMatchObject({ job: job.jobId, change: 'enqueued' });
  await wait(job.jobId);
  const said: unknown[] = [...first.events];
  for (let at = first.next; ; ) {
    const read = data(await wait(`since=${at}`, 0)) as Extract<WaitData, { state: 'happened' }>;
    if (read.state !== 'happened') break;
    said.push(...read.events);
    at = read.next;
  }
  expect(said.map((event) => (event as { change: string }).change)).toEqual([
    'enqueued',
    'started',
    'completed',
  ]);
  expect(await wait('since=never')).toMatchObject({ errorCode: 'bad-cursor', errorOption: 'since' });
});

it('of one job only its own news are told, and its end where there are no more', async () => {
  const other = await world.enqueue(60);
  await running(other);
  const { next } = data(await wait('', 0)) as { next: string };
  const job = await world.enqueue(60);
  const waiting = wait(`${other.jobId} since=${next}`);
  await sleep(50);
  await world.queue.kill(other, { graceMs: 10 });
  const told = data(await waiting) as Extract<WaitData, { state: 'happened' }>;
  expect(told.events.map((event) => 'job' in event && event.job)).toEqual([other.jobId]);
  expect(data(await wait(`${other.jobId} since=${told.next}`))).toMatchObject({ state: 'ended' });
  expect(job.jobId).not.toBe(other.jobId);
});

it('a chat is answered at once', async () => {
  const job = await world.enqueue(60);
  await running(job);
  const begin = performance.now();
  const answer = await world.ask(`wait ${job.jobId}`, ADA);
  expect(performance.now() - begin).toBeLessThan(5_000);
  expect(plainText(answer.message)).toMatch(/is running\. Here this is answered at once/);
});

it('whoever has gone is not waited for', async () => {
  const job = await world.enqueue(60);
  await running(job);
  const gone = new AbortController();
  const waiting = world.ask(`wait ${job.jobId}`, CLAUDE, patience(60_000, 60_000, gone.signal));
  await sleep(50);
  gone.abort();
  expect(data(await waiting)).toMatchObject({ state: 'waiting' });
});

it('presets are listed with all that they take, and one by its name', async () => {
  const all = await world.ask('presets', CLAUDE);
  expect(all.data).toMatchObject({
    presets: [
      {
        name: 'toy',
        description: 'a small regression',
        command: expect.stringContaining('python -m examples.toy'),
        options: [
          { key: 'learning_rate', type: 'number', min: 0, max: 1, default: '0.01' },
          { key: 'optimizer', type: 'choice', choices: ['adam', 'sgd'] },
        ],
      },
    ],
  });
  expect(plainText(all.message)).toMatch(
    /^toy: a small regression\n.*examples\.toy.*\nsetting +accepts +default\nlearning_rate +number from 0 to 1 +0\.01\noptimizer +adam or sgd$/,
  );
  expect(await world.ask('presets tyo', CLAUDE)).toMatchObject({ errorCode: 'unknown-preset' });
});
