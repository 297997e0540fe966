import type { Job } from '../../core/job.ts';
import { askDetails } from './details.ts';
import { ask, type Run } from './programs.ts';

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
  const details = await askDetails(run, env, jobId);
  if (!details) return undefined;
  const { rawName } = details;
  const wckey = await wckeyOf(run, env, jobId);
  return [
    'scancel',
    '--me',
    ...(rawName.includes(NO_TEXT) || rawName === '' ? [] : [`--name=${rawName}`]),
    ...(wckey === undefined ? [] : [`--wckey=${wckey}`]),
    ...(state === undefined ? [] : [`--state=${state}`]),
    jobId,
  ];
}

/** scontrol shows it only where wckeys are accounted for; squeue always does. */
async function wckeyOf(run: Run, env: NodeJS.ProcessEnv, jobId: string): Promise<string | undefined> {
  const answer = await ask(run, env, ['squeue', '-h', '-t', 'all', '-j', jobId, '-O', 'WCKey:|']);
  const told = answer.ok ? answer.text.split('|', 1)[0]!.trim() : '';
  return /^[\w.-]+$/.test(told) ? told : undefined;
}
