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

/** Where a path leads. */
export interface Way {
  /** With links resolved; undefined where nothing is there. */
  real: string | undefined;
  /** The first link on the way that nobody made who may be followed: who is trusted, or who owns what it all leads to. */
  foreignLink: string | undefined;
}

/** Goes the way to a path once: the links that are judged are those that were followed, whatever is put in their place. */
export function wayTo(path: string): Way {
  const { steps, end } = walk(path);
  const foreign = steps.find(
    ({ stat }) => stat.isSymbolicLink() && !isTrusted(stat.uid) && stat.uid !== end?.stat.uid,
  );
  return { real: end?.path, foreignLink: foreign?.path };
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
