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

export type Target = { processGroupId: number; witness: number } | { refusal: string };

/** How a process says whose it is: by its environment. */
export interface ProcessNames {
  /** The job that it is of. */
  job: string | null;
  /** The folder of its queue, links resolved; null: named by a relative path. */
  queue: string | null;
}

/** The processes of the host that a queue is on. */
export interface HostProcesses {
  /** Ours there, and its group. */
  own: { pid: number; processGroupId: number | undefined };
  /** Facts of a living process. */
  facts(pid: number): ProcessFacts | undefined;
  /** The living processes of a group. */
  members(processGroupId: number): ProcessFacts[];
  /** undefined where its environment may not be read. */
  names(pid: number): ProcessNames | undefined;
  /** The folder of this queue, links resolved. */
  queue: string;
}

/**
 * The process group that may be signalled as this running job of the queue, proven by a living process of it, the witness: the
 * leader, or when that has gone any other member.
 */
export function signalTarget(job: Job, processes: HostProcesses): Target {
  const { jobId, pid, startedAt } = job;
  if (pid === null || startedAt === null) return { refusal: 'its process is not recorded' };
  const processGroupId = job.processGroupId ?? pid;
  if (pid <= 1 || processGroupId <= 1)
    return { refusal: `its recorded pid ${pid} (group ${processGroupId}) cannot be a job's` };
  const { own } = processes;
  if (pid === own.pid || processGroupId === own.processGroupId) {
    return { refusal: `its recorded pid ${pid} (group ${processGroupId}) is xaxbot's own` };
  }
  const leader = processes.facts(pid);
  if (leader && leader.processGroupId !== processGroupId) {
    return {
      refusal: `process ${pid} is in group ${leader.processGroupId}, and the queue recorded ${processGroupId}`,
    };
  }
  const witnesses = leader ? [leader] : processes.members(processGroupId);
  if (witnesses.length === 0) return { refusal: `its process ${pid} has ended already` };
  const refusals = witnesses.map((witness) => mismatch(witness, { jobId, startedAt }, processes));
  const proven = refusals.indexOf(null);
  return proven >= 0 ? { processGroupId, witness: witnesses[proven]!.pid } : { refusal: refusals[0]! };
}

/** Why this process is not one of the job's; null when it is. */
function mismatch(
  witness: ProcessFacts,
  job: { jobId: string; startedAt: number },
  processes: HostProcesses,
): string | null {
  const { pid } = witness;
  if (beganBefore(witness, job.startedAt))
    return `process ${pid} started before the job: it is a different process`;
  const names = processes.names(pid);
  if (!names)
    return `the environment of process ${pid} cannot be read, so nothing proves that it is this job: it may be another user's`;
  if (names.job !== job.jobId) return `process ${pid} does not say that it is ${job.jobId}`;
  if (names.queue === null)
    return `process ${pid} names its queue by a relative path, so nothing proves which one it is`;
  return names.queue === processes.queue ? null : `process ${pid} belongs to another queue`;
}

/** Those of this host, for the queue in a folder of it. */
export function localProcesses(home: string): HostProcesses {
  return {
    own: { pid: process.pid, processGroupId: processFacts(process.pid)?.processGroupId },
    facts: processFacts,
    members: groupMembers,
    names(pid) {
      const variables = processEnvironment(pid);
      if (!variables) return undefined;
      const [XAX_HOME, XAXRC_PATH, HOME] = ['XAX_HOME', 'XAXRC_PATH', 'HOME'].map((name) =>
        variables.get(name),
      );
      const isAbsolute = /^[/~]/.test(XAX_HOME ?? XAXRC_PATH ?? '~');
      return {
        job: variables.get(JOB_ID_VARIABLE) ?? null,
        queue: isAbsolute ? realPath(resolveXaxHome({ XAX_HOME, XAXRC_PATH, HOME })) : null,
      };
    },
    queue: realPath(home),
  };
}

/** A path with its symlinks resolved; as it is when there is nothing. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
