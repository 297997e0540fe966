import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { isEnded, type Job } from '../../../src/core/job.ts';
import { createSlurmQueue } from '../../../src/queue/slurm/index.ts';
import { eventually } from '../../helpers.ts';
import { quietLog } from '../../recorded.ts';
import { startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';

const reason = whyNoSlurm();
if (reason) test.skip(`no Slurm that forgets at once: ${reason}`, () => {});

const PATIENCE_MS = 60_000;

it.skipIf(reason !== null)(
  'a Slurm that forgets what ended after 2 s is told of by what runs wrote down, and no end is made up',
  async () => {
    const slurm = await startSlurm({ rememberSeconds: 2 });
    const last = new Map<string, Job>();
    // Its own pace, as a bot has it.
    const queue = createSlurmQueue({
      ...{ name: 'cluster', users: undefined, runs: 'slurm-runs', env: slurm.environment },
      ...{ clock: Date.now, log: quietLog },
    });
    try {
      await queue.start(({ changed }) => {
        for (const job of changed) last.set(job.jobId, job);
      });
      const cwd = mkdtempSync(join(slurm.jobs, 'project-'));
      const ends = [0, 3, 7];
      const ids: string[] = [];
      for (const code of ends) {
        const run = { argv: ['sh', '-c', `sleep 1; exit ${code}`], cwd, assignments: {} };
        const result = await queue.launch(run, () => {});
        if (!result.done) throw new Error(result.reason);
        ids.push(result.job.jobId);
      }
      const plain = await slurm.submit('sleep 4; exit 9');
      await queue.refresh();
      await eventually(
        'all have ended',
        async () => [...ids, plain].every((id) => isEnded(last.get(id)?.status ?? 'queued')),
        PATIENCE_MS,
      );
      expect(ids.map((id) => last.get(id)?.returnCode)).toEqual(ends);
      expect(last.get(plain)).toMatchObject(
        last.get(plain)?.status === 'ended' ? { seen: { by: 'gone' } } : { status: 'failed', returnCode: 9 },
      );
    } finally {
      await queue.stop();
      await slurm.stop();
    }
  },
  2 * PATIENCE_MS,
);
