import { realpathSync } from 'node:fs';
import type { Job } from '../../core/job.ts';
import {
  beganBefore,
  groupMembers,
  type ProcessFacts,
  processEnvironment,
  processFacts,
} from '../process-facts.ts';
import { resolveXaxHome } from './home.ts';

/** By this variable xax tells a job's process which one it is (QUEUE_JOB_ID_ENV_VAR of 0.4.9). */
const JOB_ID_VARIABLE = 'XAX_QUEUE_JOB_ID';

export type Target = { processGroupId: number } | { refusal: string };

/**
 * The process group that may be signalled as this running job of the queue in `home`, proven by a living process
 * of it: the leader, or when that has gone any other member.
 */
export function signalTarget(job: Job, home: string): Target {
  const { jobId, pid, startedAt } = job;
  if (pid === null || startedAt === null) return { refusal: 'its process is not recorded' };
  const processGroupId = job.processGroupId ?? pid;
  if (pid <= 1 || processGroupId <= 1)
    return { refusal: `its recorded pid ${pid} (group ${processGroupId}) cannot be a job's` };
  if (pid === process.pid || processGroupId === processFacts(process.pid)?.processGroupId) {
    return { refusal: `its recorded pid ${pid} (group ${processGroupId}) is xaxbot's own` };
  }
  const leader = processFacts(pid);
  if (leader && leader.processGroupId !== processGroupId) {
    return {
      refusal: `process ${pid} is in group ${leader.processGroupId}, and the queue recorded ${processGroupId}`,
    };
  }
  const witnesses = leader ? [leader] : groupMembers(processGroupId);
  if (witnesses.length === 0) return { refusal: `its process ${pid} has ended already` };
  const refusals = witnesses.map((witness) => mismatch(witness, { jobId, startedAt }, home));
  return refusals.includes(null) ? { processGroupId } : { refusal: refusals[0]! };
}

/** Why this process is not one of the job's; null when it is. */
function mismatch(
  witness: ProcessFacts,
  job: { jobId: string; startedAt: number },
  home: string,
): string | null {
  const { pid } = witness;
  if (beganBefore(witness, job.startedAt))
    return `process ${pid} started before the job: it is a different process`;
  const variables = processEnvironment(pid);
  if (!variables)
    return `the environment of process ${pid} cannot be read, so nothing proves that it is this job: it may be another user's`;
  if (variables.get(JOB_ID_VARIABLE) !== job.jobId)
    return `process ${pid} does not say that it is ${job.jobId}`;
  const [XAX_HOME, XAXRC_PATH, HOME] = ['XAX_HOME', 'XAXRC_PATH', 'HOME'].map((name) => variables.get(name));
  if (!/^[/~]/.test(XAX_HOME ?? XAXRC_PATH ?? '~'))
    return `process ${pid} names its queue by a relative path, so nothing proves which one it is`;
  return realPath(resolveXaxHome({ XAX_HOME, XAXRC_PATH, HOME })) === realPath(home)
    ? null
    : `process ${pid} belongs to another queue`;
}

/** A path with its symlinks resolved; as it is when there is nothing. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
