import type { Account } from '../core/adapter.ts';
import { type Barred, higher, type Members, type Person, type Role } from '../core/person.ts';

/** What a group of accounts may do, as `groups:` of xaxbot.yaml has it. */
export interface KnownGroup {
  id: string;
  /** Never `agent`: that is somebody's own. */
  role: Exclude<Role, 'agent'>;
  /** The group's ids by adapter. */
  identities: { [adapter: string]: string | undefined };
}

/** What an account is judged by: what its platform says of it, and what the settings say of it and of where it speaks. */
export interface Evidence {
  account: Pick<Account, 'kind'>;
  /** Their role of `people:`; null for who is not of it. */
  listed: Role | null;
  /** That role was given to this very account by name, rather than to one that it was linked to. */
  isListedByName: boolean;
  /** The roles of the groups that the account is in. */
  groups: readonly Role[];
  /** What members may do there; undefined: it is no place of the settings. */
  members: Members | undefined;
}

/**
 * What an account may do where it speaks. A full member has the highest of their own role and those of their groups; who is
 * not of `people:`, of those of their groups and of what members may do there. An agent is an agent whatever group it is in. A
 * guest has what was given to them by name, and so has whoever the platform says nothing of just now. Outsiders, members who have
 * not been let in yet, accounts that are closed, and bots but for agents have nothing.
 */
export function roleIn(given: Evidence): Pick<Person, 'role' | 'mayRunOwn' | 'barred'> {
  const { account, listed, members } = given;
  if (members === undefined) return { role: null, barred: barredBy(account) ?? 'elsewhere' };
  switch (account.kind) {
    case 'member':
      return ofMember(given, members);
    case 'bot':
      return listed === 'agent' ? { role: listed } : { role: null, barred: 'bot' };
    case 'guest':
    case 'unknown':
      return listed !== null && given.isListedByName
        ? { role: listed }
        : { role: null, barred: account.kind };
    default:
      return { role: null, barred: account.kind };
  }
}

function ofMember({ listed, groups }: Evidence, members: Members): Pick<Person, 'role' | 'mayRunOwn'> {
  if (listed === 'agent') return { role: listed };
  const ofGroups = groups.filter((role) => role !== 'agent').reduce<Role | null>(higher, listed);
  if (listed !== null || members === null) return { role: ofGroups };
  if (members !== 'own') return { role: higher(ofGroups, members) };
  const role = higher(ofGroups, 'viewer');
  return role === 'viewer' ? { role, mayRunOwn: true } : { role };
}

function barredBy({ kind }: Pick<Account, 'kind'>): Barred | undefined {
  return kind === 'member' || kind === 'unknown' ? undefined : kind;
}
