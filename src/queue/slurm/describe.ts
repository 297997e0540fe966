import { askDetails, type Details } from './details.ts';
import { askManyDetails } from './details-of-many.ts';
import type { Run } from './programs.ts';

/** So many are asked for one by one at a poll; of more, all in one call. */
const ONE_BY_ONE = 20;

/** Of lives that are new, the details; what cannot be told now is asked again at the next poll. */
export async function describeNew<L extends { jobId: string; details: Details | null }>(
  lives: readonly L[],
  tell: (life: L, details: Details) => void,
  deps: { run: Run; env: NodeJS.ProcessEnv; users: readonly string[] },
): Promise<L[]> {
  const fresh = lives.filter(({ details }) => !details);
  const many = fresh.length > ONE_BY_ONE ? await askManyDetails(deps.run, deps.env, deps.users) : undefined;
  const left: L[] = [];
  let asked = 0;
  for (const life of fresh) {
    const isAsked = many?.has(life.jobId) !== true && asked < ONE_BY_ONE;
    if (isAsked) asked += 1;
    const details =
      many?.get(life.jobId) ?? (isAsked ? await askDetails(deps.run, deps.env, life.jobId) : undefined);
    if (details) tell(life, details);
    else left.push(life);
  }
  return left;
}
