import type { Person } from './person.ts';

/** Somebody at an adapter. */
export interface Requester {
  person: Person;
  adapter: string;
  account: { id: string; name: string } | undefined;
}
