import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobKey } from '../../src/core/job.ts';
import { startTestBot } from '../bot.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type Bot, readerOf, type Told } from '../notify/told.ts';
import type { RawState } from '../queue/xax/helpers.ts';
import type { XaxPlace } from './xax-harness.ts';
import { startXax, type XaxHarness } from './xax-harness.ts';
import { findPython, realXax, standIn } from './xax-places.ts';

const PATIENCE_MS = 120_000;
const LONG = 3_600;
const python = await findPython();
const real = realXax();
const places: [string, XaxPlace][] = [];
if (python !== undefined) places.push(['the stand-in', standIn(python)]);
if (real) places.push([process.env.XAX_BIN!, real]);

describe.each(places)(
  'whose doing it was, as a queue tells it (%s)',
  { timeout: PATIENCE_MS },
  (_name, place) => {
    let xax: XaxHarness;
    let bot: Bot;
    let read: () => Promise<Told>;
    beforeAll(async () => {
      xax = await startXax(place);
      const folder = temporaryFolder();
      const env = { ...xax.env, XAX_HOME: xax.home };
      bot = await startTestBot({ folder, home: xax.home, env, yaml: 'kill: {grace_seconds: 1}' });
      read = await readerOf(bot);
    }, PATIENCE_MS);
    afterAll(async () => {
      await bot?.app.stop();
      await xax?.close();
    }, PATIENCE_MS);

    const state = () => JSON.parse(readFileSync(join(xax.home, 'queue_state.json'), 'utf8')) as RawState;
    const runs = ({ jobId }: JobKey) =>
      eventually(`${jobId} runs`, () => Boolean(state().jobs[jobId]?.pid), PATIENCE_MS);
    const says = ({ jobId }: JobKey, words: RegExp) =>
      eventually(
        `${jobId}: ${words}`,
        async () => ((await read()).threads[jobId] ?? []).some((text) => words.test(text)),
        PATIENCE_MS,
      );

    it('is told in each job’s thread, with the times and return codes that xax records', async () => {
      const heeds = await xax.enqueue({ seconds: LONG });
      const ignores = await xax.enqueue({ seconds: LONG, ignoresSigterm: true });
      const cancelled = await xax.enqueue({ seconds: LONG });
      const outside = await xax.enqueue({ seconds: LONG });
      await runs(heeds);
      await says(outside, /^job-\d+ queued/);
      expect((await bot.ask(`cancel ${cancelled.jobId}`)).ok).toBe(true);
      await says(cancelled, /^job-\d+ cancelled before it started by root, /);
      expect((await bot.ask(`move ${outside.jobId} 1`)).ok).toBe(true);
      await says(outside, /^job-\d+ moved from position 2 to 1 by root, /);
      expect((await bot.ask(`kill ${heeds.jobId}`, { confirm: true })).ok).toBe(true);
      await says(heeds, /^job-\d+ failed[\s\S]*Cause: killed by root \(SIGTERM\)/);
      await runs(outside);
      process.kill(-(state().jobs[outside.jobId]!.pid as number), 'SIGTERM');
      await says(outside, /^job-\d+ failed[\s\S]*Cause: killed outside chat: SIGTERM/);
      await runs(ignores);
      await says(ignores, /^job-\d+ started/);
      expect((await bot.ask(`kill ${ignores.jobId}`, { confirm: true })).ok).toBe(true);
      await says(ignores, /^job-\d+ failed[\s\S]*Cause: killed by root \(SIGKILL\)/);
    });

    it('is the state file’s own when that was deleted', async () => {
      await eventually('nothing runs', () => state().running_job_id === null, PATIENCE_MS);
      rmSync(join(xax.home, 'queue_state.json'));
      const first = await xax.enqueue({ seconds: LONG });
      expect(first.jobId).toBe('job-0000001');
      await says(first, /^job-\d+ started/);
      const { channel } = await read();
      expect(channel.filter((text) => text.includes('was reset'))).toEqual([
        expect.stringContaining('4 jobs are no longer in it: 4 had ended'),
      ]);
      expect(channel.join('\n')).not.toContain('While I was away');
    });
  },
);
