import type { Person, Role } from '../core/person.ts';

/** A person as `people:` of xaxbot.yaml has them: who they are at each door. */
export interface KnownPerson {
  id: string;
  name: string;
  role: Role;
  identities: { unix?: string };
}

/** Who is who. */
export function createPeople(known: readonly KnownPerson[]) {
  const person = ({ id, name, role }: KnownPerson): Person => ({ id, name, role });
  return {
    byId(id: string): Person | undefined {
      const found = known.find((each) => each.id === id);
      return found && person(found);
    },
    /** Whoever has this name on the bot's host; for a name that nobody has, the first admin, who runs the bot. */
    onHost(unixName: string | undefined): Person {
      const found =
        known.find(({ id, identities }) => (identities.unix ?? id) === unixName) ??
        known.find(({ role }) => role === 'admin') ??
        known[0]!;
      return person(found);
    },
  };
}
