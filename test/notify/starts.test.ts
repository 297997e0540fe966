import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import type { Queue } from '../../src/core/queue.ts';
import type { JobRecord } from '../../src/core/services/jobs.ts';
import { createStarts } from '../../src/notify/starts.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { rawJob } from '../queue/xax/helpers.ts';
import { quietLog } from '../recorded.ts';

const NOW = 1_800_000_000;

function world() {
  const jobs = new Map<string, Job>();
  const put = (number: number, status: string) => {
    const [id, raw] = rawJob(number, { status, started_at: status === 'running' ? NOW - 100 : null });
    jobs.set(id, parseJob('gpu1', id, raw));
    return id;
  };
  const state = { running: [put(1, 'running')], order: [put(2, 'queued'), put(3, 'queued')] };
  const queue = {
    name: 'gpu1',
    snapshot: () => ({
      queue: 'gpu1',
      jobs,
      observer: null,
      nextIndex: 4,
      isAbsent: false,
      readAt: 0,
      ...state,
    }),
  } as unknown as Queue;
  const asked: string[] = [];
  const starts = createStarts({
    jobs: {
      get: (key) => jobs.get(key.jobId) as JobRecord | undefined,
      usualSeconds: () => 600,
    },
    metrics: {
      async progress({ jobId }) {
        asked.push(jobId);
        return null;
      },
    },
    soon: (work) => work,
    clock: () => NOW * 1_000,
    log: quietLog,
  });
  return { starts, queue, state, put, asked };
}

describe('when what waits starts', () => {
  it('is told of all that wait by one look at what runs, and by another once something else runs', async () => {
    const { starts, queue, state, put, asked } = world();
    const first = (await starts.waiting(queue, 10)).waiting;
    expect(first.map(({ startsIn }) => startsIn?.high)).toEqual([500, 1_100]);
    expect((await starts.waiting(queue, 10)).waiting).toEqual(first);
    await starts.next(queue);
    expect(asked).toEqual(['job-0000001']);

    state.running = [put(2, 'running')];
    state.order = state.order.slice(1);
    await starts.waiting(queue, 10);
    expect(asked).toEqual(['job-0000001', 'job-0000002']);
  });

  it('is told of nothing in a queue whose observer is down, wherever that is', async () => {
    const { starts, queue, state } = world();
    state.running = [];
    const there = { ...queue, startedBy: 'ssh box xax queue start' };
    expect(await starts.next(there)).toBeNull();
    expect((await starts.waiting(there, 10)).waiting.map(({ startsIn }) => startsIn)).toEqual([null, null]);
  });
});
