import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Job, type JobKey, jobKeyText } from '../../src/core/job.ts';
import type { Queue } from '../../src/core/queue.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import type { RawJob } from '../queue/xax/helpers.ts';

/** People who race the jobs and each other. */
const PEOPLE = 6;
const DEEDS = ['kill', 'cancel', 'move'] as const;
type Deed = (typeof DEEDS)[number];

/** What somebody asked for, and what they were told. */
export interface Race {
  key: JobKey;
  deed: Deed;
  done: boolean;
  signals: string[];
}

/** What a queue says of its jobs at the end, of how each process ended, and what it found broken. */
export interface Recorded {
  jobs: RawJob[];
  processes: { job_id: string; enqueued_at: number; code: number }[];
  broken: string[];
}

/** So many deeds by several people at once, each on a job that was there a moment ago; and how long each signal took after its check, ms. */
export async function race(
  queue: Queue,
  { count, seed, withinMs }: { count: number; seed: number; withinMs: number },
): Promise<{ races: Race[]; windows: number[] }> {
  const races: Race[] = [];
  const windows: number[] = [];
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];

  async function one(job: Job, deed: Deed): Promise<void> {
    const key = { queue: job.queue, jobId: job.jobId, enqueuedAt: job.enqueuedAt };
    const signals: string[] = [];
    let checkedAt = 0;
    await sleep(random() * withinMs);
    const result =
      deed === 'kill'
        ? await queue.kill(key, {
            graceMs: random() * 60,
            beforeSignal() {
              checkedAt = performance.now();
              return () => {};
            },
            onSignal(signal) {
              windows.push(performance.now() - checkedAt);
              signals.push(signal);
            },
          })
        : deed === 'cancel'
          ? await queue.cancel(key)
          : await queue.move!(key, 1 + Math.floor(random() * 6));
    races.push({ key, deed, done: result.done, signals });
  }

  async function person(): Promise<void> {
    while (races.length < count) {
      const { jobs, order, running } = queue.snapshot() ?? { jobs: new Map(), order: [], running: [] };
      // Mostly what can be done, now and then what cannot.
      const deed = pick<Deed>(['kill', 'kill', 'kill', 'cancel', 'move'])!;
      const likely = deed === 'kill' ? running : order;
      const job = random() < 0.9 ? jobs.get(pick(likely) ?? '') : pick([...jobs.values()]);
      if (!job) {
        await sleep(5);
        continue;
      }
      // Two people do the same at once, or each something else.
      const both =
        random() < 0.2 ? [deed, random() < 0.5 ? deed : pick<Deed>(['kill', 'cancel', 'move'])!] : [deed];
      await Promise.all(both.map((each) => one(job, each)));
    }
  }
  await Promise.all(Array.from({ length: PEOPLE }, person));
  return { races, windows };
}

/** Each job or process that fared as nobody asked, and each deed that was told to be done and was not. */
export function wrongOf(races: readonly Race[], { jobs, processes, broken }: Recorded): string[] {
  const keyOf = (each: { job_id?: unknown; enqueued_at?: unknown }) =>
    jobKeyText({ queue: 'host', jobId: String(each.job_id), enqueuedAt: Number(each.enqueued_at) });
  const byJob = Map.groupBy(races, ({ key }) => jobKeyText(key));
  const wrong = [...broken];
  for (const ended of processes) {
    if (ended.code >= 0) continue;
    const sent = (byJob.get(keyOf(ended)) ?? []).flatMap(({ signals }) => signals);
    const signal = { '-15': 'SIGTERM', '-9': 'SIGKILL' }[String(ended.code)];
    if (!sent.includes(signal!))
      wrong.push(`${keyOf(ended)} was ended by ${signal}, which nobody sent to it`);
  }
  const records = new Map(jobs.map((job) => [keyOf(job), job]));
  for (const { key, deed, done } of races) {
    const job = records.get(jobKeyText(key));
    if (deed !== 'cancel' || !done || !job) continue;
    if (job.status !== 'cancelled' || job.started_at !== null)
      wrong.push(`${jobKeyText(key)} was told to be cancelled, and is ${job.status}`);
  }
  for (const [key, job] of records) {
    const asked = byJob.get(key)?.some(({ deed, done }) => deed === 'cancel' && done);
    if (job.status === 'cancelled' && !asked) wrong.push(`${key} is cancelled, which nobody was told`);
  }
  return wrong;
}

/** How often each deed was done. */
export function doneText(races: readonly Race[]): string {
  const done = (deed: Deed) => races.filter((each) => each.deed === deed && each.done).length;
  return `${done('kill')} killed, ${done('cancel')} cancelled, ${done('move')} moved, the others refused`;
}

/** Races that all go one way are none. */
export function expectBothWays(races: readonly Race[]): void {
  for (const deed of DEEDS)
    expect(
      [...new Set(races.filter((each) => each.deed === deed).map(({ done }) => done))].sort(),
      deed,
    ).toEqual([false, true]);
}

/** Which time a part of the signals took at most after their last check. */
export function windowAt(windows: readonly number[], part: number): string {
  const sorted = windows.toSorted((a, b) => a - b);
  const ms = sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : `${ms.toFixed(1)} ms`;
}
