import type { Host } from '../hosts/host.ts';
import { expandHome } from './expand-home.ts';

/** Reads the homes that words of the settings begin with, `~` and `~NAME`, as a shell of the queue's own host does. */
export type ReadHomes = (words: readonly string[]) => Promise<string[]>;

/** Those of this host; `~` is the home of `env`. */
export function homesHere(env: NodeJS.ProcessEnv): ReadHomes {
  return async (words) => words.map((word) => expandHome(word, env));
}

/** Those of another host. Error `host-unreachable`. */
export function homesThere(host: Pick<Host, 'ask'>): ReadHomes {
  return async (words) =>
    words.some((word) => word.startsWith('~'))
      ? ((await host.ask({ do: 'homes', words })).ok as string[])
      : [...words];
}

/** A preset, or a launch of one, with its folder and words as they are on the host. */
export async function placed<T extends { cwd: string; argv: readonly string[] }>(
  asked: T,
  read: ReadHomes,
): Promise<T> {
  const [cwd = asked.cwd, ...argv] = await read([asked.cwd, ...asked.argv]);
  return { ...asked, cwd, argv };
}
