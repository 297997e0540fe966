import { readdirSync } from 'node:fs';
import type { User } from '../files/passwd.ts';

/** The uids of people: UID_MIN and UID_MAX of login.defs(5) as distributions set them. */
const FIRST_PERSON = 1_000;
const LAST_PERSON = 60_000;
/** Where systemd has a folder for everybody who is logged in, by uid. */
const LOGGED_IN = '/run/user';

/** Names, or uids, of others than `own` who can log in: people of the user file with a shell, and whoever is logged in now. */
export function otherUsers(
  users: readonly User[],
  loggedIn: readonly number[],
  own: number | undefined,
): string[] {
  const nameOf = (uid: number) => users.find((user) => user.uid === uid)?.name ?? `uid ${uid}`;
  const withShell = users.filter(({ shell }) => !/\/(nologin|false|sync)$/.test(shell)).map(({ uid }) => uid);
  const uids = new Set([...withShell, ...loggedIn]);
  return [...uids].filter((uid) => uid !== own && uid >= FIRST_PERSON && uid <= LAST_PERSON).map(nameOf);
}

/** The uids that are logged in; none where systemd does not say. */
export function loggedIn(): number[] {
  try {
    return readdirSync(LOGGED_IN)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
