import type { Account } from '../core/adapter.ts';
import type { PersonId } from '../core/message.ts';
import type { Person, Role } from '../core/person.ts';
import type { Identities } from '../store/identities.ts';

/** A person as `people:` of xaxbot.yaml has them: who they are at each door. */
export interface KnownPerson {
  id: PersonId;
  name: string;
  role: Role;
  identities: { unix?: string | undefined; slack?: string | undefined; discord?: string | undefined };
}

/** Where somebody speaks: a channel of the settings, or privately with the bot. */
export interface Room {
  /** What members who are nobody of `people:` may do there; null: ask for help, no more. */
  members: Role | null;
}

/** Who is who: by xaxbot.yaml, and by the accounts that people have linked to themselves since. */
export function createPeople(
  known: readonly KnownPerson[],
  identities: Pick<Identities, 'personOf' | 'accountOf'>,
) {
  const person = ({ id, name, role }: KnownPerson): Person => ({ id, name, role });
  const find = (id: PersonId | undefined) => known.find((each) => each.id === id);

  function accountIn({ identities: own }: KnownPerson, platform: string): string | undefined {
    return (own as Record<string, string | undefined>)[platform];
  }

  return {
    byId(id: string): Person | undefined {
      const found = find(id);
      return found && person(found);
    },

    /** Whoever has this name on the bot's host; for a name that nobody has, the first admin, who runs the bot. */
    onHost(unixName: string | undefined): Person {
      const found =
        known.find(({ id, identities: { unix } }) => (unix ?? id) === unixName) ??
        known.find(({ role }) => role === 'admin') ??
        known[0]!;
      return person(found);
    },

    /** The person of a Unix name; undefined when it is nobody's. */
    ofUnixName(unixName: string): PersonId | undefined {
      return known.find(({ id, identities: { unix } }) => (unix ?? id) === unixName)?.id;
    },

    /** Somebody of `people:` by an account; undefined for everybody else, of whom the platform must say more. */
    byAccount(platform: string, account: string): Person | undefined {
      const found =
        known.find((each) => accountIn(each, platform) === account) ??
        find(identities.personOf(platform, account));
      return found && person(found);
    },

    /**
     * Who an account is where it speaks. Members that are nobody of `people:` may do what their room says; guests,
     * outsiders and bots, and everybody where no room is set up, may ask for help, no more.
     */
    ofAccount(platform: string, account: Account, room: Room | undefined): Person {
      const found = this.byAccount(platform, account.id);
      if (found) return room ? found : { ...found, role: null };
      const isMember = account.kind === 'member';
      return {
        id: `${platform}:${account.id}`,
        name: account.name,
        role: isMember && room ? room.members : null,
      };
    },

    /** A person's account on a platform, to mention or to write to; undefined where they have none. */
    accountOf(id: PersonId, platform: string): string | undefined {
      if (id.startsWith(`${platform}:`)) return id.slice(platform.length + 1);
      const found = find(id);
      return (found && accountIn(found, platform)) ?? identities.accountOf(id, platform);
    },
  };
}

export type People = ReturnType<typeof createPeople>;
