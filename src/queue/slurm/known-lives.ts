import { type Job, TASK_STATES, type TaskState } from '../../core/job.ts';
import type { Life, Part } from './life.ts';
import { parseTaskNumbers } from './task-numbers.ts';

const STAGES: Readonly<Record<TaskState, Part['stage']>> = {
  waiting: 'queued',
  running: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  unknown: 'unknown',
};

/** A life as it was told of before this process began: what Slurm forgot meanwhile has still to be told. */
export function knownLife(job: Job): Life {
  const { tasks } = job;
  // What those that are over took is known of them together: any of them that Slurm still tells of is told anew.
  const timed = tasks ? tasks.completed + tasks.failed + tasks.cancelled : 0;
  const seconds = tasks?.times && timed > 0 ? tasks.times.seconds / timed : undefined;
  const part = (stage: Part['stage']): Part => ({
    stage,
    word: job.scheduler ?? { state: 'UNKNOWN', reason: null },
    restarts: job.restarts ?? 0,
    hasRun: stage !== 'queued' && job.startedAt !== null,
    startedAt: stage === 'queued' ? null : job.startedAt,
    endedAt: null,
    ...(seconds === undefined || stage === 'queued' || stage === 'running' ? {} : { seconds }),
    end:
      stage === 'failed'
        ? { returnCode: job.returnCode, error: job.error, oomDetected: job.oomDetected }
        : null,
    nodes: '',
    missing: 0,
    line: '',
  });
  const parts = new Map<string, Part>();
  if (!tasks) parts.set('', part(job.status === 'ended' ? 'unknown' : job.status));
  else
    for (const state of TASK_STATES)
      for (const number of parseTaskNumbers(tasks.which[state] ?? '') ?? [])
        parts.set(`${number}`, part(STAGES[state]));
  return {
    jobId: job.jobId,
    submittedAt: job.enqueuedAt,
    restarts: job.restarts ?? 0,
    user: job.user ?? '',
    isArray: tasks !== undefined,
    parts,
    waiting: new Set(),
    waitingText: '',
    waitingWord: null,
    startsAt: null,
    details: {
      name: job.taskKey,
      rawName: job.taskKey,
      runDir: job.runDir,
      logPath: job.observerLogPath,
      workDir: '',
      comment: null,
      gpus: job.gpusGiven ?? tasks?.times?.gpus ?? 0,
      wckey: null,
    },
    missing: 0,
  };
}
