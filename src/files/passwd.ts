import { readFileSync } from 'node:fs';

const PASSWD = '/etc/passwd';

/** A line of the host's user file. */
export interface User {
  name: string;
  uid: number;
  home: string;
}

/** The user of one line in the form of passwd(5), as the file has it and as `getent` prints it; undefined for another text. */
export function parseUser(line: string): User | undefined {
  const [name, , uid, , , home] = line.trim().split(':');
  return name && uid && /^\d+$/.test(uid) ? { name, uid: Number(uid), home: home ?? '' } : undefined;
}

/** The first user of the host's own file for whom `wanted` holds; undefined when there is none or no such file. */
export function localUser(wanted: (user: User) => boolean): User | undefined {
  try {
    const users = readFileSync(PASSWD, 'utf8').split('\n').map(parseUser);
    return users.find((user) => user !== undefined && wanted(user));
  } catch {
    return undefined;
  }
}
