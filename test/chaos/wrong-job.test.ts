import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isEnded, type Job, jobKeyText } from '../../src/core/job.ts';
import { createXaxQueue } from '../../src/queue/xax/index.ts';
import { startXax } from '../contract/xax-harness.ts';
import { findPython, realXax, STAND_IN } from '../contract/xax-places.ts';
import { temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { figure, runs, SEED } from './figures.ts';
import { doneText, expectBothWays, type Recorded, race, windowAt, wrongOf } from './races.ts';

const SCRIPT = join(import.meta.dirname, 'racing_queue.py');
const RACES = runs({ full: 10_000, ci: 240 });
const REAL_RACES = runs({ full: 200, ci: 20 });
const PATIENCE_MS = runs({ full: 2 * 3_600_000, ci: 300_000 });

const python = await findPython();
const real = realXax();

describe.skipIf(process.platform !== 'linux' || python === undefined)('a change of a named job', () => {
  it(
    'that races its end, its start, other people and other jobs is of that job or of none',
    async ({ task }) => {
      const folder = temporaryFolder();
      const home = join(folder, 'home');
      mkdirSync(home);
      // Python looks for no packages of the host's: it starts in half the time.
      const quick = join(folder, 'python');
      writeFileSync(quick, `#!/bin/sh\nexec ${python} -S "$@"\n`);
      chmodSync(quick, 0o755);
      const env = {
        PATH: process.env.PATH,
        XAX_HOME: home,
        PYTHONPATH: STAND_IN,
        PYTHONDONTWRITEBYTECODE: '1',
      };
      const racing = spawn(python!, [SCRIPT, String(SEED), quick], {
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const recorded: Recorded = { jobs: [], processes: [], broken: [] };
      const lines = createInterface({ input: racing.stdout });
      lines.on('line', (line) => {
        const { job, process: ended, broken } = JSON.parse(line);
        if (job) recorded.jobs.push(job);
        if (ended) recorded.processes.push(ended);
        if (broken) recorded.broken.push(...broken);
      });
      const over = new Promise((resolve) => lines.once('close', resolve));
      const queue = createXaxQueue({
        name: 'host',
        home,
        xaxBin: undefined,
        env,
        clock: Date.now,
        log: quietLog,
        pollMs: 50,
        kill: { checkMs: 5, pidWaitMs: 30, lastWaitMs: 500 },
      });
      await queue.start(() => {});
      const { races, windows } = await race(queue, { count: RACES, seed: SEED, withinMs: 30 });
      racing.stdin.end();
      await over;
      await queue.stop();

      const wrong = wrongOf(races, recorded);
      const at = (part: number) => windowAt(windows, part);
      figure(task, {
        attack:
          'Wrong job: kill, cancel and move race ends, starts, each other, reused pids, restarted numbering',
        runs: races.length,
        result: `${wrong.length} wrong or rewritten (${doneText(races)}); from the last check to the signal ${at(0.5)}, 99% ${at(0.99)}, longest ${at(1)}`,
      });
      expect(wrong).toEqual([]);
      expectBothWays(races);
    },
    PATIENCE_MS,
  );
});

const describeReal = describe.skipIf(real === undefined);
describeReal('a change of a named job of the real xax', () => {
  it(
    'that races its end, its start and other people is of that job or of none',
    async ({ task }) => {
      const xax = await startXax(real!);
      const ends = new Map<string, Set<string>>();
      const seen = new Map<string, Job>();
      await xax.queue.start(({ changed }) => {
        for (const job of changed) {
          seen.set(jobKeyText(job), job);
          if (!isEnded(job.status)) continue;
          const told = ends.get(jobKeyText(job)) ?? new Set();
          ends.set(jobKeyText(job), told.add(`${job.status} at ${job.endedAt}`));
        }
      });
      try {
        let isOver = false;
        const feeding = (async () => {
          for (let count = 0; !isOver; count += 1) {
            const waiting = xax.queue.snapshot()?.order.length ?? 0;
            if (waiting < 4)
              await xax.enqueue({ seconds: 1, fails: count % 2 === 0, ignoresSigterm: count % 5 === 0 });
            else await sleep(50);
          }
        })();
        const { races } = await race(xax.queue, { count: REAL_RACES, seed: SEED, withinMs: 2_500 });
        isOver = true;
        await feeding;
        while ((xax.queue.snapshot()?.running.length ?? 0) > 0) await sleep(100);
        const recorded: Recorded = { jobs: [], processes: [], broken: [] };
        for (const job of seen.values()) {
          const { jobId: job_id, enqueuedAt: enqueued_at, status, startedAt: started_at, returnCode } = job;
          recorded.jobs.push({ job_id, enqueued_at, status, started_at });
          if (returnCode !== null) recorded.processes.push({ job_id, enqueued_at, code: returnCode });
        }
        for (const [key, told] of ends)
          if (told.size > 1) recorded.broken.push(`the end of ${key} was rewritten: ${[...told].join(', ')}`);
        const wrong = wrongOf(races, recorded);
        figure(task, {
          attack: 'Wrong job: the same on the real xax',
          runs: races.length,
          result: `${wrong.length} wrong or rewritten (${doneText(races)})`,
        });
        expect(wrong).toEqual([]);
        expectBothWays(races);
      } finally {
        await xax.close();
      }
    },
    PATIENCE_MS,
  );
});

it.skipIf(real !== undefined)('the same on the real xax is not run without XAX_BIN', ({ task }) => {
  figure(task, { attack: 'Wrong job: the same on the real xax', runs: 0, result: 'not run: set XAX_BIN' });
  expect(real).toBeUndefined();
});
