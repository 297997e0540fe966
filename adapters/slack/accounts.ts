import { LRUCache } from 'lru-cache';
import type { Account, AccountKind } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Person } from '../../src/core/person.ts';
import type { SlackClient } from './client.ts';
import type { Rooms } from './rooms.ts';
import type { UserGroups } from './user-groups.ts';

/** How long what Slack said of a member holds, milliseconds: somebody who became a guest is one soon after. */
const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 2_000;

/** Of Slack's user object what says who somebody is (docs.slack.dev, object types, user). */
interface SlackUser {
  name?: string;
  real_name?: string;
  team_id?: string;
  deleted?: boolean;
  is_bot?: boolean;
  is_restricted?: boolean;
  is_ultra_restricted?: boolean;
  is_stranger?: boolean;
  profile?: { display_name?: string; real_name?: string };
  /** In an organisation of several workspaces: those that they are in. */
  /** Their IANA zone. */
  tz?: string;
  enterprise_user?: { teams?: readonly string[] };
}

/** Who does something, as a payload names them: an id is one workspace's, and a payload says which. */
export interface SlackUserRef {
  user: string;
  team?: string | undefined;
}

/** Who is speaking, by what Slack says of them; the settings make a role of that. */
export function createAccounts(deps: {
  client: SlackClient;
  ports: Pick<AdapterPorts, 'person' | 'authorOf' | 'nameOf'>;
  groups: Pick<UserGroups, 'of' | 'knownOf'>;
  rooms: Pick<Rooms, 'of' | 'known'>;
  /** Our own workspace: whoever is of another is an outsider. */
  teamId: () => string;
  log: Log;
}) {
  const { client, ports, groups, rooms, log } = deps;
  const kept = new LRUCache<string, SlackUser>({ max: KEPT_MAX, ttl: KEPT_MS });

  async function userOf(id: string): Promise<SlackUser | undefined> {
    const known = kept.get(id);
    if (known) return known;
    try {
      const { user } = await client.call<{ user: SlackUser }>('users.info', { user: id });
      kept.set(id, user);
      return user;
    } catch (error) {
      log.warn({ user: id, error: errorText(error) }, 'Slack does not say who somebody is');
      return undefined;
    }
  }

  function accountOf(
    { user: id, team }: SlackUserRef,
    user: SlackUser | undefined,
    inGroups: string[],
  ): Account {
    return {
      id,
      name: ports.nameOf(id) ?? (user && nameOf(user)) ?? id,
      kind: kindOf(user, deps.teamId(), team),
      groups: inGroups,
      ...(user?.tz ? { timezone: user.tz } : {}),
    };
  }

  return {
    /** Who they are; `channel` is null where they speak with the bot alone. */
    async person(by: SlackUserRef, channel: string | null): Promise<Person> {
      const [user, inGroups, room] = await Promise.all([
        userOf(by.user),
        groups.of(by.user),
        rooms.of(channel),
      ]);
      return ports.person(accountOf(by, user, inGroups), room);
    },
    /** Whose words something is. */
    async author(id: string): Promise<Pick<Person, 'id' | 'name'>> {
      const user = ports.nameOf(id) === undefined ? await userOf(id) : undefined;
      return ports.authorOf({ id, name: (user && nameOf(user)) ?? id });
    },
    /** What somebody is called, as far as is known without asking Slack. */
    nameOf: (id: string): string | undefined => {
      const user = kept.get(id);
      return ports.nameOf(id) ?? (user && nameOf(user));
    },
    /** Who they are as far as is known without asking Slack. */
    known: (by: SlackUserRef, channel: string | null): Person =>
      ports.person(accountOf(by, kept.get(by.user), groups.knownOf(by.user)), rooms.known(channel)),
    /** Slack says that somebody is no longer what they were. */
    changed: (id: string): void => void kept.delete(id),
  };
}

export type Accounts = ReturnType<typeof createAccounts>;

function nameOf({ profile, real_name, name }: SlackUser): string | undefined {
  return profile?.display_name || profile?.real_name || real_name || name || undefined;
}

/** `ours`: our workspace; `said`: the one that a payload says they act from. */
function kindOf(user: SlackUser | undefined, ours: string, said: string | undefined): AccountKind {
  const teams = user ? [user.team_id, ...(user.enterprise_user?.teams ?? [])] : [ours];
  const isOf = (team: string | undefined) => team === undefined || teams.includes(team);
  if (user?.is_stranger || !isOf(said) || (user?.team_id !== undefined && !isOf(ours))) return 'external';
  if (!user) return 'unknown';
  if (user.deleted) return 'deactivated';
  if (user.is_bot) return 'bot';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}
