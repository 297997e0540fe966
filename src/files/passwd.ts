import { readFileSync } from 'node:fs';

const PASSWD = '/etc/passwd';

/** A line of the host's user file. */
export interface User {
  name: string;
  uid: number;
  home: string;
  shell: string;
}

/** The user of one line in the form of passwd(5), as the file has it and as `getent` prints it; undefined for another text. */
export function parseUser(line: string): User | undefined {
  const [name, , uid, , , home = '', shell = ''] = line.trim().split(':');
  return name && uid && /^\d+$/.test(uid) ? { name, uid: Number(uid), home, shell } : undefined;
}

/** The first user of the host's own file for whom `wanted` holds; undefined when there is none or no such file. */
export function localUser(wanted: (user: User) => boolean): User | undefined {
  return localUsers().find(wanted);
}

/** The users of the host's own file; none where there is no such file. */
export function localUsers(): User[] {
  try {
    const lines = readFileSync(PASSWD, 'utf8').split('\n');
    return lines.map(parseUser).filter((user) => user !== undefined);
  } catch {
    return [];
  }
}
