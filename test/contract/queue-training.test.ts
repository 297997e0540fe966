import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job, JobStatus } from '../../src/core/job.ts';
import { latest } from '../../src/core/series.ts';
import { createMetricsService } from '../../src/metrics/service.ts';
import { startXax, type XaxHarness } from './xax-harness.ts';
import { realXax } from './xax-places.ts';

const TOY = join(import.meta.dirname, '..', 'fixtures', 'xax', 'runs', 'run_005', 'code', 'examples');
const PATIENCE_MS = 180_000;
const place = realXax();

describe.skipIf(!place)('a training run of a real xax, launched from here', { timeout: PATIENCE_MS }, () => {
  let harness: XaxHarness;

  beforeAll(async () => {
    harness = await startXax(place!);
    cpSync(TOY, join(harness.folder, 'project', 'examples'), { recursive: true });
    await harness.queue.start(() => {});
  }, PATIENCE_MS);
  afterAll(() => harness?.close(), PATIENCE_MS);

  async function launch(assignments: Record<string, string>): Promise<Job> {
    const argv = [place!.python, '-m', 'examples.toy'];
    const result = await harness.queue.launch(
      { argv, cwd: join(harness.folder, 'project'), assignments },
      () => {},
    );
    if (!result.done) throw new Error([result.reason, ...result.lastLines].join('\n'));
    return jobOf(result.job.jobId);
  }

  const jobOf = (jobId: string) => harness.queue.snapshot()!.jobs.get(jobId)!;

  async function reaches({ jobId }: Job, status: JobStatus): Promise<void> {
    while (jobOf(jobId).status !== status) await sleep(50);
  }

  /** The last step that the metrics log holds, and its loss. */
  async function logged(job: Job): Promise<{ step: number; value: number }> {
    const text = (await harness.queue.runFiles(job).read('json/log.jsonl', 0, 10_000_000)).toString();
    const lines = text.split('\n').filter((line) => line.includes('"state"') && line.endsWith('}'));
    const { state, value } = JSON.parse(lines.at(-1)!);
    return { step: state.num_steps, value: value.loss };
  }
  /** The same as `xax queue metrics` tells it, which reads the event files. */
  async function told({ jobId }: Job): Promise<{ step: number; value: number }> {
    const printed = await harness.xax('queue', 'metrics', jobId, '--tag', 'value/loss', '--json');
    const found = /"step": (\d+)[\s\S]*"value": ([\d.e-]+)/.exec(printed);
    return { step: Number(found![1]), value: Number(found![2]) };
  }
  async function known(job: Job) {
    const metrics = createMetricsService({ runFiles: harness.queue.runFiles, clock: Date.now });
    const { series, corruptRecords } = await metrics.series(job);
    expect(corruptRecords).toBe(0);
    const { step, value } = latest(series.find(({ tag }) => tag === 'value/loss')!)!;
    expect((await metrics.progress(job))!.step).toBe(step);
    expect(series.map(({ tag }) => tag)).not.toContain('timers/dt');
    return { step, value };
  }

  test('completes, and its logs and files are read through the queue', async () => {
    const job = await launch({ max_steps: '20', learning_rate: '0.02' });
    await reaches(job, 'completed');
    const { lines } = await harness.queue.readJobLog(job, 'task', 500);
    expect(lines.join('\n')).toContain('Starting a new training run');
    expect((await harness.queue.readJobLog(job, 'observer', 500)).lines.join('\n')).not.toMatch(
      /[\u001b\u2500-\u257f]/,
    );
    const files = harness.queue.runFiles(job);
    expect((await files.read('config.yaml', 0, 100_000)).toString()).toMatch(/^learning_rate: 0\.02$/m);
    expect((await files.list('tensorboard/light'))[0]).toMatch(/^events\.out\.tfevents\./);
    expect(await known(job)).toEqual(await logged(job));
    expect((await known(job)).step).toBe(20);
  });

  test('is killed while it trains, which takes SIGKILL: xax lets SIGTERM pass', async () => {
    const job = await launch({ max_steps: '100000', sleep: '0.05' });
    await reaches(job, 'running');
    const steps = async () =>
      (await harness.queue.runFiles(job).read('json/log.jsonl', 0, 1_000_000)).toString().split('\n').length;
    while ((await steps().catch(() => 0)) < 4) await sleep(200);
    const signals: string[] = [];
    const result = await harness.queue.kill(jobOf(job.jobId), {
      graceMs: 2_000,
      onSignal: (signal) => signals.push(signal),
    });
    expect({ result, signals }).toMatchObject({
      result: { done: true, endedBy: 'SIGKILL' },
      signals: ['SIGTERM', 'SIGKILL'],
    });
    await reaches(job, 'failed');
    expect(jobOf(job.jobId).error).toBe('Terminated by signal 9');
    const [inLog, inEvents] = [await logged(job), await told(job)];
    expect(await known(job)).toEqual(inLog.step >= inEvents.step ? inLog : inEvents);
  });
});
