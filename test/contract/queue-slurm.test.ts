import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { createSlurmQueue } from '../../src/queue/slurm/index.ts';
import { slurmKind } from '../../src/queue/slurm/kind.ts';
import { jobScript } from '../../src/queue/slurm/script.ts';
import { startSlurm, whyNoSlurm } from '../servers/slurm/index.ts';
import { describeQueueContract, type HarnessJob, type QueueHarness } from './queue.ts';

/** A job that has the whole cluster, so that the next one waits. */
const WHOLE = ['--nodes=2', '--cpus-per-task=2'];

/** Runs for so long as it is told to, whatever it is sent. */
function programOf({ seconds, fails, ignoresSigterm }: HarnessJob): string[] {
  const trap = ignoresSigterm ? 'trap "" TERM; ' : '';
  return ['sh', '-c', `${trap}sleep ${seconds}; exit ${fails ? 1 : 0}`];
}

async function slurmHarness(): Promise<QueueHarness> {
  const slurm = await startSlurm({ killWaitSeconds: 5 });
  const project = mkdtempSync(join(slurm.jobs, 'project-'));
  writeFileSync(join(project, 'train.sh'), 'sleep 3600\n');
  const queue = createSlurmQueue({
    name: 'cluster',
    users: undefined,
    runs: 'slurm-runs',
    env: slurm.environment,
    clock: Date.now,
    log: { debug() {}, info() {}, warn() {}, error() {} } as never,
    timings: { busyMs: 200, idleMs: 200, leastMs: 200, seenMs: 150 },
  });
  let count = 0;
  const good = {
    argv: ['sh', 'train.sh'],
    cwd: project,
    assignments: { learning_rate: '0.01' },
    resources: { cpus: 1 },
  };
  return {
    queue,
    async enqueue(job) {
      count += 1;
      const runDir = join(project, `run-${count}`);
      mkdirSync(runDir);
      const script = jobScript({ argv: programOf(job), cwd: project, runDir });
      const jobId = await slurm.submit(script, [...WHOLE, `--output=${join(runDir, 'xaxbot.log')}`]);
      await queue.refresh();
      const { enqueuedAt } = queue.snapshot()!.jobs.get(jobId)!;
      return { queue: queue.name, jobId, enqueuedAt };
    },
    launches: {
      good,
      failing: { ...good, resources: { partition: 'nowhere' } },
      failure: /nowhere|partition/,
    },
    killed: 'cancelled',
    tellsUser: true,
    async close() {
      await queue.stop();
      await slurm.stop();
    },
  };
}

const reason = whyNoSlurm();
if (reason) describe.skip(`a real Slurm queue (${reason})`, () => {});
else describeQueueContract('a real Slurm queue', slurmKind, slurmHarness);
