import { BotError } from '../../core/errors.ts';
import type { Marks } from '../../core/queue.ts';
import { ask, type Run } from './programs.ts';

/** Whose jobs are followed. */
export interface Users {
  /** Who runs the bot's commands there. */
  me: string;
  names: readonly string[];
  /** Those of them that the host does not know. */
  unknown: readonly string[];
  /** undefined: the host does not know that user. */
  uidOf(name: string): number | undefined;
}

/** Asks who we are there, and which numbers the named users have. Errors `queue-state`. */
export async function findUsers(
  run: Run,
  env: NodeJS.ProcessEnv,
  named: readonly string[] | undefined,
): Promise<Users> {
  const me = await said(run, env, ['id', '-un']);
  const names = named ?? [me];
  const uids = new Map<string, number>();
  for (const name of new Set([me, ...names])) {
    const answer = await ask(run, env, ['id', '-u', '--', name]);
    if (answer.ok && /^\d+\s*$/.test(answer.text)) uids.set(name, Number(answer.text));
  }
  return {
    me,
    names,
    unknown: names.filter((name) => !uids.has(name)),
    uidOf: (name) => uids.get(name),
  };
}

/** The marks of those users' jobs in the cluster that Slurm's programs ask. */
export function marksOf({ names, uidOf }: Users, { SLURM_CONF = '' }: NodeJS.ProcessEnv): Marks {
  return new Map(
    names.flatMap((name) => {
      const uid = uidOf(name);
      return uid === undefined ? [] : [[`slurm ${SLURM_CONF} ${uid}`, `What ${name} has in Slurm`]];
    }),
  );
}

/** What is said of users that the host does not know, and what to do; undefined: of none. */
export function unknownUsers({ unknown }: Users): { problem: string; mend: string } | undefined {
  if (unknown.length === 0) return undefined;
  const names = unknown.join(', ');
  return {
    problem: `this host knows no user ${names}: no jobs of theirs are followed`,
    mend: 'correct the names under users: in xaxbot.yaml',
  };
}

async function said(run: Run, env: NodeJS.ProcessEnv, argv: string[]): Promise<string> {
  const answer = await ask(run, env, argv);
  if (answer.ok) return answer.text.trim();
  throw new BotError(
    'queue-state',
    `Who runs Slurm's commands is not known: ${answer.problem}.`,
    'Check the names under users:.',
  );
}
