import type { Identity } from '../core/adapter.ts';
import type { Person, Role } from '../core/person.ts';

/** A person as `people:` of xaxbot.yaml has them: who they are at each door. */
export interface KnownPerson {
  id: string;
  name: string;
  role: Role;
  identities: Partial<Record<'slack' | 'discord' | 'web' | 'unix', string>>;
}

/** Who is who. Somebody who is not known has no role: they may ask for help, no more. */
export function createPeople(known: readonly KnownPerson[]) {
  const person = ({ id, name, role }: KnownPerson): Person => ({ id, name, role });
  return {
    byId(id: string): Person | undefined {
      const found = known.find((each) => each.id === id);
      return found && person(found);
    },
    byIdentity({ adapter, id, name }: Identity): Person {
      const door = adapter === 'terminal' ? 'unix' : (adapter as keyof KnownPerson['identities']);
      const found = known.find(
        (each) => (each.identities[door] ?? (door === 'unix' || door === 'web' ? each.id : undefined)) === id,
      );
      return found ? person(found) : { id: `${adapter}:${id}`, name, role: null };
    },
    all: () => known.map(person),
  };
}

export type People = ReturnType<typeof createPeople>;
