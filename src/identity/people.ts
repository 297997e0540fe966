import type { Account } from '../core/adapter.ts';
import type { PersonId } from '../core/message.ts';
import type { Person, Role } from '../core/person.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { Identities } from '../store/identities.ts';
import type { OwnerSpellings, RawOwner } from '../store/jobs.ts';

/** A person as `people:` of xaxbot.yaml has them: who they are on this host and at each adapter. */
export interface KnownPerson {
  id: PersonId;
  name: string;
  role: Role;
  identities: { unix?: string | undefined; [adapter: string]: string | undefined };
}

/** Where somebody speaks: a channel of the settings, or privately with the bot. */
export interface Room {
  /** What members who are nobody of `people:` may do there; null: ask for help, no more. */
  members: Role | null;
}

/** Whoever has this name on the bot's host; for a name that nobody has, the first admin, who runs the bot. */
export function onHost(known: readonly KnownPerson[], unixName: string | undefined): Person {
  const found =
    (unixName === undefined ? undefined : withUnixName(known, unixName)) ??
    known.find(({ role }) => role === 'admin') ??
    known[0]!;
  return person(found);
}

function withUnixName(known: readonly KnownPerson[], unixName: string): KnownPerson | undefined {
  return known.find(({ id, identities: { unix } }) => (unix ?? id) === unixName);
}

function person({ id, name, role }: KnownPerson): Person {
  return { id, name, role };
}

/** Who is who: by xaxbot.yaml, and by the accounts that people have linked since. */
export function createPeople(
  known: readonly KnownPerson[],
  identities: Pick<
    Identities,
    'personOf' | 'accountOf' | 'accountsOf' | 'accountsCalled' | 'nameOfAccount' | 'rename'
  >,
) {
  const find = (id: PersonId | undefined) => known.find((each) => each.id === id);

  function accountIn({ identities: own }: KnownPerson, platform: string): string | undefined {
    return own[platform];
  }

  const ofAccount = (platform: string, account: string) =>
    known.find((each) => accountIn(each, platform) === account) ??
    find(identities.personOf(platform, account));

  /** Whoever an id is: their own, or an account's, as it was written before they were known by it. */
  function ofId(id: PersonId): { id: PersonId; name: string } | undefined {
    const cut = id.indexOf(':');
    if (cut < 0 || find(id)) return find(id);
    const [platform, account] = [id.slice(0, cut), id.slice(cut + 1)];
    const name = identities.nameOfAccount(platform, account);
    return ofAccount(platform, account) ?? (name === undefined ? undefined : { id, name });
  }

  /** Whoever is meant by a name: an id first, then a name of people:, a Unix name, an account. */
  function meant(text: string): { id: PersonId; name: string } | undefined {
    const isSame = (other: string | undefined) => other?.toLowerCase() === text.toLowerCase();
    return (
      known.find(({ id }) => isSame(id)) ??
      known.find(({ name }) => isSame(name)) ??
      known.find(({ identities: { unix } }) => isSame(unix)) ??
      ofId(text)
    );
  }

  return {
    /** The one name of whoever a job is put down to, and their id where they are known. */
    ownerOf({ person: id, unix }: RawOwner): { owner: string | null; ownerPerson: PersonId | null } {
      const found = id !== null ? ofId(id) : unix === null ? undefined : withUnixName(known, unix);
      return { owner: found?.name ?? id ?? unix, ownerPerson: found?.id ?? id };
    },

    /** Whose job it is, where that is somebody known: who launched it from chat, else the owner of its run folder. */
    behind({
      ownerPerson: id,
      owner,
    }: Pick<JobRecord, 'owner' | 'ownerPerson'>): { id: PersonId; name: string } | undefined {
      if (id === null) return undefined;
      return this.byId(id) ?? { id, name: owner ?? id };
    },

    /** The one name of a person by whatever they are written as; the text itself where that is nobody known. */
    nameOf: (text: string): string => meant(text)?.name ?? text,

    /** Every way in which whoever is meant may be written as the owner of jobs. */
    spellingsOf(text: string): OwnerSpellings {
      const found = meant(text);
      const own = find(found?.id)?.identities ?? {};
      const ofSettings = Object.entries(own).map(([platform, account]) => ({ platform, account }));
      const others = found ? identities.accountsOf(found.id) : identities.accountsCalled(text);
      const accounts = [...ofSettings, ...others].map(({ platform, account }) => `${platform}:${account}`);
      const id = found?.id ?? text;
      return { persons: [id, ...accounts], unix: [own.unix ?? id] };
    },

    byId(id: string): Person | undefined {
      const found = find(id);
      return found && person(found);
    },

    /** Somebody of `people:` by an account; undefined for everybody else, of whom the platform must say more. */
    byAccount(platform: string, account: string): Person | undefined {
      const found = ofAccount(platform, account);
      return found && person(found);
    },

    /**
     * Who an account is where it speaks. Members that are nobody of `people:` may do what their room says; guests,
     * outsiders and bots, and everybody where no room is set up, may ask for help, no more.
     */
    ofAccount(platform: string, account: Account, room: Room | undefined): Person {
      const found = this.byAccount(platform, account.id);
      if (found) return room ? found : { ...found, role: null, isElsewhere: true };
      const isMember = account.kind === 'member';
      if (isMember) identities.rename(platform, account.id, account.name);
      return {
        id: `${platform}:${account.id}`,
        name: account.name,
        role: isMember && room ? room.members : null,
        ...(isMember && !room ? { isElsewhere: true as const } : {}),
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
