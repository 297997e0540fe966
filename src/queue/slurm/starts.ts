import type { Resources } from '../../core/resources.ts';
import { resourceOptions } from './launch.ts';
import type { Life } from './life.ts';
import { type Answer, ask, type Run } from './programs.ts';

const DAY = 86_400;
/** What a job without limit is taken to last where Slurm plans (job_mgr.c). */
const YEAR = 365 * DAY;
/** Plans are made in steps, and some while ago (sched.conf, bf_resolution and bf_interval). */
const SLACK = 3_600;
/** Nearer than this only a job that has run for a year stands before another without end. */
const FAR = DAY;

/** What has to be asked, and the time now, epoch seconds. */
interface Deps {
  run: Run;
  env: NodeJS.ProcessEnv;
  now: number;
}

/**
 * The starts that Slurm expects of what waits, by id, epoch seconds, without those that tell nothing: where a job without limit
 * stands before, Slurm takes it to end a year after its start, and plans with that.
 */
export async function knownStarts(
  waiting: Iterable<Pick<Life, 'jobId' | 'startsAt'>>,
  deps: Deps,
): Promise<Map<string, number>> {
  const starts = [...waiting].flatMap(({ jobId, startsAt: at }) =>
    at === null ? [] : [[jobId, at] as const],
  );
  const isAnyFar = starts.some(([, at]) => at > deps.now + FAR);
  const horizon = isAnyFar ? await endOfEndless(deps) : Number.POSITIVE_INFINITY;
  return new Map(starts.filter(([, at]) => at < horizon));
}

/** When the first job without limit is taken to end, whoever's it is, be it one that is still to start. */
async function endOfEndless({ run, env, now }: Deps): Promise<number> {
  const answer = await ask(run, env, [
    ...['squeue', '-h', '-a', '-t', 'RUNNING,SUSPENDED'],
    ...['-O', 'TimeLimit:|,StartTime:|'],
  ]);
  const rows = answer.ok ? answer.text.split('\n').map((line) => line.split('|')) : [];
  const ends = rows.flatMap(([limit = '', start = '']) => {
    const isEndless = limit.trim() === 'UNLIMITED' || Number(/^(\d+)-/.exec(limit)?.[1] ?? 0) * DAY >= YEAR;
    const end = Number(start.trim()) + YEAR;
    return isEndless && end > now ? [end] : [];
  });
  return ends.reduce((a, b) => Math.min(a, b), now + YEAR) - SLACK;
}

/** Asks Slurm what it would do with a job that is given these, without submitting it. */
export function testOnly(
  run: Run,
  env: NodeJS.ProcessEnv,
  resources: Resources,
  timeoutMs?: number,
): Promise<Answer> {
  const argv = ['sbatch', '--test-only', ...resourceOptions(resources), '--wrap=true'];
  return ask(run, env, argv, { cwd: '/', ...(timeoutMs === undefined ? {} : { timeoutMs }) });
}

/** When Slurm would start one more job, epoch seconds; `refused`: it would not take it; null: nobody knows. */
export async function startOfOneMore(resources: Resources, deps: Deps): Promise<number | 'refused' | null> {
  const answer = await testOnly(deps.run, deps.env, resources);
  if (!answer.ok) return answer.isLate ? null : 'refused';
  const at = Number(/\bto start at (\d+) /.exec(answer.stderr)?.[1]);
  if (!at) return null;
  return (await knownStarts([{ jobId: '', startsAt: at }], deps)).get('') ?? null;
}
