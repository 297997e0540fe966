import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainText } from '../../src/core/plain-text.ts';
import type { SimulatedQueue } from '../../src/queue/simulated/index.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { gpuRow, processRow, writeNvidiaSmi } from '../programs.ts';
import { toyQueue } from '../toy-bot.ts';

describe('the GPUs and the observer, from chat', () => {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  let bot: Awaited<ReturnType<typeof startTestBot>>;
  let queue: SimulatedQueue;
  let stranger: ChildProcess;
  const said = async (words: string) => plainText((await bot.ask(words)).message);
  const press = async (words: string) => bot.ask(words, { confirm: true });

  beforeAll(async () => {
    stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    writeNvidiaSmi(bin, {
      gpus: [gpuRow(0, '97', '70000'), gpuRow(1)],
      processes: [processRow(0, stranger.pid!)],
    });
    bot = await startTestBot({
      folder,
      home: folder,
      yaml: 'watch: {defaults: false}\n',
      env: { PATH: `${bin}:${process.env.PATH}` },
      queue: () => {
        queue = toyQueue(folder);
        // Its jobs are simulated, the host's GPUs are not.
        return { ...queue, simulated: false };
      },
    });
  });
  afterAll(async () => {
    stranger.kill('SIGKILL');
    await bot.app.stop();
  });

  it('restarts the observer with GPUs of its own, and then tells which are free and who is on the wrong one', async () => {
    expect((await press('observer restart queue-gpus=0')).ok).toBe(true);
    const text = await said('gpus');
    expect(text).toMatch(/The queue has GPU 0/);
    expect(text).toMatch(/For local work: CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=1\./);
    expect(text).toMatch(
      new RegExp(`Warning: .*sleep \\(pid ${stranger.pid}\\).*GPU 0, which belongs to the queue`),
    );
    expect(text).toMatch(/0\s+queue, taken\s+97%\s+68\.4 of 79\.6 GiB/);
  });

  it('asks before it stops what runs a job, names the job, and kills no other than that', async () => {
    const start = (seconds: number) =>
      queue.enqueue({ taskKey: 'examples.toy.Toy', settings: {}, steps: 100, seconds, fate: 'completes' });
    const job = start(60);
    await eventually('it runs', () => queue.snapshot()!.running.includes(job.jobId));
    const question = await bot.ask('observer stop');
    expect([question.ok, plainText(question.message)]).toEqual([false, expect.stringContaining(job.jobId)]);
    const refused = await bot.ask(`observer stop if-running=nothing`, { confirm: true });
    expect(refused.ok).toBe(false);
    expect(queue.snapshot()!.running).toEqual([job.jobId]);
    expect((await press('observer stop')).ok).toBe(true);
    await eventually('it ended', () => queue.snapshot()!.jobs.get(job.jobId)!.status !== 'running');
    expect(queue.snapshot()!.observer?.active ?? false).toBe(false);
    expect((await press('observer start')).ok).toBe(true);
    const said: string[] = [];
    await bot.app.handlers.invoke(
      {
        adapter: 'web',
        channel: 'queue',
        person: { id: 'root', name: 'root', role: 'admin' },
        input: { kind: 'text', words: 'observer start' },
      },
      async ({ message }) => void said.push(plainText(message)),
    );
    expect(said).toEqual([expect.stringMatching(/already active/)]);
    expect(queue.snapshot()!.observer?.active).toBe(true);
  });

  it('refuses GPUs that cannot be, and everybody but an admin', async () => {
    for (const words of [
      'queue-gpus=0,0',
      'queue-gpus=a',
      'queue-num-gpus=0',
      'queue-gpus=0 queue-num-gpus=1',
    ])
      expect((await press(`observer restart ${words}`)).ok, words).toBe(false);
    const eve = { id: 'eve', name: 'Eve', role: 'operator' as const };
    expect((await bot.ask('observer stop', { person: eve })).errorCode).toBe('not-allowed');
  });

  it('says so where nvidia-smi is not there', async () => {
    const script = readFileSync(join(bin, 'nvidia-smi'), 'utf8');
    writeFileSync(join(bin, 'nvidia-smi'), '#!/bin/sh\necho garbage\n');
    expect(await said('gpus')).toMatch(/GPU usage is unknown: nvidia-smi is missing/);
    writeFileSync(join(bin, 'nvidia-smi'), script);
  });
});
