import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { ChatMessage } from '../../../src/core/chat-store.ts';
import { plainText } from '../../../src/core/plain-text.ts';
import { enterWeb } from '../../bot.ts';
import { eventually, temporaryFolder } from '../../helpers.ts';
import { type Slurm, startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';
import { putTrain, startBotOnSlurm } from './bot-on-slurm.ts';
import { WHOLE } from './queue-on-slurm.ts';

const reason = whyNoSlurm();
if (reason) test.skip(`no retries on a real Slurm: ${reason}`, () => {});

/** Slurm itself puts off for two minutes what was put back, where it does not take an earlier time. */
const PATIENCE_MS = 150_000;
const BETWEEN_MS = 1_100;
/** What has the whole cluster, in a partition before which others give way. */
const FIRST = ['--partition=main', ...WHOLE];

describe.skipIf(reason !== null)('retries on a real Slurm', { timeout: 4 * PATIENCE_MS }, () => {
  let slurm: Slurm;
  let bot: Awaited<ReturnType<typeof startBotOnSlurm>>;
  let folder: string;

  async function start(): Promise<void> {
    const settings = `channels: [{id: queue}]
people: {ada: {name: Ada, role: admin}}
presets:
  toy:
    cwd: ${slurm.jobs}/project
    argv: [python3, -m, train]
    slurm: {cpus: 1, partition: killq}
    retry: {on: [preempted, node_failure], most: 2}
`;
    bot = await startBotOnSlurm(slurm, folder, settings);
  }
  const person = { id: 'ada', name: 'Ada', role: 'admin' as const };
  const said = async (words: string) => plainText((await bot.ask(words, { person })).message);
  /** All that was said anywhere. */
  async function told(): Promise<string[]> {
    await bot.app.settled();
    const reader = await enterWeb(bot, 'ada');
    const read = async (path: string) =>
      (await reader.get<{ messages: ChatMessage[] }>(path)).messages.map((each) => ({
        id: each.id,
        text: plainText(each.message),
      }));
    const roots = await read('messages?channel=queue&limit=200');
    const threads = await Promise.all(roots.map(({ id }) => read(`thread?root=${id}`)));
    return [...roots, ...threads.flat()].map(({ text }) => text);
  }
  const hears = (what: RegExp) =>
    eventually(`${what} is told`, async () => (await told()).find((text) => what.test(text)), PATIENCE_MS);
  const state = async (id: string) => (await slurm.job(id))?.JobState;
  const runs = (id: string) =>
    eventually(
      `${id} runs`,
      async () => (await state(id)) === 'RUNNING' && /\nRunning/.test(await said(`job ${id}`)),
      PATIENCE_MS,
    );
  /** Puts it back, and has it run at once: Slurm itself lets it wait for two minutes, from when it has cleaned up. */
  async function requeue(id: string): Promise<void> {
    await slurm.run(['scontrol', 'requeue', id]);
    await eventually('it waits', async () => (await state(id)) === 'PENDING', PATIENCE_MS);
    // A node refuses for good what starts in the second in which it ended the life before: "Job credential revoked".
    await sleep(BETWEEN_MS);
    await eventually(
      'it runs again',
      async () => {
        const { JobState, Restarts } = (await slurm.job(id))!;
        if (JobState === 'PENDING') {
          await slurm.run(['scontrol', 'update', `jobid=${id}`, 'starttime=now']);
          // What changes a job puts its scheduling off.
          await sleep(BETWEEN_MS);
        }
        return JobState === 'RUNNING' && Restarts === '1';
      },
      PATIENCE_MS,
    );
  }
  async function putBack(id: string): Promise<void> {
    await runs(id);
    await requeue(id);
    await eventually(
      "its second life is told, as the same person's",
      async () => /\nRunning[\s\S]*by: Ada[\s\S]*life: 2, as it was put back/.test(await said(`job ${id}`)),
      PATIENCE_MS,
    );
  }
  async function preempt(id: string): Promise<void> {
    await runs(id);
    const first = await slurm.submit('sleep 600', FIRST);
    await eventually('it is preempted', async () => (await state(id)) === 'PREEMPTED', PATIENCE_MS);
    await slurm.run(['scancel', first]);
  }
  const launched = async () =>
    (await slurm.run(['squeue', '-h', '-t', 'all', '-n', 'train', '-o', '%i'])).out;

  beforeAll(async () => {
    slurm = await startSlurm({ killWaitSeconds: 1, nodeTimeoutSeconds: 5 });
    putTrain(slurm, 'import time\ntime.sleep(600)\n');
    folder = temporaryFolder();
    await start();
  }, PATIENCE_MS);
  afterAll(async () => {
    await bot?.app.stop();
    await slurm?.stop();
  }, PATIENCE_MS);

  it('a run is queued again after an end in a later life too, so often in a row over all of them', async () => {
    const first = /^Queued (\d+)/.exec(await said('queue toy hypothesis="it holds out"'))![1]!;
    await putBack(first);
    await preempt(first);
    const [, second] = /preempted: queued again as (\d+) \(1 of 2\)/.exec(
      await hears(/queued again as \d+ \(1/),
    )!;
    expect(await said(`experiment show ${second}`)).toMatch(/it holds out/);

    // Its node dies while the bot is away, and it is not to be put back.
    await runs(second!);
    await slurm.run(['scontrol', 'update', `jobid=${second}`, 'requeue=0']);
    const node = (await slurm.job(second!))!.NodeList as 'node1' | 'node2';
    await bot.app.stop();
    await slurm.killNode(node, 'withJobs');
    await eventually('the node is down', async () => (await state(second!)) === 'NODE_FAIL', PATIENCE_MS);
    await slurm.startNode(node);
    await start();
    const [, third] = /node failed: queued again as (\d+) \(2 of 2\)/.exec(
      await hears(/queued again as \d+ \(2/),
    )!;

    await putBack(third!);
    await preempt(third!);
    await hears(
      /It was preempted, and it is not queued again.*2 times in a row, as often as its preset says/,
    );
    await bot.app.stop();
    await start();
    await bot.app.settled();
    expect((await launched()).trim().split('\n').sort()).toEqual([first, second, third].sort());
  });

  it('counts what was queued again for an earlier life, where somebody puts the job back afterwards', async () => {
    const again = async (attempt: number) =>
      (await told()).flatMap(
        (text) => new RegExp(`queued again as (\\d+) \\(${attempt} of 2\\)`).exec(text)?.[1] ?? [],
      );
    const before = [...(await again(1)), ...(await again(2))];
    const retried = (attempt: number) =>
      eventually(
        `attempt ${attempt}`,
        async () => (await again(attempt)).find((id) => !before.includes(id)),
        PATIENCE_MS,
      );
    const id = /^Queued (\d+)/.exec(await said('queue toy'))![1]!;
    await preempt(id);
    before.push(await retried(1));
    await requeue(id);
    await preempt(id);
    expect(before).not.toContain(await retried(2));
  });
});
