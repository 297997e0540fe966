import type { PersonId } from './message.ts';

export const ROLES = ['viewer', 'agent', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Commands that agents may not even propose, unless the settings name them. */
export const RESERVED_COMMANDS = ['kill', 'observer'] as const;
export type ReservedCommand = (typeof RESERVED_COMMANDS)[number];

/** Somebody who talks to the bot. `id` is the key under `people:`; a stranger gets one made from the adapter they came by (`slack:U012AB3CD`). */
export interface Person {
  id: PersonId;
  name: string;
  /** null: may ask for help, no more. */
  role: Role | null;
  /** Besides what their role lets them do, they may queue jobs and look after those that are theirs. */
  mayRunOwn?: true;
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
