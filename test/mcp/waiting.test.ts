import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';
import { answerOf } from './answer.ts';
import { countedWaits } from './counted-waits.ts';
import { connectedTo } from './program.ts';

/** What several clients give a request (Cline and others, milliseconds). */
const CLIENT_TIMEOUT_MS = 5_000;
/** Of one that listens; a busy machine may be late with a notice. */
const LISTENER_TIMEOUT_MS = 8_000;

const folder = temporaryFolder();
let world: ToyBot;
let client: Client;
const { commands, waiting } = countedWaits();

beforeAll(async () => {
  world = await toyBot({ folder, commands, launchedSeconds: 60 });
  ({ client } = await connectedTo(folder));
});
afterAll(async () => {
  await client.close();
  await world.stop();
});

type Data = { state: string; next: string; events: unknown[] };
const call = (args: Record<string, unknown>, options: Parameters<typeof client.callTool>[2] = {}) =>
  client.callTool({ name: 'wait', arguments: args }, undefined, options);
/** With its data. */
const callFor = (args: Record<string, unknown>, options: Parameters<typeof client.callTool>[2] = {}) =>
  call({ ...args, data: true }, options);
const dataOf = (result: Awaited<ReturnType<typeof call>>) => answerOf(result).data as Data;

// A machine that is busy with other things for seconds is not what is measured.
it('each slice comes before clients give up, whatever is asked for, and costs little', {
  retry: 2,
}, async () => {
  const begin = performance.now();
  const slice = await call({ seconds: 600 }, { timeout: CLIENT_TIMEOUT_MS });
  expect(performance.now() - begin).toBeGreaterThan(3_000);
  // A token has about four characters; in JSON with many signs, three.
  const [{ text }] = slice.content as [{ text: string }];
  expect(text.length / 3).toBeLessThan(150);
  expect(JSON.parse(text)).toEqual({
    ok: true,
    untrusted_text: expect.stringMatching(
      /^Nothing has happened yet\. Call again with since=\d+\.\d+\.\d+\.$/,
    ),
  });
  expect(dataOf(await callFor({}))).toMatchObject({ state: 'waiting', why: 'slice' });
});

it('is told of progress where it listens, and is then waited for as long as it asks', {
  retry: 2,
}, async () => {
  const job = await world.enqueue(9);
  const notices: { progress: number; message?: string | undefined }[] = [];
  const begin = performance.now();
  const ended = await callFor(
    { job: job.jobId, seconds: 40 },
    {
      onprogress: (notice) => void notices.push(notice),
      timeout: LISTENER_TIMEOUT_MS,
      resetTimeoutOnProgress: true,
    },
  );
  expect(dataOf(ended)).toMatchObject({ state: 'ended', status: 'completed' });
  expect(performance.now() - begin).toBeGreaterThan(LISTENER_TIMEOUT_MS);
  expect(notices.length).toBeGreaterThanOrEqual(2);
  expect(notices.at(-1)!.message).toMatch(
    /^state: waiting, job: job-\d+, status: (queued|running), next: [\d.-]+$/,
  );
  const progress = notices.map((notice) => notice.progress);
  expect(progress).toEqual([...new Set(progress)].sort((a, b) => a - b));
});

it('waits for one thing: a job and a proposal at once are refused', async () => {
  const refused = await call({ job: 'last', proposal: 1 });
  expect([refused.isError, answerOf(refused)]).toEqual([
    true,
    {
      ok: false,
      error: { code: 'bad-option' },
      untrusted_text: expect.stringMatching(/job and proposal are two things to wait for/),
    },
  ]);
});

it('lets go at once of a request that is cancelled', async () => {
  const stop = new AbortController();
  const job = await world.enqueue(60);
  const cancelled = call({ job: job.jobId, seconds: 50 }, { signal: stop.signal, onprogress: () => {} });
  cancelled.catch(() => {});
  await eventually('it waits', () => waiting() === 1);
  stop.abort('enough');
  await expect(cancelled).rejects.toThrow(/enough/);
  await eventually('nobody waits', () => waiting() === 0, 3_000);
  await world.clear();
});

it('goes on from a cursor after the bot was started anew', async () => {
  const { next } = dataOf(await callFor({ seconds: 0 }));
  await world.restart();
  await world.enqueue(0.1);
  const happened = await callFor({ since: next });
  const { state, events } = dataOf(happened);
  expect([state, events[0]]).toEqual(['happened', expect.objectContaining({ change: 'enqueued' })]);
});
