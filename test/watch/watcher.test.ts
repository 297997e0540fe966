import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { watchPost } from '../../src/cards/watch-post.ts';
import type { ExperimentRow } from '../../src/core/experiment.ts';
import type { Gpu, GpuTaker } from '../../src/core/gpus.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { JobRecord } from '../../src/core/services/jobs.ts';
import { HOST_CONDITIONS, WATCH_CONDITIONS, type WatchNews, type WatchRule } from '../../src/core/watch.ts';
import { createMetricsService } from '../../src/metrics/service.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { openDb } from '../../src/store/db.ts';
import { createWatchStore } from '../../src/store/watches.ts';
import { createIdleHost } from '../../src/watch/idle-host.ts';
import { createWatches } from '../../src/watch/rules.ts';
import { createTakenGpus } from '../../src/watch/taken-gpus.ts';
import { createWatcher } from '../../src/watch/watcher.ts';
import { temporaryFolder } from '../helpers.ts';
import { rawJob } from '../queue/xax/helpers.ts';
import { quietLog } from '../recorded.ts';

const MINUTE = 60_000;

/** At the runs and then at the host. */
async function lookAtAll(
  watcher: ReturnType<typeof createWatcher>,
  running: readonly JobRecord[],
  isBusy: boolean,
): Promise<void> {
  await watcher.lookAtRuns(running);
  await watcher.lookAtHost(isBusy);
}

/** A watcher over a real database and a real run folder; what it says is kept. */
function house(settings: { defaults?: boolean; rules?: WatchRule[]; killOnNan?: number } = {}) {
  const folder = temporaryFolder();
  const db = openDb(folder);
  const runDir = join(folder, 'run');
  const events = join(runDir, 'tensorboard', 'light', 'events.out.tfevents.1.host.1.0');
  mkdirSync(join(runDir, 'tensorboard', 'light'), { recursive: true });
  writeFileSync(events, encodeFileVersion(1));
  const startedAt = Date.now() / 1000 - 5;
  const [id, raw] = rawJob(7, { status: 'running', started_at: startedAt, run_dir: runDir });
  const job: JobRecord = {
    ...parseJob('host', id, raw),
    owner: 'ada',
    ownerPerson: null,
    killedBy: null,
    removed: false,
    gpus: null,
  };
  const said: [string, WatchNews][] = [];
  const killed: string[] = [];
  const world = {
    now: Date.now(),
    job,
    gpus: null as Gpu[] | null,
    takers: [] as GpuTaker[] | null,
    planned: [] as string[],
    step: 0,
    refusesKill: '',
  };
  const clock = () => world.now;
  const store = createWatchStore(db);
  const watches = createWatches({
    store,
    settings: () => ({ defaults: settings.defaults ?? false, rules: settings.rules ?? [] }),
    clock,
  });
  const create = () =>
    createWatcher({
      store,
      watches,
      jobs: { get: () => world.job },
      experiments: {
        session: {
          of: () => ({
            id: 1,
            name: 's',
            folder,
            csvPath: '',
            objective: null,
            target: null,
            budget: {},
            owner: '',
            createdAt: 0,
            closedAt: null,
          }),
        },
        rows: {
          newest: () =>
            world.planned.map(
              (experiment_id) => ({ experiment_id, status: 'planned' }) as unknown as ExperimentRow,
            ),
        },
      },
      metrics: createMetricsService({ runFiles: () => createRunFiles(runDir), clock }),
      idleHost: createIdleHost({ gpus: async () => world.gpus, clock }),
      takenGpus: createTakenGpus({ takers: async () => world.takers, clock }),
      kills: {
        async kill(key, person) {
          killed.push(`${key.jobId} by ${person.id}`);
          if (world.refusesKill) return { done: false, reason: world.refusesKill } as never;
          world.job = { ...world.job, killedBy: { name: person.name, at: world.now, signal: 'SIGTERM' } };
          return { done: true } as never;
        },
      },
      killOnNan: () => settings.killOnNan ?? null,
      draw: async () => null,
      tell: (key, news) => void said.push([key, news]),
      clock,
      log: quietLog,
    });
  return {
    world,
    watches,
    said,
    killed,
    create,
    /** The run's files cannot be read, or can again. */
    hide: (away: boolean) =>
      away ? renameSync(runDir, `${runDir}-away`) : renameSync(`${runDir}-away`, runDir),
    log(...values: number[]) {
      for (const value of values) {
        world.step += 1;
        appendFileSync(
          events,
          encodeScalarEvent({ step: world.step, wallTime: world.now / 1000, tag: 'value/loss', value }),
        );
      }
    },
    words: () => said.map(([, { over, rule, words }]) => `${over ? 'over: ' : ''}${rule.name}: ${words}`),
  };
}

describe('what is watched', () => {
  let at: ReturnType<typeof house>;
  const look = (watcher: ReturnType<ReturnType<typeof house>['create']>) =>
    lookAtAll(watcher, [at.world.job], true);

  beforeEach(() => {
    at = house({ rules: [{ name: 'loss', when: 'above', value: 5, points: 2 }] });
  });

  it('is said once an episode, also after a restart, and when it is over', async () => {
    const watcher = at.create();
    at.log(1, 9);
    await look(watcher);
    expect(at.words()).toEqual([]);
    at.log(9);
    await look(watcher);
    await look(watcher);
    await look(at.create());
    expect(at.words()).toEqual(['loss: value/loss is 9, above 5 for 2 points']);
    expect(at.watches.firing()).toMatchObject([{ rule: 'loss', job: { jobId: 'job-0000007' } }]);
    at.log(1, 1);
    await look(at.create());
    expect(at.words().slice(1)).toEqual(['over: loss: value/loss is 9, above 5 for 2 points']);
    at.log(8, 8);
    await look(watcher);
    expect(at.words()).toHaveLength(3);
    expect(new Set(at.said.map(([key]) => key)).size).toBe(3);
  });

  it('is not said while it is muted, and is when the mute has passed', async () => {
    const watcher = at.create();
    at.watches.mute({ rule: 'loss', job: at.world.job, until: at.world.now + MINUTE, by: 'Ada' });
    at.log(9, 9);
    await look(watcher);
    expect(at.words()).toEqual([]);
    at.world.now += 2 * MINUTE;
    await look(watcher);
    expect(at.words()).toHaveLength(1);
    expect(at.watches.mutes()).toEqual([]);
  });

  it('ends with its job without a word: the end is told by itself', async () => {
    const watcher = at.create();
    at.log(9, 9);
    await look(watcher);
    at.world.job = { ...at.world.job, status: 'failed' };
    await lookAtAll(watcher, [], false);
    expect([at.words().length, at.watches.firing()]).toEqual([1, []]);
  });

  it('can be added and removed from chat; what the settings say is muted instead', () => {
    at.watches.add({ name: 'mine', when: 'nan' }, 'Ada');
    expect(at.watches.rules().map(({ rule, origin, by }) => [rule.name, origin, by])).toEqual([
      ['loss', 'settings', null],
      ['mine', 'chat', 'Ada'],
    ]);
    expect(() => at.watches.add({ name: 'loss', when: 'nan' }, 'Ada')).toThrow('already a watch named loss');
    expect(() => at.watches.remove('loss')).toThrow('is set in xaxbot.yaml');
    expect(() => at.watches.remove('mina')).toThrow('no watch "mina"');
    at.watches.remove('mine');
    expect(at.watches.rules()).toHaveLength(1);
  });
});

it('the sensible ones are watched by default, and one of the settings takes the place of its namesake', () => {
  const { watches } = house({ defaults: true, rules: [{ name: 'stalled', when: 'stalled', minutes: 5 }] });
  expect(watches.rules().map(({ rule, origin }) => `${rule.name} ${origin}`)).toEqual([
    'nan default',
    'diverged default',
    'slow default',
    'gpu-idle default',
    'gpu-taken default',
    'stalled settings',
  ]);
});

it('a job is killed on NaN only where its preset asks for it, after as many points, once', async () => {
  const careless = house();
  careless.log(Number.NaN, Number.NaN, Number.NaN);
  await lookAtAll(careless.create(), [careless.world.job], true);
  expect(careless.killed).toEqual([]);

  const careful = house({ killOnNan: 3 });
  const watcher = careful.create();
  careful.log(1, Number.NaN, Number.NaN);
  await lookAtAll(watcher, [careful.world.job], true);
  expect(careful.killed).toEqual([]);
  careful.log(Number.NaN);
  await lookAtAll(watcher, [careful.world.job], true);
  await lookAtAll(watcher, [careful.world.job], true);
  expect(careful.killed).toEqual(['job-0000007 by xaxbot']);
  expect(careful.words()).toEqual(['kill-on-nan: value/loss is NaN, since step 2']);
});

it('a kill on NaN that was refused is said once and tried again, and nothing else is given its name', async () => {
  const at = house({ killOnNan: 1, rules: [{ name: 'high', when: 'above', value: 5, points: 1 }] });
  expect(() => at.watches.add({ name: 'kill-on-nan', when: 'above', value: 5 }, 'Ada')).toThrow(
    'a reserved word',
  );
  expect(() => at.watches.add({ name: 'all', when: 'nan' }, 'Ada')).toThrow('a reserved word');
  const watcher = at.create();
  at.log(9);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.killed).toEqual([]);
  at.world.refusesKill = 'it has no process yet';
  at.log(Number.NaN);
  await lookAtAll(watcher, [at.world.job], true);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.killed).toHaveLength(2);
  const refusals = at.said.filter(([key]) => key.endsWith(':refused'));
  expect(new Set(refusals.map(([key]) => key)).size).toBe(1);
  expect(refusals[0]![1].words).toContain(
    'its preset asks to kill it, but that failed: it has no process yet',
  );
  at.world.refusesKill = '';
  await lookAtAll(at.create(), [at.world.job], true);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.killed).toHaveLength(3);
});

it('a rule is refused what says nothing to its condition', () => {
  const { watches } = house();
  const add = (rule: Omit<WatchRule, 'name'>) => () => watches.add({ name: 'x', ...rule }, 'Ada');
  expect(add({ when: 'stalled', value: 60 })).toThrow('value does not apply to stalled, which takes minutes');
  expect(add({ when: 'slow', value: 0.5 })).toThrow('a ratio above 1');
  expect(add({ when: 'above' })).toThrow('value is missing');
  expect(add({ when: 'gpu-idle', tag: 'a' })).toThrow('tag does not apply');
});

it('a default is tuned from chat, and holds again when that rule is removed', async () => {
  const at = house({ defaults: true });
  at.watches.add({ name: 'stalled', when: 'stalled', minutes: 60 }, 'Ada');
  expect(at.watches.rules().filter(({ rule }) => rule.name === 'stalled')).toMatchObject([
    { origin: 'chat', rule: { minutes: 60 } },
  ]);
  at.watches.remove('stalled');
  expect(at.watches.rules().filter(({ rule }) => rule.name === 'stalled')).toMatchObject([
    { origin: 'default' },
  ]);
});

it('a rule that is removed while it fires leaves nothing open', async () => {
  const at = house();
  at.watches.add({ name: 'high', when: 'above', value: 5, points: 1 }, 'Ada');
  at.log(9);
  await lookAtAll(at.create(), [at.world.job], true);
  expect(at.watches.firing()).toHaveLength(1);
  at.watches.remove('high');
  await lookAtAll(at.create(), [at.world.job], true);
  expect([at.watches.firing(), at.words().length]).toEqual([[], 1]);
});

it('idle GPUs are told of while hypotheses wait and nothing is queued, and not otherwise', async () => {
  const at = house({ rules: [{ name: 'idle', when: 'gpu-idle', minutes: 10 }] });
  const watcher = at.create();
  const gpu = (utilization: number | null): Gpu => ({
    index: 0,
    uuid: 'GPU-0',
    name: 'A',
    utilization,
    memoryUsed: 0,
    memoryTotal: 1,
  });
  const pass = async (minutes: number, isBusy = false) => {
    at.world.now += minutes * MINUTE;
    await lookAtAll(watcher, [], isBusy);
  };
  at.world.planned = ['plan-1', 'plan-2'];
  await pass(20);
  expect(at.words()).toEqual([]);
  at.world.gpus = [gpu(0), gpu(80)];
  await pass(20);
  at.world.gpus = [gpu(0), gpu(null), gpu(1)];
  await pass(2);
  await pass(9);
  expect(at.words()).toEqual([]);
  await pass(2);
  expect(at.words()).toEqual([
    'idle: the GPUs have been idle for 11 min, nothing is queued, and 2 hypotheses wait: plan-1, plan-2',
  ]);
  await pass(1, true);
  expect(at.words()).toHaveLength(2);
  expect(at.words()[1]).toMatch(/^over: /);
});

it('somebody on a GPU of the queue is told of once they stay, once, also after a restart, and when they are gone', async () => {
  const at = house({ rules: [{ name: 'gpu-taken', when: 'gpu-taken' }] });
  let watcher = at.create();
  const taker = (pid: number): GpuTaker => ({
    gpu: 1,
    pid,
    user: 'ada',
    program: 'python',
    memoryUsed: 10_240,
  });
  const pass = async (minutes: number, takers: GpuTaker[] | null) => {
    at.world.now += minutes * MINUTE;
    at.world.takers = takers;
    await lookAtAll(watcher, [], true);
  };
  await pass(0, [taker(1)]);
  await pass(1, [taker(2)]);
  await pass(1, null);
  expect(at.words()).toEqual([]);
  await pass(1, [taker(2)]);
  expect(at.words()).toEqual([
    'gpu-taken: ada\'s python (pid 2) uses 10,240 MiB of GPU 1. That GPU belongs to the queue: "gpus" shows which are free for other work',
  ]);
  expect(at.watches.firing()).toMatchObject([{ rule: 'gpu-taken', job: null }]);
  watcher = at.create();
  await pass(1, null);
  await pass(1, [taker(2), taker(3)]);
  await pass(1, null);
  expect(at.words()).toHaveLength(1);
  await pass(1, []);
  expect(at.words().slice(1)).toEqual([expect.stringMatching(/^over: gpu-taken: ada/)]);
  const { blocks } = watchPost(at.said[0]![1], at.world.now);
  expect(blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))).toMatchObject([
    { command: 'gpus' },
    { command: 'watch', options: { action: 'mute', rule: 'gpu-taken' } },
  ]);
});

it('what is said names the owner, has buttons that say which job, and none when it is over', () => {
  const { world } = house();
  const news: WatchNews = {
    rule: { name: 'nan', when: 'nan' },
    job: world.job,
    words: 'value/loss is NaN, since step 30',
    since: world.now,
    over: false,
    chart: null,
  };
  const post = watchPost(news, world.now, { name: 'job-0000007', owner: { id: 'ada', name: 'Ada' } });
  expect(plainText(post)).toContain('job-0000007: value/loss is NaN, since step 30 (watch nan) @Ada');
  const key = `host/job-0000007@${world.job.enqueuedAt}`;
  const buttons = post.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  expect(buttons.map(({ command, options }) => [command, options.job])).toEqual([
    ['kill', key],
    ['watch', key],
    ['note', key],
  ]);
  const over = watchPost({ ...news, over: true }, world.now + 3 * MINUTE, {
    name: 'job-0000007',
    owner: { id: 'ada', name: 'Ada' },
  });
  expect(plainText(over)).toBe('job-0000007: watch nan is over after 3 min: its metrics are finite again.');
});

it('the end of an episode of every kind says that it is over and what is so again, and not the alarm', () => {
  const { world } = house();
  for (const when of WATCH_CONDITIONS) {
    const rule: WatchRule = {
      name: 'x',
      when,
      ...(when === 'above' || when === 'below' ? { value: 5 } : {}),
    };
    const job = HOST_CONDITIONS.includes(when) ? null : world.job;
    const news = { rule, job, words: 'THE ALARM', since: world.now, over: true, chart: null };
    const text = plainText(watchPost(news, world.now + 3 * MINUTE));
    expect(text, when).toMatch(/^Watch x is over after 3 min: .*(again|no longer|any more|come back).*\.$/);
    expect(text, when).not.toContain('THE ALARM');
    // A clock that was set back makes no negative duration.
    expect(plainText(watchPost(news, world.now - MINUTE)), when).not.toMatch(/-\d/);
  }
});

it('idle GPUs are one episode, also over a restart of the bot and while nvidia-smi tells nothing', async () => {
  const at = house({ rules: [{ name: 'idle', when: 'gpu-idle', minutes: 10 }] });
  const gpu = (utilization: number): Gpu => ({
    index: 0,
    uuid: 'GPU-0',
    name: 'A',
    utilization,
    memoryUsed: 0,
    memoryTotal: 1,
  });
  at.world.planned = ['plan-1'];
  at.world.gpus = [gpu(0)];
  let watcher = at.create();
  const pass = async (minutes: number) => {
    at.world.now += minutes * MINUTE;
    await lookAtAll(watcher, [], false);
  };
  await pass(1);
  await pass(11);
  expect(at.words()).toHaveLength(1);
  at.world.gpus = null;
  await pass(2);
  watcher = at.create();
  await pass(1);
  at.world.gpus = [gpu(0)];
  await pass(2);
  expect(at.words()).toHaveLength(1);
  at.world.gpus = [gpu(90)];
  await pass(2);
  expect(at.words().slice(1)).toEqual([expect.stringMatching(/^over: /)]);
});

it('a run whose files cannot be read for a moment is not over what it was told of', async () => {
  const at = house({ rules: [{ name: 'loss', when: 'above', value: 5, points: 1 }] });
  const watcher = at.create();
  at.log(9);
  await lookAtAll(watcher, [at.world.job], true);
  at.hide(true);
  await lookAtAll(at.create(), [at.world.job], true);
  at.hide(false);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.words()).toHaveLength(1);
});

it('a metric that comes back from NaN by itself again and again is told of once', async () => {
  const at = house({ rules: [{ name: 'nan', when: 'nan' }] });
  const watcher = at.create();
  for (let turn = 0; turn < 20; turn += 1) {
    at.log(1, Number.NaN);
    await lookAtAll(watcher, [at.world.job], true);
    at.log(1);
    await lookAtAll(watcher, [at.world.job], true);
  }
  expect(at.words().map((words) => words.startsWith('over'))).toEqual([false, true]);
  at.log(Number.NaN, Number.NaN);
  await lookAtAll(watcher, [at.world.job], true);
  expect(at.words()).toHaveLength(3);
});
