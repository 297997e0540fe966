import type { Job, JobKey } from '../../core/job.ts';
import type { MutationResult, Snapshot } from '../../core/queue.ts';
import { type ActDeps, changeable } from './act.ts';
import { ask } from './programs.ts';

const refused = (reason: string): MutationResult => ({ done: false, reason });

/** Priorities of two jobs that stand one behind the other differ by at least this. */
const STEP = 1;

/**
 * Moves a waiting job among those of this user that wait: by `scontrol top` where Slurm lets its users do that, and back in
 * the queue by a nice value, which every user may raise. Slurm's own words say why not. It is not one step: the order is read
 * back, as others' jobs and the scheduler's own reckoning change it all the time.
 */
export async function moveJob(key: JobKey, position: number, deps: ActDeps): Promise<MutationResult> {
  const { watch, run, env, timings } = deps;
  if (!(Number.isSafeInteger(position) && position >= 1))
    return refused(`cannot move to position ${position}: positions are whole numbers from 1`);
  const job = await changeable(key, 'queued', deps);
  if ('refusal' in job) return refused(job.refusal);
  const order = watch.snapshot()?.order ?? [];
  if (position > order.length) return refused(`cannot move to position ${position}: ${order.length} waiting`);
  const isThere = ({ order: now }: Snapshot) => now[position - 1] === job.jobId;
  if (isThere({ order } as Snapshot)) return { done: true };

  const others = order.filter((id) => id !== job.jobId);
  const first = [...others.slice(0, position - 1), job.jobId];
  const top = await ask(run, env, ['scontrol', 'top', first.join(',')]);
  if (!top.ok && order.indexOf(job.jobId) < position - 1) {
    const problem = await stepBack(job, others[position - 2]!, deps);
    if (problem !== null) return refused(`could not be moved: ${problem}`);
  } else if (!top.ok) return refused(`could not be moved forward: ${top.problem}`);
  if (await watch.until(isThere, timings.seenWithinMs)) return { done: true };
  const at = (watch.snapshot()?.order.indexOf(job.jobId) ?? -1) + 1;
  return refused(at > 0 ? `stands at position ${at}: Slurm orders by its own priorities` : 'waits no longer');
}

/** Puts a job behind another by its nice value; a problem, or null. */
async function stepBack({ jobId }: Job, behind: string, { run, env }: ActDeps): Promise<string | null> {
  const answer = await ask(run, env, [
    'squeue',
    '-h',
    '-t',
    'PENDING',
    '-j',
    `${jobId},${behind}`,
    '-O',
    'JobArrayID:|,PriorityLong:|,Nice:|',
  ]);
  if (!answer.ok) return answer.problem;
  const rows = answer.text.split('\n').map((line) => line.split('|'));
  const of = (id: string) => rows.find(([name = '']) => name === id || name.startsWith(`${id}_`));
  const [own, other] = [of(jobId), of(behind)];
  if (!own || !other) return 'Slurm did not tell of its priority';
  const nice = Number(own[2]) + Number(own[1]) - Number(other[1]) + STEP;
  const set = await ask(run, env, ['scontrol', 'update', `jobid=${jobId}`, `nice=${nice}`]);
  return set.ok ? null : set.problem;
}
