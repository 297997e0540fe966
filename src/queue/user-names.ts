import { localUser, parseUser } from '../files/passwd.ts';
import { run } from '../processes/run.ts';

/** A directory server that answers later than this is not waited for, milliseconds. */
const LOOKUP_TIMEOUT_MS = 5_000;
const OUTPUT_MAX = 10_000;

export type UserNames = (uid: number) => Promise<string | undefined>;

/**
 * Tells the Unix name of a uid: from the host's user file, else from where the host asks for users (LDAP, SSSD), by
 * getent(1). Undefined when nobody knows the uid. Names are remembered.
 */
export function createUserNames(env: NodeJS.ProcessEnv): UserNames {
  const names = new Map<number, string>();

  async function lookUp(uid: number): Promise<string | undefined> {
    const local = localUser((user) => user.uid === uid);
    if (local) return local.name;
    const argv = ['getent', 'passwd', String(uid)];
    const { stdout } = await run({ argv, env, timeoutMs: LOOKUP_TIMEOUT_MS, maxOutputBytes: OUTPUT_MAX });
    const user = parseUser(stdout.toString('utf8'));
    return user?.uid === uid ? user.name : undefined;
  }

  return async (uid) => {
    const name = names.get(uid) ?? (await lookUp(uid));
    if (name !== undefined) names.set(uid, name);
    return name;
  };
}
