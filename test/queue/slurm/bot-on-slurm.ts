import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSlurmQueue } from '../../../src/queue/slurm/index.ts';
import { startTestBot } from '../../bot.ts';
import { quietLog } from '../../recorded.ts';
import type { Slurm } from '../../servers/slurm/index.ts';

/** A bot whose only queue, `cluster`, is a real Slurm; `settings`: what stands beside the queue in xaxbot.yaml. */
export function startBotOnSlurm(slurm: Slurm, folder: string, settings: string, pollMs = 300) {
  return startTestBot({
    folder,
    home: folder,
    yaml: `watch: {defaults: false}\nqueues:\n  - {name: cluster, kind: slurm}\n${settings}`,
    queues: () => [
      createSlurmQueue({
        ...{ name: 'cluster', users: undefined, runs: 'slurm-runs', env: slurm.environment },
        clock: Date.now,
        log: quietLog,
        timings: { busyMs: pollMs, idleMs: pollMs, leastMs: pollMs, seenMs: 200 },
      }),
    ],
  });
}

/** Puts a module `train` where presets run it. */
export function putTrain(slurm: Slurm, source: string): void {
  mkdirSync(join(slurm.jobs, 'project'));
  writeFileSync(join(slurm.jobs, 'project', 'train.py'), source);
}
