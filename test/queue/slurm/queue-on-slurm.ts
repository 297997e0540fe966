import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Job } from '../../../src/core/job.ts';
import type { SnapshotChange } from '../../../src/core/queue.ts';
import { createSlurmQueue, type SlurmQueue } from '../../../src/queue/slurm/index.ts';
import type { Run } from '../../../src/queue/slurm/programs.ts';
import { eventually } from '../../helpers.ts';
import { quietLog } from '../../recorded.ts';
import { type Slurm, startSlurm, whyNoSlurm } from '../../servers/slurm/index.ts';

export const PATIENCE_MS = 60_000;
export const NOBODY = 65_534;
/** What runs a program as nobody. */
export const AS_NOBODY = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
/** Has the whole cluster. */
export const WHOLE = ['--nodes=2', '--cpus-per-task=2'];

const reason = whyNoSlurm();

/** Tests of a queue on a real Slurm, where one can be started. */
export function describeOnSlurm(what: string, tests: (on: OnSlurm) => void): void {
  if (reason) test.skip(`${what}: ${reason}`, () => {});
  describe.skipIf(reason !== null)(what, { timeout: 2 * PATIENCE_MS }, () => {
    let slurm: Slurm;
    let queue: SlurmQueue;
    let project: string;
    const told: Job[] = [];
    const removed: Job[] = [];
    const hear = (change: SnapshotChange) => {
      told.push(...change.changed);
      removed.push(...change.removed);
    };
    const open = ({ name = 'cluster', users, run }: Another = {}) =>
      createSlurmQueue({
        ...{ name, users, runs: 'slurm-runs', env: slurm.environment },
        ...(run ? { run } : {}),
        clock: Date.now,
        log: quietLog,
        timings: {
          ...{ busyMs: 300, idleMs: 300, leastMs: 300 },
          ...{ seenMs: 200, seenWithinMs: 8_000, doubtLookMs: 500 },
        },
      });
    const now = (jobId: string) => queue.snapshot()?.jobs.get(jobId);
    const until = (what: string, isSo: () => unknown) => eventually(what, async () => isSo(), PATIENCE_MS);

    beforeAll(async () => {
      slurm = await startSlurm({ rememberSeconds: 8, nodeTimeoutSeconds: 5, killWaitSeconds: 2 });
      project = mkdtempSync(join(slurm.jobs, 'project-'));
      queue = open();
      await queue.start(hear);
    }, PATIENCE_MS);
    afterAll(async () => {
      await queue?.stop();
      await slurm?.stop();
    }, PATIENCE_MS);

    tests({
      get slurm() {
        return slurm;
      },
      get queue() {
        return queue;
      },
      get project() {
        return project;
      },
      ...{ told, removed, open, now, until },
      run: (...argv) => slurm.run(argv),
      async again(known) {
        queue = open();
        await queue.start(hear, known);
      },
      async reaches(jobId, status) {
        await until(`${jobId} is ${status}`, () => now(jobId)?.status === status);
        return now(jobId)!;
      },
      launch: (more, argv = ['sh', '-c', 'sleep 600']) =>
        queue.launch({ argv, cwd: project, assignments: {}, ...more }, () => {}),
    });
  });
}

interface Another {
  name?: string;
  users?: string[] | undefined;
  run?: Run;
}

/** A real Slurm, and a queue of its jobs. */
export interface OnSlurm {
  readonly slurm: Slurm;
  /** That of root's jobs, which is followed from the beginning. */
  readonly queue: SlurmQueue;
  /** A folder for presets. */
  readonly project: string;
  /** All that it told. */
  told: Job[];
  removed: Job[];
  /** Another one of the same Slurm, still to be started. */
  open(more?: Another): SlurmQueue;
  /** In the place of the queue, which was stopped, another one that is given what is known. */
  again(known: readonly Job[]): Promise<void>;
  run(...argv: string[]): ReturnType<Slurm['run']>;
  /** A job as the queue tells it now. */
  now(jobId: string): Job | undefined;
  until(what: string, isSo: () => unknown): Promise<unknown>;
  reaches(jobId: string, status: string): Promise<Job>;
  launch(more: object, argv?: string[]): ReturnType<SlurmQueue['launch']>;
}
