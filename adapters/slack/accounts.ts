import { LRUCache } from 'lru-cache';
import type { Account } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Person } from '../../src/core/person.ts';
import type { Clock } from '../../src/core/time.ts';
import type { SlackClient } from './client.ts';

/** How long what Slack said of a member holds, milliseconds: somebody who became a guest is one soon after. */
const KEPT_MS = 10 * 60_000;
const KEPT_MAX = 2_000;

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
}

/** Who is speaking: people in the settings directly, others by what Slack reports about them. */
export function createAccounts(deps: {
  client: SlackClient;
  ports: Pick<AdapterPorts, 'person' | 'personByAccount'>;
  /** Our own workspace: whoever is of another is an outsider. */
  teamId: () => string;
  clock: Clock;
  log: Log;
}) {
  const { client, ports, clock, log } = deps;
  const kept = new LRUCache<string, { account: Account; at: number }>({ max: KEPT_MAX });

  async function account(id: string): Promise<Account> {
    const known = kept.get(id);
    if (known && known.at > clock() - KEPT_MS) return known.account;
    try {
      const { user } = await client.call<{ user: SlackUser }>('users.info', { user: id });
      const found: Account = { id, name: nameOf(user) ?? id, kind: kindOf(user, deps.teamId()) };
      kept.set(id, { account: found, at: clock() });
      return found;
    } catch (error) {
      log.warn(
        { user: id, error: errorText(error) },
        'Slack does not say who somebody is: they count as an outsider',
      );
      return { id, name: id, kind: 'external' };
    }
  }

  return {
    /** `channel` is null where they speak with the bot alone. */
    async person(id: string, channel: string | null): Promise<Person> {
      const known = ports.personByAccount(id);
      return ports.person(known ? { id, name: known.name, kind: 'member' } : await account(id), channel);
    },
    /** What somebody is called, as far as is known without asking Slack. */
    nameOf: (id: string): string | undefined => ports.personByAccount(id)?.name ?? kept.get(id)?.account.name,
    /** The same for known people, without asking Slack. */
    known(id: string, channel: string | null): Person | undefined {
      const person = ports.personByAccount(id);
      const found = person ? ({ id, name: person.name, kind: 'member' } as const) : kept.get(id)?.account;
      return found && ports.person(found, channel);
    },
  };
}

export type Accounts = ReturnType<typeof createAccounts>;

function nameOf({ profile, real_name, name }: SlackUser): string | undefined {
  return profile?.display_name || profile?.real_name || real_name || name || undefined;
}

function kindOf(user: SlackUser, team: string): Account['kind'] {
  if (user.is_bot || user.deleted) return 'bot';
  if (user.is_stranger || (user.team_id !== undefined && user.team_id !== team)) return 'external';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}
