import type { Job, JobKey } from '../../core/job.ts';
import type { MutationResult, Snapshot } from '../../core/queue.ts';
import { type ActDeps, changeable, refused, undecided } from './act.ts';
import { type Answer, ask } from './programs.ts';

/** Priorities of two jobs that stand one behind the other differ by at least this. */
const STEP = 1;

/**
 * Moves a waiting job among those of this user that wait: by `scontrol top` where Slurm lets its users do that, and back in
 * the queue by a nice value, which every user may raise. Slurm's own words say why not. It is not one step: the order is read
 * back, as others' jobs and the scheduler's own reckoning change it all the time. Where no answer came, nothing more is tried.
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
  const isBack = order.indexOf(job.jobId) < position - 1;
  if (!top.ok && !top.isLate && !isBack) return refused(`could not be moved forward: ${top.problem}`);
  const answer = top.ok || top.isLate ? top : await stepBack(job, others[position - 2]!, deps);
  if ('refusal' in answer) return refused(`could not be moved: ${answer.refusal}`);
  if (!answer.ok && !answer.isLate) return refused(`could not be moved: ${answer.problem}`);
  if (await watch.until(isThere, timings.seenWithinMs)) return { done: true };
  if (!answer.ok) return undecided(`may be moved or not, which nobody can tell yet: ${answer.problem}`);
  const at = (watch.snapshot()?.order.indexOf(job.jobId) ?? -1) + 1;
  return undecided(
    at > 0
      ? `was moved, as Slurm says, and stands at position ${at}: Slurm orders by its own priorities`
      : 'was moved, as Slurm says, and waits no longer',
  );
}

/** Puts a job behind another by its nice value. `refusal`: why that was not tried. */
async function stepBack(
  { jobId }: Job,
  behind: string,
  { run, env }: ActDeps,
): Promise<Answer | { refusal: string }> {
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
  if (!answer.ok) return { refusal: answer.problem };
  const rows = answer.text.split('\n').map((line) => line.split('|'));
  const of = (id: string) => rows.find(([name = '']) => name === id || name.startsWith(`${id}_`));
  const [own, other] = [of(jobId), of(behind)];
  if (!own || !other) return { refusal: 'Slurm did not tell of its priority' };
  const nice = Number(own[2]) + Number(own[1]) - Number(other[1]) + STEP;
  return ask(run, env, ['scontrol', 'update', `jobid=${jobId}`, `nice=${nice}`]);
}
