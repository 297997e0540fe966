import type { PersonId } from './message.ts';

export const ROLES = ['viewer', 'agent', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Commands that agents may not even propose, unless the settings name them. */
export const RESERVED_COMMANDS = ['kill', 'observer'] as const;
export type ReservedCommand = (typeof RESERVED_COMMANDS)[number];

/** What somebody may do. */
export interface Rights {
  /** null: ask for help, no more. */
  role: Role | null;
  /** Besides what their role lets them do, they may queue jobs and look after those that are theirs. */
  mayRunOwn?: true;
}

/** Somebody who talks to the bot. `id` is the key under `people:`; a stranger gets one made from the adapter they came by (`slack:U012AB3CD`). */
export interface Person extends Rights {
  id: PersonId;
  name: string;
  /** What they may do on queues where that is something else, by the queue's name. */
  on?: Readonly<Record<string, Rights>>;
  /** What they may do on all others, where their own rights here are those of some queues. */
  elsewhere?: Rights;
  /** Their IANA zone, where it is known. */
  timezone?: string;
  /** Why they have no role, where it is not for want of one in the settings. */
  barred?: Barred;
}

/** What members of a channel may do who are not of `people:`; `own`: read, and run jobs of their own. null: ask for help. */
export type Members = 'viewer' | 'own' | 'operator' | null;

/** What keeps somebody from every role: where they speak, or what their account is. */
export type Barred = 'elsewhere' | 'guest' | 'pending' | 'external' | 'bot' | 'deactivated' | 'unknown';

/** Somebody who may see what there is, and is no program: not a guest, nor an agent. */
export function isReader({ role }: Pick<Person, 'role'>): boolean {
  return role !== null && role !== 'agent';
}

/** What somebody may do on a queue. */
export function rightsOn(
  { role, mayRunOwn, on = {}, elsewhere }: Omit<Person, 'id' | 'name'>,
  queue: string,
): Rights {
  return Object.hasOwn(on, queue) ? on[queue]! : (elsewhere ?? rights({ role, mayRunOwn }));
}

/** Somebody with what they may do on each of these queues; of none: as they are. */
export function personOn<P extends Person>(person: P, queues: readonly string[]): P {
  const [first, ...others] = queues.map((queue) => rightsOn(person, queue));
  if (!first) return person;
  const { role: all, mayRunOwn: own, ...who } = person;
  return {
    ...who,
    ...others.reduce(lesser, first),
    elsewhere: person.elsewhere ?? rights({ role: all, mayRunOwn: own }),
  } as P;
}

/** Somebody of the settings: their role, and their roles on the queues where it is another. */
export function personOf({ id, name, role, roles = {} }: Listed): Person {
  const on = Object.entries(roles).map(([queue, each]) => [queue, { role: each }]);
  return { id, name, role, ...(on.length > 0 ? { on: Object.fromEntries(on) } : {}) };
}

/** As the settings have somebody. */
export interface Listed {
  id: PersonId;
  name: string;
  role: Role;
  /** By the names of queues. */
  roles?: Readonly<Record<string, Role>> | undefined;
}

/** What all that somebody may do is on some queue or other; only what they are asked about on where that is known. */
export function rightsAnywhere(person: Person): Rights[] {
  return person.elsewhere ? [person] : [person, ...Object.values(person.on ?? {})];
}

/** Whether somebody may queue runs on a queue; an agent, have them queued by whoever approves it. */
export function mayQueueOn(person: Person, queue: string): boolean {
  const { role, mayRunOwn } = rightsOn(person, queue);
  return mayRunOwn === true || allows(role, isAgent(person) ? 'agent' : 'operator');
}

/** Whatever an agent may do on some queue, it is an agent. */
export function isAgent({ role, elsewhere }: Pick<Person, 'role' | 'elsewhere'>): boolean {
  return (elsewhere ?? { role }).role === 'agent';
}

function rights({ role, mayRunOwn }: { role: Role | null; mayRunOwn: true | undefined }): Rights {
  return { role, ...(mayRunOwn ? { mayRunOwn } : {}) };
}

/** What both allow. */
function lesser(one: Rights, other: Rights): Rights {
  const role = allows(one.role, other.role) ? other.role : one.role;
  const isOwn = [one, other].every((each) => each.mayRunOwn || allows(each.role, 'operator'));
  return rights({ role, mayRunOwn: isOwn ? true : undefined });
}

/** Who did something: in their own name, and by whose word where an agent proposed it. */
export interface Doer {
  id: PersonId;
  name: string;
  /** The name of whoever approved it; null or absent: it needed nobody. */
  approvedBy?: string | null;
}

/** `Ada`, or `codex, approved by Ada`. */
export function doerText({ name, approvedBy }: Pick<Doer, 'name' | 'approvedBy'>): string {
  return approvedBy ? `${name}, approved by ${approvedBy}` : name;
}

/** The higher of two; null is the least. */
export function higher(one: Role | null, other: Role | null): Role | null {
  return allows(one, other) ? one : other;
}

const RANK: Record<Role, number> = { viewer: 0, agent: 1, operator: 2, admin: 3 };

/** Whether `role` may do what asks for `needed`. */
export function allows(role: Role | null, needed: Role | null): boolean {
  if (needed === null) return true;
  return role !== null && RANK[role] >= RANK[needed];
}
