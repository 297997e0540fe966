import type { Job } from '../../core/job.ts';
import { askDetails } from './details.ts';
import type { Run } from './programs.ts';

/** What stands for a byte that is no text: Slurm would compare it with another. */
const NO_TEXT = '\ufffd';

/**
 * The command that ends one task of an array. It has no guards of Slurm's: with any of them, scancel of 22.05 ends all the tasks
 * that wait beside it.
 */
export function taskCancel({ jobId }: Pick<Job, 'jobId'>, task: number): string[] {
  return ['scancel', `${jobId}_${task}`];
}

/**
 * The command that ends a job only where it still is this one as scancel reads it right before: ours, of this name, with this token,
 * and in this state where one is given. The name is asked anew, as it may have been changed since.
 */
export async function guardedCancel(
  run: Run,
  env: NodeJS.ProcessEnv,
  { jobId }: Pick<Job, 'jobId'>,
  state: string | undefined,
): Promise<string[] | undefined> {
  const details = (await askDetails(run, env, ['-j', jobId]))?.get(jobId);
  if (!details) return undefined;
  const { rawName, wckey } = details;
  return [
    'scancel',
    '--me',
    ...(rawName.includes(NO_TEXT) || rawName === '' ? [] : [`--name=${rawName}`]),
    ...(wckey !== null && /^[\w.-]+$/.test(wckey) ? [`--wckey=${wckey}`] : []),
    ...(state === undefined ? [] : [`--state=${state}`]),
    jobId,
  ];
}
