import type { Cause } from '../core/facts.ts';
import type { JobRecord } from '../core/services.ts';

/** How many of a failed job's last log lines go into its thread. */
const LINES_SHOWN = 12;

/** The words xax writes when it finds a job running that no observer runs (queue.py, queue_state.py of 0.4.9). */
const INTERRUPTED = /^Recovered (stale|orphaned) running/;
const SIGNAL = /Terminated by signal (\d+)/;
/** XLA's and CUDA's own words for it; xax looks for "resource exhausted" with a space and misses the first. */
const OUT_OF_MEMORY =
  /RESOURCE_EXHAUSTED|CUDA_ERROR_OUT_OF_MEMORY|CUDA out of memory|cudaErrorMemoryAllocation/i;
/** The last line of a Python traceback: `package.SomeError: words`. */
const EXCEPTION = /^([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning)): ?(.*)$/;

/** The cause of a failed job, from what xax says of it and the last lines of its log; never more than those support. */
export function failureCause(job: JobRecord, logLines: readonly string[]): Cause {
  const lines = logLines.filter((line) => line.trim() !== '').slice(-LINES_SHOWN);
  const error = job.error ?? (job.returnCode === null ? 'no reason given' : `exit code ${job.returnCode}`);
  if (INTERRUPTED.test(error))
    return { text: 'interrupted: the queue observer was restarted while it ran', lines };
  const signal = SIGNAL.exec(error)?.[1];
  if (signal) return { text: killText(job, signal), lines };
  const memory = logLines.findLast((line) => OUT_OF_MEMORY.test(line));
  if (memory || job.oomDetected) return { text: `out of memory: ${(memory ?? error).trim()}`, lines };
  const exception = logLines.findLast((line) => EXCEPTION.test(line.trim()));
  if (exception) return { text: exception.trim(), lines };
  return { text: error, lines };
}

function killText({ killedBy }: JobRecord, signal: string): string {
  const name = signal === '9' ? 'SIGKILL' : signal === '15' ? 'SIGTERM' : `signal ${signal}`;
  if (!killedBy?.signal) return `killed outside chat (${name})`;
  return `killed by ${killedBy.name} (${killedBy.signal})`;
}
