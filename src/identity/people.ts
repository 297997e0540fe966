import type { Account } from '../core/adapter.ts';
import type { PersonId } from '../core/message.ts';
import { type Listed, type Members, type Person, personOf } from '../core/person.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { legibleLine } from '../core/unseen.ts';
import type { Identities } from '../store/identities.ts';
import type { OwnerSpellings, RawOwner } from '../store/jobs.ts';
import { type KnownGroup, roleIn } from './role-in.ts';

/** A person as `people:` of xaxbot.yaml has them: who they are on this host and at each adapter. */
export interface KnownPerson extends Listed {
  identities: { unix?: string | undefined; [adapter: string]: string | undefined };
}

/** What an account calls itself, as it may be shown. */
function nameOfAccount({ id, name }: Pick<Account, 'id' | 'name'>): string {
  return legibleLine(name) || id;
}

/** Whoever has this name on the bot's host; for a name that nobody has, the first admin, who runs the bot. */
export function onHost(known: readonly KnownPerson[], unixName: string | undefined): Person {
  const found =
    (unixName === undefined ? undefined : withUnixName(known, unixName)) ??
    known.find(({ role }) => role === 'admin') ??
    known[0]!;
  return personOf(found);
}

function withUnixName(known: readonly KnownPerson[], unixName: string): KnownPerson | undefined {
  return known.find(({ id, identities: { unix } }) => (unix ?? id) === unixName);
}

/**
 * Who is who, and who may do what: by xaxbot.yaml as it is now, and by the accounts that people have linked. `sharedUnix`: users of the
 * host that several people may work as, such as root; what they own is somebody's only where `people:` says whose.
 */
export function createPeople(
  settings: () => { people: readonly KnownPerson[]; groups?: readonly KnownGroup[] },
  identities: Pick<
    Identities,
    'personOf' | 'accountOf' | 'accountsOf' | 'accountsCalled' | 'nameOfAccount' | 'rename'
  >,
  sharedUnix: readonly string[] = [],
) {
  const known = () => settings().people;
  const find = (id: PersonId | undefined) => known().find((each) => each.id === id);

  function accountIn({ identities: own }: KnownPerson, platform: string): string | undefined {
    return own[platform];
  }

  const ofAccount = (platform: string, account: string) =>
    known().find((each) => accountIn(each, platform) === account) ??
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
      known().find(({ id }) => isSame(id)) ??
      known().find(({ name }) => isSame(name)) ??
      known().find(({ identities: { unix } }) => isSame(unix)) ??
      ofId(text)
    );
  }

  return {
    /** The one name of whoever a job is put down to, and their id where they are known. */
    ownerOf({ person: id, unix }: RawOwner): { owner: string | null; ownerPerson: PersonId | null } {
      const found = id !== null ? ofId(id) : unix === null ? undefined : withUnixName(known(), unix);
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
      return found && personOf(found);
    },

    /** Somebody of `people:` by an account; undefined for everybody else. */
    byAccount(platform: string, account: string): { id: PersonId; name: string } | undefined {
      const found = ofAccount(platform, account);
      return found && { id: found.id, name: found.name };
    },

    /** Whose words an account's are. */
    authorOf(platform: string, { id, name }: Pick<Account, 'id' | 'name'>): { id: PersonId; name: string } {
      return this.byAccount(platform, id) ?? { id: `${platform}:${id}`, name: nameOfAccount({ id, name }) };
    },

    /**
     * Who an account is, and what it may do where it speaks: the one place in which a role is made of what a platform says.
     * `members`: what members may do there; undefined: it is no place of the settings. `membersOn`: on which queues that is
     * something else.
     */
    ofAccount(
      platform: string,
      account: Account,
      members: Members | undefined,
      membersOn: Readonly<Record<string, Members>> = {},
    ): Person {
      const found = ofAccount(platform, account.id);
      if (!found && account.kind === 'member')
        identities.rename(platform, account.id, nameOfAccount(account));
      const isInGroup = ({ identities: ids }: KnownGroup) =>
        ids[platform] !== undefined && account.groups.includes(ids[platform]);
      const groups = (settings().groups ?? []).filter(isInGroup);
      const decided = roleIn(
        {
          account,
          listed: found?.role ?? null,
          isAgent: found?.role === 'agent',
          isListedByName: found !== undefined && accountIn(found, platform) === account.id,
          groups: groups.map(({ role }) => role),
          members,
        },
        { listed: found?.roles ?? {}, groups: groups.map(({ roles = {} }) => roles), members: membersOn },
      );
      const { timezone } = account;
      return { ...this.authorOf(platform, account), ...decided, ...(timezone ? { timezone } : {}) };
    },

    /**
     * Whether what is put down so is somebody's own, for what they may do with it: they launched it from chat, or `people:`
     * gives them the Unix user that its run folder belongs to; a user that several may work as, only by that name.
     */
    owns({ id }: Pick<Person, 'id'>, { person: launcher, unix }: RawOwner): boolean {
      if (launcher !== null) return (ofId(launcher)?.id ?? launcher) === id;
      const found = unix === null ? undefined : withUnixName(known(), unix);
      const isByName = found?.identities.unix !== undefined || !sharedUnix.includes(unix ?? '');
      return found?.id === id && isByName;
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
