import type { Account } from '../core/adapter.ts';
import { type Barred, higher, type Members, type Person, type Rights, type Role } from '../core/person.ts';

/** What a group of accounts may do, as `groups:` of xaxbot.yaml has it. */
export interface KnownGroup {
  id: string;
  /** Never `agent`: that is somebody's own. */
  role: Exclude<Role, 'agent'>;
  /** The same on queues where it is another, by their names. */
  roles?: ByQueue<Exclude<Role, 'agent'>> | undefined;
  /** The group's ids by adapter. */
  identities: { [adapter: string]: string | undefined };
}

type ByQueue<T> = Readonly<Record<string, T>>;

/** What of an account's evidence is something else on some queues. */
export interface EvidenceByQueue {
  listed: ByQueue<Role>;
  /** In the order of `groups`. */
  groups: readonly ByQueue<Role>[];
  members: ByQueue<Members>;
}

/** What an account is judged by: what its platform says of it, and what the settings say of it and of where it speaks. */
export interface Evidence {
  account: Pick<Account, 'kind'>;
  /** Their role of `people:`; null for who is not of it. */
  listed: Role | null;
  /** They are an agent, whatever they may do on some queue. */
  isAgent: boolean;
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
export function roleIn(
  given: Evidence,
  byQueue?: EvidenceByQueue,
): Pick<Person, keyof Rights | 'on' | 'barred'> {
  const decided = decidedBy(given);
  const queues = new Set(
    [byQueue?.listed, ...(byQueue?.groups ?? []), byQueue?.members].flatMap((each) =>
      Object.keys(each ?? {}),
    ),
  );
  if (!byQueue || queues.size === 0 || decided.barred) return decided;
  const on = [...queues].map((queue) => {
    const { role, mayRunOwn } = decidedBy({
      ...given,
      listed: saidOf(byQueue.listed, queue, given.listed),
      groups: given.groups.map((role, index) => saidOf(byQueue.groups[index]!, queue, role)),
      members: saidOf(byQueue.members, queue, given.members),
    });
    return [queue, { role, ...(mayRunOwn ? { mayRunOwn } : {}) }];
  });
  return { ...decided, on: Object.fromEntries(on) };
}

function saidOf<T>(values: ByQueue<T>, queue: string, otherwise: T): T {
  return Object.hasOwn(values, queue) ? values[queue]! : otherwise;
}

function decidedBy(given: Evidence): Pick<Person, 'role' | 'mayRunOwn' | 'barred'> {
  const { account, listed, isAgent, members } = given;
  if (members === undefined) return { role: null, barred: barredBy(account) ?? 'elsewhere' };
  switch (account.kind) {
    case 'member':
      return ofMember(given, members);
    case 'bot':
      return isAgent ? { role: listed } : { role: null, barred: 'bot' };
    case 'guest':
    case 'unknown':
      return listed !== null && given.isListedByName
        ? { role: listed }
        : { role: null, barred: account.kind };
    default:
      return { role: null, barred: account.kind };
  }
}

function ofMember(
  { listed, isAgent, groups }: Evidence,
  members: Members,
): Pick<Person, 'role' | 'mayRunOwn'> {
  if (isAgent) return { role: listed };
  const ofGroups = groups.filter((role) => role !== 'agent').reduce<Role | null>(higher, listed);
  if (listed !== null || members === null) return { role: ofGroups };
  if (members !== 'own') return { role: higher(ofGroups, members) };
  const role = higher(ofGroups, 'viewer');
  return role === 'viewer' ? { role, mayRunOwn: true } : { role };
}

function barredBy({ kind }: Pick<Account, 'kind'>): Barred | undefined {
  return kind === 'member' || kind === 'unknown' ? undefined : kind;
}
