import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { objectiveValue } from '../../src/core/objective.ts';
import { latest } from '../../src/core/series.ts';
import { createMetricsService } from '../../src/metrics/service.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';

const job = (number: number, runDir: string): Job => ({
  queue: 'g1',
  jobId: `job-${number}`,
  enqueuedAt: 1_000 + number,
  taskKey: 'examples.toy.ToyRegression',
  launcher: 'multi',
  pythonExecutable: '',
  status: 'running',
  runDir,
  stageDir: '',
  configPath: '',
  observerLogPath: '',
  startedAt: 1_000,
  endedAt: null,
  pid: null,
  processGroupId: null,
  childPids: [],
  oomDetected: false,
  returnCode: null,
  error: null,
});

/** A service over real folders that counts the bytes it reads of event files. */
function countingService(more: { bytesKept?: number } = {}) {
  let eventBytes = 0;
  const metrics = createMetricsService({
    ...more,
    clock: Date.now,
    runFiles({ runDir }) {
      const files = createRunFiles(runDir);
      return {
        ...files,
        async read(path, ...rest) {
          const bytes = await files.read(path, ...rest);
          if (path.includes('tfevents')) eventBytes += bytes.length;
          return bytes;
        },
        async readParts(path, parts) {
          const read = await files.readParts(path, parts);
          if (path.includes('tfevents')) eventBytes += read.reduce((sum, { length }) => sum + length, 0);
          return read;
        },
      };
    },
  });
  return { metrics, eventBytes: () => eventBytes };
}

function loggedRun(points: number) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'tensorboard'));
  const path = join(folder, 'tensorboard', 'events.out.tfevents.1000.host.1.0');
  const log = (step: number) =>
    appendFileSync(path, encodeScalarEvent({ step, wallTime: step, tag: 'value/loss', value: step }));
  writeFileSync(path, encodeFileVersion(1000));
  for (let step = 1; step <= points; step += 1) log(step);
  return { folder, log };
}

describe('the metrics of jobs', () => {
  it('are those of the run: its last loss, how far it is and its settings', async () => {
    const folder = temporaryFolder();
    cpSync(join(FIXTURES, 'runs/run_005'), folder, { recursive: true });
    const { metrics } = countingService();
    const run = job(5, folder);
    const loss = (await metrics.series(run)).series.find(({ tag }) => tag === 'value/loss')!;
    expect(latest(loss)).toMatchObject({ step: 300, value: 0.216796875 });
    expect(await metrics.progress(run)).toMatchObject({ step: 300, maxSteps: 300 });
    expect((await metrics.config(run)).settings).toMatchObject({ learning_rate: '0.01' });
  });

  it('are read once for all who ask at the same time', async () => {
    const { folder } = loggedRun(500);
    const one = countingService();
    await one.metrics.series(job(1, folder));
    const many = countingService();
    const runs = await Promise.all(Array.from({ length: 8 }, () => many.metrics.series(job(1, folder))));
    expect(many.eventBytes()).toBe(one.eventBytes());
    for (const run of runs) expect(run.series[0]!.length).toBe(500);
  });

  it('are read anew where others have filled the memory that there is for points', async () => {
    const runs = Array.from({ length: 4 }, () => loggedRun(500).folder);
    const askTwice = async (bytesKept?: number) => {
      const { metrics, eventBytes } = countingService(bytesKept === undefined ? {} : { bytesKept });
      for (const folder of runs) await metrics.series(job(1 + runs.indexOf(folder), folder));
      const once = eventBytes();
      for (const folder of runs) await metrics.series(job(1 + runs.indexOf(folder), folder));
      return eventBytes() / once;
    };
    expect(await askTwice()).toBe(1);
    expect(await askTwice(2 * 500 * 72)).toBe(2);
  });

  it('are read once more for who asks when the run has ended: it may have logged its last step meanwhile', async () => {
    const { folder, log } = loggedRun(3);
    const running = job(1, folder);
    let isHeld: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const metrics = createMetricsService({
      clock: Date.now,
      runFiles({ runDir }) {
        const files = createRunFiles(runDir);
        return {
          ...files,
          async readParts(path, parts) {
            const read = await files.readParts(path, parts);
            isHeld!();
            await released;
            return read;
          },
        };
      },
    });
    const before = metrics.series(running);
    await held;
    log(4);
    const after = metrics.series({ ...running, status: 'completed' });
    release!();
    expect((await before).series[0]!.length).toBe(3);
    expect((await after).series[0]!.length).toBe(4);
    expect(latest((await metrics.paced(running)).series[0]!)!.step).toBe(4);
  });

  it('give the same value of a run to whom has followed it and to whom reads it anew', async () => {
    const folder = temporaryFolder();
    const light = join(folder, 'tensorboard/light/events.out.tfevents.1000.host.1.0');
    const log = join(folder, 'json/log.jsonl');
    for (const path of [light, log]) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(light, encodeFileVersion(1000));
    const random = seededRandom(7);
    const wide = 'x'.repeat(600);
    function train(from: number, to: number): void {
      for (let step = from; step < to; step += 1) {
        const value = 1 + random();
        const state = { num_steps: step, start_time_s: 1000, elapsed_time_s: step };
        appendFileSync(log, `${JSON.stringify({ state, value: { loss: value, wide } })}\n`);
        if (step % 10 === 1)
          appendFileSync(
            light,
            encodeScalarEvent({ step, wallTime: 1000 + step, tag: 'value/loss', value: Math.fround(value) }),
          );
      }
    }
    const values = async ({ metrics }: ReturnType<typeof countingService>) => {
      const taken = (['last', 'best', 'mean'] as const).map(async (take) => {
        const [loss] = (await metrics.valued(job(1, folder), take)).series;
        return objectiveValue(loss!, { metric: 'value/loss', mode: 'min', take });
      });
      return Promise.all(taken);
    };
    const follower = countingService();
    train(1, 1_500);
    expect(await values(follower)).toEqual(await values(countingService()));
    expect((await values(follower))[1]).toBeCloseTo(1, 2);
    train(1_500, 5_000);
    const followed = (await follower.metrics.series(job(1, folder))).series[0]!;
    const anew = (await countingService().metrics.series(job(1, folder))).series[0]!;
    expect(followed.length).toBeGreaterThan(2 * anew.length);
    expect(await values(follower)).toEqual(await values(countingService()));
    expect((await values(follower))[0]).toBe(latest(followed)!.value);
  });

  it('cost only what is new when they are asked for again', async () => {
    const { folder, log } = loggedRun(500);
    const { metrics, eventBytes } = countingService();
    await metrics.series(job(1, folder));
    const first = eventBytes();
    await metrics.series(job(1, folder));
    expect(eventBytes()).toBe(first);
    log(501);
    expect((await metrics.series(job(1, folder))).series[0]!.length).toBe(501);
    expect(eventBytes() - first).toBeLessThan(300);
  });

  it('are kept of few runs only, and read anew of one that has been let go', async () => {
    const runs = Array.from({ length: 12 }, (_, index) => job(index, loggedRun(100).folder));
    const { metrics, eventBytes } = countingService();
    for (const run of runs) await metrics.series(run);
    const all = eventBytes();
    await metrics.series(runs.at(-1)!);
    expect(eventBytes()).toBe(all);
    expect((await metrics.series(runs[0]!)).series[0]!.length).toBe(100);
    expect(eventBytes()).toBeGreaterThan(all);
  });

  it('of one job are not taken for those of a later one with the same number', async () => {
    const [before, after] = [loggedRun(3).folder, loggedRun(5).folder];
    const { metrics } = countingService();
    await metrics.series(job(1, before));
    const again = await metrics.series({ ...job(1, after), enqueuedAt: 9_999 });
    expect(again.series[0]!.length).toBe(5);
  });
});
