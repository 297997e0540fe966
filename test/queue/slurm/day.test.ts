import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isEnded, type Job, jobKeyText } from '../../../src/core/job.ts';
import type { SnapshotChange } from '../../../src/core/queue.ts';
import { createSlurmQueue } from '../../../src/queue/slurm/index.ts';
import { temporaryFolder } from '../../helpers.ts';
import { quietLog } from '../../recorded.ts';
import { startRecordedDay, trueJobs } from '../../servers/slurm/recorded/index.ts';
import type { Version } from '../../servers/slurm/recorded/versions.ts';

/** Nothing is looked at but when the test says so. */
const NEVER_MS = 3_600_000;
const ME = 'ada';

/** Follows the recorded day through its stand-ins, with a look every so many of its frames; each life as it was told last, by its key. */
async function follow({ every, first = 0, version }: { every: number; first?: number; version?: Version }) {
  const day = startRecordedDay(temporaryFolder(), version === undefined ? {} : { version });
  let at = first;
  const queue = createSlurmQueue({
    ...{ name: 'day', users: [ME], runs: 'slurm-runs' },
    env: { PATH: `${day.bin}:/usr/bin:/bin` },
    clock: () => day.timeOf(at),
    log: quietLog,
    timings: { busyMs: NEVER_MS, idleMs: NEVER_MS },
  });
  const told = new Map<string, Job>();
  const ends: Job[] = [];
  const removed: Job[] = [];
  const outages: number[] = [];
  const hear = (change: SnapshotChange) => {
    for (const job of change.changed) {
      const before = told.get(jobKeyText(job));
      if (isEnded(job.status) && !(before && isEnded(before.status))) ends.push(job);
      told.set(jobKeyText(job), job);
    }
    removed.push(...change.removed);
  };
  day.goTo(at);
  await queue.start(hear);
  for (at = first + every; at < day.frames.length; at += every) {
    day.goTo(at);
    await queue.refresh();
    if (!queue.health().ok) outages.push(at);
  }
  await queue.stop();
  return { told, ends, removed, outages };
}

/** What is to be told of each life, by its key. */
function truth() {
  const lives = new Map<string, string>();
  const lost: string[] = [];
  for (const { parts, isArray, user, id, submittedAt } of trueJobs()) {
    if (user !== ME || isArray) continue;
    const [whole] = parts;
    if (whole!.fate === 'lost with the state') lost.push(`${id}`);
    for (const [index, { state, submittedAt: since }] of whole!.lives.entries()) {
      const isLast = index === whole!.lives.length - 1;
      lives.set(`day/${id}@${since}`, isLast ? state : 'REQUEUED');
    }
    expect(submittedAt).toBeGreaterThan(0);
  }
  return { lives, lost };
}

const STATUSES: Record<string, string> = {
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  REQUEUED: 'ended',
};

describe.each([
  { every: 4, first: 1, version: '22.05.8' },
  { every: 4, first: 2, version: '25.05.0' },
  { every: 4, first: 0, version: '23.11.0' },
] as const)('a recorded day, looked at every $every frames from $first on, printed by $version', (way) => {
  it('is told with every ending right, none missed, lives and arrays counted', {
    timeout: 120_000,
  }, async () => {
    const { told, ends, removed, outages } = await follow(way);
    const { lives, lost } = truth();
    const singles = ends.filter(({ tasks }) => !tasks);
    const said = new Map(singles.map((job) => [jobKeyText(job), `${job.status} ${job.scheduler?.state}`]));
    // A life that came and went between two looks shows in how often the next one had been put back.
    for (const key of lives.keys())
      if (!told.has(key)) {
        const [next] = [...told.values()].filter(({ jobId }) => key.startsWith(`day/${jobId}@`));
        expect(next, key).toMatchObject({ restarts: 1 });
        lives.delete(key);
      }
    const wanted = new Map(
      [...lives].map(([key, state]) => [key, `${STATUSES[state] ?? 'failed'} ${state}`]),
    );
    expect(Object.fromEntries([...said].sort())).toEqual(Object.fromEntries([...wanted].sort()));
    expect(singles).toHaveLength(wanted.size);
    const seen = new Set([...told.values()].map(({ jobId }) => jobId));
    expect(removed.map(({ jobId }) => jobId).sort()).toEqual(lost.filter((id) => seen.has(id)).sort());
    expect(removed.length).toBeGreaterThanOrEqual(4);
    const [array, ...more] = ends.filter(({ tasks }) => tasks);
    expect(more).toEqual([]);
    expect(array).toMatchObject({
      jobId: '10',
      status: 'failed',
      tasks: {
        ...{ total: 20, waiting: 0, running: 0, completed: 16, failed: 1, cancelled: 0, unknown: 3 },
        which: { failed: '7', unknown: '15,17-18', completed: '0-6,8-14,16,19' },
      },
    });
    expect([...told.values()].filter(({ user }) => user !== ME)).toEqual([]);
    if (way.version === '22.05.8') expect(outages).toEqual([77]);
  });
});

it('tells the names that people gave, and what Slurm says of why', { timeout: 120_000 }, async () => {
  const { told } = await follow({ every: 12, first: 95 });
  const names = [...told.values()].map(({ taskKey }) => taskKey);
  expect(names).toEqual(expect.arrayContaining(['a|b "q" \\ é☃', 'two lines', 'het']));
  expect(join(...names)).not.toContain('\n');
});
