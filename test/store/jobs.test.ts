import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveJob } from '../../src/chat/job-reference.ts';
import { type JobKey, jobKeyText } from '../../src/core/job.ts';
import type { Queue } from '../../src/core/queue.ts';
import { createQueues } from '../../src/core/queues.ts';
import { createJobsService } from '../../src/ingest/jobs.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createJobStore, type JobStore } from '../../src/store/jobs.ts';
import { job } from '../experiments/world.ts';
import { temporaryFolder } from '../helpers.ts';

const ended = (index: number, startedAt: number | null, endedAt: number, more = {}) =>
  job(index, { status: 'completed', startedAt, endedAt, ...more });

let db: Db;
let jobs: JobStore;
const { queue: QUEUE, taskKey: TASK } = job(0);
const named = (reference: string, last?: 'began') =>
  resolveJob(
    reference,
    {
      queues: createQueues([{ name: QUEUE, snapshot: () => undefined } as unknown as Queue]),
      jobs: createJobsService(jobs, [QUEUE], { spellingsOf: () => ({ persons: [], unix: [] }) }),
    },
    undefined,
    last === undefined ? {} : { last },
  ).jobId;

beforeEach(() => {
  db = openDb(temporaryFolder());
  jobs = createJobStore(db);
});
afterEach(() => db.close());

describe('jobs in the database', () => {
  it('usually take what those took whose end lies behind their start', () => {
    for (const [index, seconds] of [-448, 600, 600, -10, -3].entries())
      jobs.put(ended(index, 1_795_981_553, 1_795_981_553 + seconds));
    expect(jobs.usualSeconds(QUEUE, TASK)).toBe(600);
  });

  it('are listed page by page, each once, while others come, and of several queues and one enqueue time too', () => {
    const other = 'another';
    const service = createJobsService(jobs, [QUEUE, other], {
      spellingsOf: () => ({ persons: [], unix: [] }),
    });
    // Three of each queue at each of five times.
    for (let index = 0; index < 30; index += 1)
      jobs.put(
        job(index, { queue: index % 2 === 0 ? QUEUE : other, enqueuedAt: 1_000 + Math.floor(index / 6) }),
      );
    const all = service.list({ limit: 100 }).map(jobKeyText);
    const seen: string[] = [];
    let before: JobKey | undefined;
    for (let page = 0; page < 20; page += 1) {
      const found = service.list({ before, limit: 4 });
      seen.push(...found.map(jobKeyText));
      jobs.put(job(100 + page, { enqueuedAt: 5_000 + page }));
      before = found.at(-1) ?? before;
    }
    expect([seen, new Set(all).size]).toEqual([all, 30]);
  });

  it('are counted by their end, those too that never began', () => {
    jobs.put(ended(1, 100, 200));
    jobs.put(job(2, { status: 'cancelled', startedAt: null, endedAt: 300 }));
    jobs.put(ended(3, 10, 20));
    jobs.put(job(4, { status: 'running', startedAt: 100, endedAt: null }));
    expect(
      jobs
        .endedSince(QUEUE, 150)
        .map(({ jobId }) => jobId)
        .sort(),
    ).toEqual(['job-0000001', 'job-0000002']);
  });

  it('are meant by "last" as the newest, or as the last that began where a run is read', () => {
    expect(() => named('last', 'began')).toThrow(/never had one/);
    jobs.put(job(8, { status: 'queued', startedAt: null, endedAt: null }));
    expect(() => named('last', 'began')).toThrow(/no job in this queue has started/);
    jobs.put(ended(5, 900, 910));
    jobs.put(job(6, { status: 'running', startedAt: 950, endedAt: null }));
    jobs.put(ended(7, 800, 960));
    expect([named('last'), named('LAST', 'began'), named('7', 'began')]).toEqual([
      'job-0000008',
      'job-0000006',
      'job-0000007',
    ]);
    // The clock was set back before it began.
    jobs.put(job(9, { status: 'running', startedAt: 500, endedAt: null }));
    jobs.put(ended(6, 950, 955));
    expect(named('last', 'began')).toBe('job-0000009');
  });
});
