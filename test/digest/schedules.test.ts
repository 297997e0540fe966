import { expect, it } from 'vitest';
import type { Digest } from '../../src/core/digest.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { ExperimentsService } from '../../src/core/services/experiments.ts';
import { startSchedules } from '../../src/digest/schedules.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

/** The digest here is made of nothing. */
const NO_EXPERIMENTS = {} as ExperimentsService;

const digest: Digest = {
  period: 'day',
  from: 0,
  to: 86_400_000,
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

it('what is scheduled is done at its times, in the zone it is meant in, and no more once it is stopped', async () => {
  const told: [string, Message][] = [];
  let exported = 0;
  const app = {
    async settled() {
      exported += 1;
    },
    digests: { make: async (period: 'day' | 'week') => ({ ...digest, period }) },
    async announceBySession(key: string, make: (experiments: ExperimentsService) => Promise<Message>) {
      told.push([key, await make(NO_EXPERIMENTS)]);
    },
    now: () => 86_400_000,
  };
  const everySecond = '* * * * * *';
  const schedules = { export: everySecond, digest: { day: everySecond, week: null } };
  const running = await startSchedules(schedules, 'Asia/Kolkata', app, quietLog);
  await eventually('both', () => told.length > 0 && exported > 0);
  running.stop();
  const [key, message] = told[0]!;
  expect(key).toBe('digest:day:1970-01-02T00:00');
  expect(plainText(message)).toMatch(/^The last day of s1/);
  const count = told.length;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(told.length).toBe(count);
});

it('nothing is loaded where nothing is scheduled', async () => {
  const app = {
    settled: async () => {},
    digests: { make: async () => digest },
    announceBySession: async () => {},
    now: Date.now,
  };
  const never = { export: null, digest: { day: null, week: null } };
  (await startSchedules(never, 'UTC', app, quietLog)).stop();
});
