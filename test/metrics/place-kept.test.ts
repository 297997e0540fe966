import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { createMetricsService } from '../../src/metrics/service.ts';
import { createJobFiles } from '../../src/queue/job-files.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { openDb } from '../../src/store/db.ts';
import { createRunPlaceStore } from '../../src/store/run-places.ts';
import { temporaryFolder } from '../helpers.ts';

const START = Date.parse('2026-11-29T20:00:00Z') / 1_000;
const MINUTE = 60;

/** Jobs in a project folder, each with a run folder that has nothing, and a bot that can be started anew. */
function world(settings: Record<string, string> = {}) {
  const project = temporaryFolder();
  let now = START + 10;
  let looks = 0;
  let declared: string | null = null;
  function write(path: string, at: number, text = 'step,loss\n1,0.5\n2,0.4\n', isMore = false): void {
    const whole = join(project, path);
    mkdirSync(dirname(whole), { recursive: true });
    (isMore ? appendFileSync : writeFileSync)(whole, text);
    utimesSync(whole, at, at);
  }
  function job(number: number, more: Partial<Job> = {}): Job {
    const runDir = join(project, 'toy', `run_${number}`);
    mkdirSync(runDir, { recursive: true });
    const begun = { status: 'running', startedAt: START, endedAt: null } as const;
    return {
      queue: 'g1',
      jobId: `job-${number}`,
      enqueuedAt: number,
      runDir,
      stageDir: join(runDir, 'code'),
      ...begun,
      ...more,
    } as Job;
  }
  const db = openDb(project);
  const start = () => {
    const places = createRunPlaceStore(db);
    const metrics = createMetricsService({
      runFiles: ({ runDir }) => createRunFiles(runDir),
      elsewhere: {
        timings: { firstMs: 10_000, apartMostMs: 60_000 },
        known: places.get,
        keep: places.put,
        declared: () => (declared === null ? null : { path: declared, by: 'of its preset' }),
        placed: async (_job, path) => path.replace('~', project),
        filesIn: createJobFiles,
        async clues(_job, own) {
          looks += 1;
          return {
            workingFolders: [project],
            settings: { ...own, ...settings },
            lines: [],
            isOthers: async () => false,
          };
        },
      },
      clock: () => now * 1_000,
    });
    return {
      metrics,
      async read(of: Job) {
        const { series, absence, place, candidates } = await metrics.series(of);
        const values = series.map(({ tag, length, values }) => `${tag} ${length}: ${values[length - 1]}`);
        return {
          values,
          absence,
          place: place?.folder.replace(project, '.'),
          candidates: candidates?.length,
        };
      },
    };
  };
  return {
    ...{ project, write, job, start },
    looks: () => looks,
    pass: (seconds: number) => (now += seconds),
    declare: (pattern: string | null) => {
      declared = pattern;
    },
  };
}

describe('a run that is not in its run folder', () => {
  it('is found once it appears, after no more than some looks, and its progress and settings are told', async () => {
    const { write, job, start, pass, looks } = world();
    const bot = start();
    const running = job(1);
    write('toy/run_1/config.yaml', START, 'learning_rate: 0.01\nmax_steps: 40\n');
    for (let second = 0; second < 60; second += 1) {
      expect((await bot.read(running)).absence).toBe('files');
      pass(1);
    }
    expect(looks()).toBe(3);
    write('lightning_logs/version_3/metrics.csv', START + 61);
    write('lightning_logs/version_3/hparams.yaml', START + 61, 'dropout: 0.1\n');
    pass(40);
    expect(await bot.read(running)).toEqual({
      values: ['loss 2: 0.4'],
      absence: null,
      place: './lightning_logs/version_3',
      candidates: undefined,
    });
    expect((await bot.metrics.config(running)).settings).toEqual({
      learning_rate: '0.01',
      max_steps: '40',
      dropout: '0.1',
    });
    expect(await bot.metrics.progress(running)).toMatchObject({ step: 2, maxSteps: 40 });
    write('lightning_logs/version_3/metrics.csv', START + 80, '3,0.3\n', true);
    expect((await bot.read(running)).values).toEqual(['loss 3: 0.3']);
  });

  it('is kept over a restart, though by then there is another that it could be', async () => {
    const { write, job, start, pass, looks } = world();
    write('out/a/metrics.csv', START + 5);
    expect((await start().read(job(1))).place).toBe('./out/a');
    write('out/b/metrics.csv', START + 10);
    write('more/metrics.csv', START + 10);
    pass(MINUTE);
    const before = looks();
    expect((await start().read(job(1))).place).toBe('./out/a');
    expect(looks()).toBe(before);
    expect((await start().read(job(2))).candidates).toBe(3);
  });

  it('is found where its job ended before anybody looked, and is not one that a later job wrote', async () => {
    const { write, job, start } = world();
    const [first, second, third] = [0, 1, 2].map((index) =>
      job(index, {
        status: 'completed',
        startedAt: START + index * 10 * MINUTE,
        endedAt: START + (index * 10 + 9) * MINUTE,
      }),
    );
    write('out/a/metrics.csv', START + 5 * MINUTE);
    write('out/c/metrics.csv', START + 25 * MINUTE);
    const bot = start();
    expect((await bot.read(first!)).place).toBe('./out/a');
    expect(await bot.read(second!)).toMatchObject({ absence: 'files', place: undefined });
    expect((await bot.read(third!)).place).toBe('./out/c');
  });

  it('has no points of a run that wrote into the same folder before it, or after', async () => {
    const { write, job, start, pass } = world({ output_dir: 'out' });
    write('out/version_0/metrics.csv', START - 5, 'step,loss,old\n1,9,1\n2,8,1\n3,7,1\n');
    write('out/version_1/metrics.csv', START + 5);
    const bot = start();
    const running = job(1);
    expect(await bot.read(running)).toMatchObject({ place: './out/version_1', values: ['loss 2: 0.4'] });
    write('out/version_1/late.csv', START + 10 * MINUTE, 'step,late\n1,1\n2,2\n');
    const ended: Job = { ...running, status: 'completed', endedAt: START + MINUTE };
    pass(20 * MINUTE);
    expect((await bot.read(ended)).values).toEqual(['loss 2: 0.4']);
    expect((await start().read(ended)).values).toEqual(['loss 2: 0.4']);
  });

  it('is looked for once more when its job has ended, and then no more', async () => {
    const { write, job, start, looks } = world();
    const bot = start();
    const running = job(1);
    expect((await bot.read(running)).absence).toBe('files');
    write('deep/in/a/folder/metrics.csv', START + 2);
    const ended: Job = { ...running, status: 'failed', endedAt: START + 5 };
    expect((await bot.read(ended)).place).toBe('./deep/in/a/folder');
    const nothing: Job = { ...job(2), status: 'failed', startedAt: START + 60, endedAt: START + 61 };
    for (let times = 0; times < 5; times += 1) expect((await bot.read(nothing)).absence).toBe('files');
    expect(looks()).toBe(3);
  });

  it('stays the one of its run folder where that has metrics after all', async () => {
    const { write, job, start, pass } = world();
    const bot = start();
    write('other/metrics.csv', START + 1);
    expect((await bot.read(job(1))).place).toBe('./other');
    write('toy/run_1/json/log.jsonl', START + 2, '{"state": {"num_steps": 1}, "value": {"loss": 2}}\n');
    pass(MINUTE);
    expect(await bot.read(job(1))).toMatchObject({ values: ['value/loss 1: 2'], place: undefined });
  });

  it('is the one that somebody declares, whatever was found before and whether it has ended', async () => {
    const { write, job, start, pass, declare, looks } = world();
    write('out/a/metrics.csv', START + 5);
    const bot = start();
    const first = job(1);
    expect((await bot.read(first)).place).toBe('./out/a');
    write('later/b/metrics.csv', START + 10);
    const ended: Job = { ...job(2), status: 'completed', endedAt: START + 20 };
    expect((await bot.read(ended)).candidates).toBe(2);

    declare('out/no*');
    expect((await bot.read(first)).place).toBe('./out/a');
    declare('~/later/b*');
    pass(1);
    expect(await bot.read(first)).toMatchObject({ place: './later/b', values: ['loss 2: 0.4'] });
    expect(await bot.read(ended)).toMatchObject({ place: './later/b', candidates: undefined });
    const again = start();
    expect((await again.read(first)).place).toBe('./later/b');
    const before = looks();
    for (let times = 0; times < 3; times += 1) {
      pass(MINUTE);
      expect((await again.read(first)).place).toBe('./later/b');
    }
    expect(looks()).toBe(before);
    declare(null);
    expect((await again.read(ended)).place).toBe('./later/b');
  });

  it('is the one that somebody declares of an ended one of which nothing was found', async () => {
    const { write, job, start, declare, looks } = world();
    const bot = start();
    const ended: Job = { ...job(1), status: 'completed', endedAt: START + 20 };
    expect((await bot.read(ended)).absence).toBe('files');
    write('a/b/metrics.csv', START + 10);
    declare('a/b');
    expect((await bot.read(ended)).place).toBe('./a/b');
    const nothing: Job = { ...job(2), status: 'completed', endedAt: START + 5 };
    expect((await bot.read(nothing)).place).toBeUndefined();
    const before = looks();
    expect((await bot.read(nothing)).place).toBeUndefined();
    expect(looks()).toBe(before);
  });
});
