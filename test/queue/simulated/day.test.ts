import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isEnded, type Job, jobKeyText } from '../../../src/core/job.ts';
import type { SnapshotChange } from '../../../src/core/queue.ts';
import { createSimulatedQueue, type SimulatedQueue } from '../../../src/queue/simulated/index.ts';
import { DEMO_DAY } from '../../../src/queue/simulated/script.ts';

/** The day goes by this much faster than the wall clock. */
const SPEED = 100;

let folder: string;
let queue: SimulatedQueue;
const changes: SnapshotChange[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xaxbot-day-'));
  changes.length = 0;
  const began = Date.now();
  const clock = () => began + (Date.now() - began) * SPEED;
  queue = createSimulatedQueue({ name: 'demo', folder, script: DEMO_DAY, seed: 1, clock, tickMs: 5 });
  await queue.start((change) => void changes.push(change));
});
afterEach(async () => {
  await queue.stop();
  rmSync(folder, { recursive: true, force: true });
});

const all = () => [...queue.snapshot()!.jobs.values()];
const logOf = async (job: Job) => (await queue.readJobLog(job, 'observer', 50)).lines.join('\n');

async function until(holds: () => unknown): Promise<void> {
  while (!holds()) await sleep(5);
}

describe('the demo’s day', () => {
  test('begins with a history, a job in the middle of its run, and some that wait', () => {
    const [first] = changes;
    expect(first!.changed.filter(({ status }) => isEnded(status))).toHaveLength(12);
    expect(first!.snapshot.running).toHaveLength(1);
    expect(first!.snapshot.order).toHaveLength(3);
    const running = first!.snapshot.jobs.get(first!.snapshot.running[0]!)!;
    expect(running.startedAt).toBeLessThan(first!.snapshot.readAt / 1000 - 10);
  });

  test('goes through every kind of end; a job that is stuck gives way only to SIGKILL', {
    timeout: 60_000,
  }, async () => {
    const isStuck = (job: Job) =>
      job.status === 'running' && readFileSync(job.configPath, 'utf8').includes('hidden_dim: 512');
    await until(() => all().some(isStuck));
    const stuck = all().find(isStuck)!;
    const points = () => readFileSync(join(stuck.runDir, 'json', 'log.jsonl'), 'utf8').split('\n').length;
    await sleep((60 * 1_000) / SPEED);
    const before = points();
    await sleep(100);
    expect(points()).toBe(before);
    expect(await queue.kill(stuck, { graceMs: 3_000 })).toMatchObject({ done: true, endedBy: 'SIGKILL' });
    await until(() => all().every(({ status }) => isEnded(status)));
    const ends = all().slice(12);
    expect(new Set(ends.map(({ status, error }) => `${status}: ${error}`))).toEqual(
      new Set(['completed: null', 'failed: Exited with return code 1', 'failed: Terminated by signal 9']),
    );
    const logs = await Promise.all(ends.map(logOf));
    expect(logs.some((log) => log.includes('RESOURCE_EXHAUSTED'))).toBe(true);
    expect(logs.some((log) => /Traceback[\s\S]*ValueError: Loss is NaN/.test(log))).toBe(true);
    expect(told()).toEqual(happened());
  });

  test('goes on when nobody kills the job that is stuck: it gives up by itself', {
    timeout: 60_000,
  }, async () => {
    await until(() => all().length === 19 && all().every(({ status }) => isEnded(status)));
    const stuck = all().find((job) => readFileSync(job.configPath, 'utf8').includes('hidden_dim: 512'))!;
    expect(stuck).toMatchObject({ status: 'failed', error: 'Exited with return code 1' });
    expect(stuck.endedAt! - stuck.startedAt!).toBeGreaterThan(150);
    expect(await logOf(stuck)).toContain('TimeoutError: no batch came from the data loader');
  });

  test('has run folders with what a real run’s have, and better learning rates end lower', () => {
    const loss = ({ runDir }: Job) => {
      const lines = readFileSync(join(runDir, 'json', 'log.jsonl'), 'utf8')
        .trim()
        .split('\n');
      return JSON.parse(lines.at(-1)!).value.loss as number;
    };
    const toys = all().filter(
      ({ taskKey, status }) => taskKey.endsWith('ToyRegression') && status === 'completed',
    );
    const byRate = toys.map((job): [number, number] => [
      parse(readFileSync(job.configPath, 'utf8')).learning_rate,
      loss(job),
    ]);
    const lossAt = Object.fromEntries(byRate);
    expect(lossAt[0.005]).toBeLessThan(lossAt[0.03]!);
    const { runDir } = toys[0]!;
    expect(readdirSync(join(runDir, 'tensorboard', 'light'))).toEqual([
      expect.stringMatching(/^events\.out\.tfevents\.\d{10}\./),
    ]);
    expect(readdirSync(runDir).toSorted()).toEqual([
      'code',
      'config.yaml',
      'json',
      'logs.txt',
      'queue_observer.log',
      'tensorboard',
    ]);
  });

  test('a launch from chat becomes a job with what it was launched with', async () => {
    const request = {
      argv: ['python', '-m', 'lm.pretrain.SmallGPT'],
      cwd: folder,
      assignments: { learning_rate: '0.002', precision: 'bfloat16' },
    };
    const result = await queue.launch({ ...request, position: 1 }, () => {});
    const { jobId } = (result as Extract<typeof result, { done: true }>).job;
    const job = queue.snapshot()!.jobs.get(jobId)!;
    expect(job.taskKey).toBe('lm.pretrain.SmallGPT');
    expect(parse(readFileSync(job.configPath, 'utf8'))).toMatchObject({
      learning_rate: 0.002,
      precision: 'bfloat16',
      max_steps: 2_400,
    });
  });
});

/** What the listener was told after the history, as jobs and the states they came to. */
function told(): string[] {
  const seen = new Set(changes[0]!.changed.filter(({ status }) => isEnded(status)).map(jobKeyText));
  const states = changes.flatMap(({ changed }) => changed.filter((job) => !seen.has(jobKeyText(job))));
  return states.map(({ jobId, status }) => `${jobId} ${status}`);
}

/** The journal's own account of the same. */
function happened(): string[] {
  const known = new Set(
    changes[0]!.changed.filter(({ status }) => isEnded(status)).map(({ jobId }) => jobId),
  );
  const running = changes[0]!.snapshot.running[0]!;
  const events = queue
    .journal()
    .filter(({ jobId, event }) => !known.has(jobId) && !(jobId === running && event === 'enqueued'));
  const status = {
    enqueued: 'queued',
    started: 'running',
    completed: 'completed',
    failed: 'failed',
    cancelled: 'cancelled',
    moved: 'queued',
  };
  return events.map(({ jobId, event }) => `${jobId} ${status[event]}`);
}
