import type { STATUSES } from './experiment.ts';
import type { JobStatus } from './job.ts';

/**
 * The log's word for a job's status. The log has none for a run that ended nobody knows how: it is `completed`, as its last
 * values stand and are compared like others', and `result_summary` says what is not known.
 */
export function logStatus(status: JobStatus): (typeof STATUSES)[number] {
  return status === 'ended' ? 'completed' : status;
}
