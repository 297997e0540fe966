import { ask, type Run } from './programs.ts';

/** States of a node that no job runs on any more (sinfo(1), NODE STATE CODES); a `*` behind one: it does not answer. */
const DOWN = /^(down|fail|failing|no_respond|powered_down|unknown)\b|\*$/i;
/** Within so many seconds of a job's being put back. */
const NEAR_SECONDS = 60;

/** Which of a job's nodes went down when it was put back, epoch seconds; none where that is not known. */
export async function nodesDown(
  run: Run,
  env: NodeJS.ProcessEnv,
  nodes: readonly string[],
  at: number,
): Promise<string[]> {
  const answer = await ask(run, env, ['sinfo', '-h', '-N', '-n', nodes.join(','), '-o', '%N|%T|%H']);
  if (!answer.ok) return [];
  const found = answer.text.split('\n').flatMap((line) => {
    const [node = '', state = '', since = ''] = line.split('|');
    const isNear = /^\d+$/.test(since) && Math.abs(Number(since) - at) <= NEAR_SECONDS;
    return DOWN.test(state) && isNear ? [node] : [];
  });
  return [...new Set(found)];
}
