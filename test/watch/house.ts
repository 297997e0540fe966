import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExperimentRow } from '../../src/core/experiment.ts';
import type { Gpu, GpuTaker } from '../../src/core/gpus.ts';
import type { JobRecord } from '../../src/core/services/jobs.ts';
import type { WatchNews, WatchRule } from '../../src/core/watch.ts';
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

export const MINUTE = 60_000;

/** At the runs and then at the host. */
export async function lookAtAll(
  watcher: ReturnType<typeof createWatcher>,
  running: readonly JobRecord[],
  isBusy: boolean,
): Promise<void> {
  await watcher.lookAtRuns(running);
  await watcher.lookAtHost(isBusy);
}

/** A watcher over a real database and a real run folder; what it says is kept. */
export function house(settings: { defaults?: boolean; rules?: WatchRule[]; killOnNan?: number } = {}) {
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

/** A GPU that is used so much, percent; null where nvidia-smi does not say. */
export const gpuUsed = (utilization: number | null): Gpu => ({
  index: 0,
  uuid: 'GPU-0',
  name: 'A',
  utilization,
  memoryUsed: 0,
  memoryTotal: 1,
});
