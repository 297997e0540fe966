import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import type { Digest } from '../../src/core/digest.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { ExperimentsService } from '../../src/core/services/experiments.ts';
import { startSchedules } from '../../src/digest/schedules.ts';
import { run } from '../../src/processes/run.ts';
import { quietLog } from '../recorded.ts';

/** The digest here is made of nothing. */
const NO_EXPERIMENTS = {} as ExperimentsService;

const digest: Digest = {
  period: 'day',
  since: 0,
  until: 86_400_000,
  session: 's1',
  ended: [],
  runs: [],
  failed: [],
  learnt: [],
  best: null,
  busyHours: 0,
  idleHours: 24,
  gpus: null,
  gpuHours: null,
  verdictsOpen: [],
  waiting: 0,
  next: null,
  stop: null,
};

afterEach(() => void vi.useRealTimers());

it('what is scheduled is done at its times, in the zone it is meant in, and no more once it is stopped', async () => {
  const MINUTE = 60_000;
  const DAY = 24 * 60 * MINUTE;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  // 8:58 in Kolkata.
  vi.setSystemTime('2026-11-23T03:28:00Z');
  const told: [string, Message][] = [];
  const exported: string[] = [];
  const app = {
    async settled() {
      exported.push(new Date().toISOString());
    },
    digests: { make: async (period: 'day' | 'week') => ({ ...digest, period }) },
    async announceBySession(key: string, make: (experiments: ExperimentsService) => Promise<Message>) {
      told.push([key, await make(NO_EXPERIMENTS)]);
    },
    now: Date.now,
  };
  const schedules = { export: '*/30 * * * *', digest: { day: '0 9 * * *', week: null } };
  const running = await startSchedules(schedules, 'Asia/Kolkata', app, quietLog);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect([told, exported]).toEqual([[], []]);
  await vi.advanceTimersByTimeAsync(DAY - 2 * MINUTE);
  expect(told.map(([key]) => key)).toEqual(['digest:day:2026-11-23T03:30']);
  expect(plainText(told[0]![1])).toMatch(/^The last day of s1/);
  expect(exported).toHaveLength(48);
  expect(exported.slice(0, 2).map((at) => at.slice(0, 16))).toEqual(['2026-11-23T03:30', '2026-11-23T04:00']);
  running.stop();
  await vi.advanceTimersByTimeAsync(2 * DAY);
  expect([told.length, exported.length]).toEqual([1, 48]);
});

it('nothing is loaded where nothing is scheduled', async () => {
  const schedulesModule = fileURLToPath(new URL('../../src/digest/schedules.ts', import.meta.url));
  const script = `
    import { registerHooks } from 'node:module';
    const asked = new Set();
    registerHooks({ resolve: (name, context, next) => (asked.add(name), next(name, context)) });
    const { startSchedules } = await import(${JSON.stringify(schedulesModule)});
    const isLoaded = async (day) => {
      (await startSchedules({ export: null, digest: { day, week: null } }, 'UTC', {}, {})).stop();
      return asked.has('node-cron');
    };
    console.log(await isLoaded(null), await isLoaded('0 9 * * *'));`;
  const argv = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--input-type=module',
    '-e',
    script,
  ];
  const { stdout } = await run({ argv, env: {}, timeoutMs: 60_000, maxOutputBytes: 10_000 });
  expect(stdout.toString()).toBe('false true\n');
});
