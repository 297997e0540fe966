import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { localUser } from './passwd.ts';
import { walk } from './walk.ts';

/** By this id the kernel names owners who are not in our user namespace (user_namespaces(7)). */
const UNMAPPED_UID = 65_534;
const OURSELVES = fileURLToPath(import.meta.url);

/** Whether a user can do us no harm that they could not do anyway: whoever runs us, root, and who owns this program. */
export function isTrusted(uid: number): boolean {
  if (uid === 0 || uid === ownUid()) return true;
  // Where root is not mapped, its files look like everybody else's who is not: nothing tells them apart.
  if (uid === UNMAPPED_UID && !isRootMapped()) return true;
  return uid === statSync(OURSELVES).uid;
}

/** The number of the user who runs us; 0 where the system knows no users. */
export function ownUid(): number {
  return process.getuid?.() ?? 0;
}

/** The name of a user of this host, else the number. */
export function userName(uid: number): string {
  return localUser((user) => user.uid === uid)?.name ?? `uid ${uid}`;
}

/**
 * The first link on the way to `path` that nobody made who may be followed: who is trusted, or who owns what it leads to.
 * Undefined where there is none.
 */
export function foreignLink(path: string): string | undefined {
  const { steps, end } = walk(path);
  return steps.find(({ stat }) => stat.isSymbolicLink() && !isTrusted(stat.uid) && stat.uid !== end?.stat.uid)
    ?.path;
}

function isRootMapped(): boolean {
  try {
    // Lines of: first id inside, first id outside, how many.
    const lines = readFileSync('/proc/self/uid_map', 'utf8').split('\n');
    return lines.some((line) => line.trim().split(/\s+/)[0] === '0');
  } catch {
    return true;
  }
}
