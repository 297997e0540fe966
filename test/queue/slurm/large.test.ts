import { expect, it, test } from 'vitest';
import type { Job } from '../../../src/core/job.ts';
import { createSlurmQueue } from '../../../src/queue/slurm/index.ts';
import { cpuMs, eventually } from '../../helpers.ts';
import { quietLog } from '../../recorded.ts';
import { startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';

const reason = whyNoSlurm();
if (reason) test.skip(`no large array on a real Slurm: ${reason}`, () => {});

const TASKS = 2_000;

it.skipIf(reason !== null)(
  'an array of 2,000 tasks is one job, whose numbers add up to its end',
  { timeout: 120_000 },
  async () => {
    const slurm = await startSlurm({ killWaitSeconds: 1, settings: [`MaxArraySize=${TASKS + 1}`] });
    const told: Job[] = [];
    const queue = createSlurmQueue({
      ...{ name: 'q', users: undefined, runs: 'slurm-runs', env: slurm.environment, log: quietLog },
      clock: Date.now,
      timings: { busyMs: 500, idleMs: 500, leastMs: 500, seenMs: 200 },
    });
    try {
      await queue.start((change) => told.push(...change.changed));
      const id = await slurm.submit('exit $((SLURM_ARRAY_TASK_ID == 3))', [
        `--array=0-${TASKS - 1}`,
        '--output=/dev/null',
      ]);
      const tasks = () => queue.snapshot()?.jobs.get(id)?.tasks;
      await eventually('some have ended', async () => (tasks()?.completed ?? 0) > 8, 60_000);
      const before = cpuMs();
      await queue.refresh();
      expect(cpuMs() - before).toBeLessThan(1_000);
      expect(tasks()).toMatchObject({ total: TASKS, unknown: 0, cancelled: 0 });
      expect(await queue.kill(queue.snapshot()!.jobs.get(id)!, { graceMs: 0 })).toMatchObject({ done: true });
      const ended = queue.snapshot()!.jobs.get(id)!;
      expect(ended).toMatchObject({
        status: 'failed',
        tasks: { total: TASKS, waiting: 0, running: 0, failed: 1, unknown: 0, which: { failed: '3' } },
      });
      expect(ended.tasks!.completed + ended.tasks!.cancelled).toBe(TASKS - 1);
      expect(new Set(told.map(({ jobId, enqueuedAt }) => `${jobId}@${enqueuedAt}`)).size).toBe(1);
    } finally {
      await queue.stop();
      await slurm.stop();
    }
  },
);
