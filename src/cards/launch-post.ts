import { type Job, jobName } from '../core/job.ts';
import { type Message, textMessage } from '../core/message.ts';

/** A launch that was under way when the process ended. */
export interface InterruptedLaunch {
  preset: string;
  /** The name of whoever launched it. */
  by: string;
  /** Whether it was of an experiment that was planned before; else its hypothesis was kept as one, if it had one. */
  wasPlanned: boolean;
}

/** What has become of it, as far as that is certain: its job, or (null) nothing that is known. */
export function interruptedLaunchPost(
  { preset, by, wasPlanned }: InterruptedLaunch,
  job: Job | null,
  experimentId: string | undefined,
): Message {
  const which = `the launch of ${preset} by ${by} was under way when xaxbot stopped`;
  if (job) {
    const as = experimentId === undefined || experimentId === job.jobId ? '' : ` as ${experimentId}`;
    return textMessage([{ code: jobName(job) }, ` is queued${as}: ${which}.`], 'good');
  }
  const what = wasPlanned ? 'It was to be' : 'Its hypothesis is kept as';
  const plan = experimentId === undefined ? '' : ` ${what} ${experimentId}, which is still planned.`;
  return textMessage(`T${which.slice(1)}. If it started a job, that job is in the queue.${plan}`, 'warning');
}
