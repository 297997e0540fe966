import { askDetails, type Details } from './details.ts';
import type { Run } from './programs.ts';

/** So many are asked for by their ids; where there are more, all. */
const BY_IDS = 20;

/** Of lives that are new, the details; what is not told now is asked again at the next poll. */
export async function describeNew<L extends { jobId: string; details: Details | null }>(
  lives: readonly L[],
  tell: (life: L, details: Details) => void,
  { run, env, users }: { run: Run; env: NodeJS.ProcessEnv; users: readonly string[] },
): Promise<L[]> {
  const fresh = lives.filter(({ details }) => !details);
  if (fresh.length === 0) return [];
  const ids = fresh.map(({ jobId }) => jobId);
  const told = await askDetails(
    run,
    env,
    fresh.length > BY_IDS ? ['-u', users.join(',')] : ['-j', ids.join(',')],
  );
  return fresh.filter((life) => {
    const details = told?.get(life.jobId);
    if (details) tell(life, details);
    return !details;
  });
}
