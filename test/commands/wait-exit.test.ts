import { expect, it } from 'vitest';
import { waitExitCode } from '../../commands/wait-exit.ts';
import { type Ending, endingOf } from '../../src/core/ending.ts';
import type { JobStatus } from '../../src/core/job.ts';

interface End {
  status: JobStatus;
  returnCode: number | null;
  error?: string;
  killedBy?: { name: string; approvedBy: null; at: number; signal: string; exitCode?: number };
}
const ada = { name: 'Ada', approvedBy: null, at: 0 };

it.each<[End, Ending, number]>([
  [{ status: 'completed', returnCode: 0 }, 'finished', 0],
  [{ status: 'failed', returnCode: 1 }, 'failed', 3],
  // Codes that would mean something else here.
  [{ status: 'failed', returnCode: 4 }, 'failed', 3],
  [{ status: 'failed', returnCode: 124 }, 'failed', 3],
  [{ status: 'failed', returnCode: 17 }, 'failed', 17],
  [{ status: 'failed', returnCode: null, error: 'Failed to start process' }, 'failed', 3],
  [{ status: 'failed', returnCode: -11 }, 'failed', 139],
  [{ status: 'cancelled', returnCode: null }, 'cancelled', 4],
  [{ status: 'failed', returnCode: -15, error: 'Terminated by signal 15' }, 'killed', 143],
  [{ status: 'failed', returnCode: -9 }, 'killed', 137],
  [{ status: 'failed', returnCode: 137 }, 'killed', 137],
  [{ status: 'failed', returnCode: 1, killedBy: { ...ada, signal: 'SIGTERM', exitCode: 1 } }, 'killed', 143],
  [{ status: 'failed', returnCode: -1, killedBy: { ...ada, signal: 'observer stop' } }, 'killed', 6],
  [{ status: 'failed', returnCode: -1, error: 'Recovered stale running job' }, 'unknown', 5],
  // It is gone from the queue.
  [{ status: 'running', returnCode: null }, 'unknown', 5],
])('%j has ended as %s, and "wait" exits with %d', ({ status, returnCode, error, killedBy }, how, code) => {
  const ending = endingOf({ status, returnCode, error: error ?? null, killedBy: killedBy ?? null });
  expect(ending.how).toBe(how);
  const data = { job: 'job-0000001', status: 'failed' as const, seconds: 1, cause: '', next: '1.0.0' };
  expect(waitExitCode({ state: 'ended', ...data, ...ending, returnCode })).toBe(code);
});
