import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isEnded, type Job, type JobKey, jobKeyText } from '../../src/core/job.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { startXax, type XaxHarness, type XaxPlace } from './xax-harness.ts';
import { findPython, realXax, standIn } from './xax-places.ts';

/** How many times a job and a cancellation race each other. */
const ROUNDS = 24;
/** How many of them at a time. */
const AT_ONCE = 3;
const PATIENCE_MS = 300_000;

const python = await findPython();
const real = realXax();
if (python) describeRaces('the stand-in', standIn(python), 1_200);
else test.skip('races against the stand-in were not run: there is no python3 on PATH', () => {});
if (real) describeRaces(real.xaxBin!, real, 4_000);
else test.skip('races against a real xax were not run: set XAX_BIN to the xax command', () => {});

/** `spanMs` is about how long a round's jobs take from the first one's enqueueing to the last one's end. */
function describeRaces(name: string, place: XaxPlace, spanMs: number): void {
  describe(`a cancellation that races the job's own start and end (${name})`, {
    timeout: PATIENCE_MS,
  }, () => {
    let harness: XaxHarness;
    const told: Job[] = [];

    beforeAll(async () => {
      harness = await startXax(place);
      await harness.queue.start(({ changed }) => told.push(...changed));
    }, PATIENCE_MS);
    afterAll(() => harness?.close(), PATIENCE_MS);

    test('either the job never starts, or its own end stands as it was', async () => {
      const random = seededRandom(7);
      const outcomes: string[] = [];
      let ahead = 0;
      for (let round = 0; round < ROUNDS / AT_ONCE; round += 1) {
        if (ahead > 0) await harness.enqueue({ seconds: ahead });
        const keys: JobKey[] = [];
        const races: ReturnType<typeof harness.queue.cancel>[] = [];
        for (let index = 0; index < AT_ONCE; index += 1) {
          const key = await harness.enqueue({ seconds: 0.1, fails: true });
          keys.push(key);
          races.push(sleep(random() * spanMs).then(() => harness.queue.cancel(key)));
        }
        const results = await Promise.all(races);
        const ends = await Promise.all(keys.map((key) => ended(key)));
        for (const [index, { status, startedAt, error }] of ends.entries()) {
          const { done } = results[index]!;
          const expected = done
            ? { status: 'cancelled', startedAt: null, error: 'Cancelled before execution' }
            : { status: 'failed', startedAt: expect.any(Number), error: 'Exited with return code 1' };
          expect({ status, startedAt, error }).toEqual(expected);
          outcomes.push(status);
        }
        // On a slow host the observer may win every race, or none: then a job that runs ahead holds it up longer.
        const won = results.filter(({ done }) => done).length;
        if (won === 0) ahead += 0.5;
        else if (won === results.length) ahead = Math.max(0, ahead - 0.5);
      }
      expect(new Set(outcomes), 'the races went one way only').toEqual(new Set(['cancelled', 'failed']));
      expect(rewrittenEnds()).toEqual([]);
    });

    async function ended({ jobId }: JobKey): Promise<Job> {
      for (;;) {
        const job = harness.queue.snapshot()!.jobs.get(jobId);
        if (job && isEnded(job.status)) return job;
        await sleep(20);
      }
    }

    /** Jobs that were told with one end and later with another. */
    function rewrittenEnds(): string[] {
      const ends = Map.groupBy(
        told.filter(({ status }) => isEnded(status)),
        jobKeyText,
      );
      return [...ends]
        .filter(([, jobs]) => new Set(jobs.map(({ status, endedAt }) => `${status}@${endedAt}`)).size > 1)
        .map(([key]) => key);
    }
  });
}
