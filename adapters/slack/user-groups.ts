import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Clock } from '../../src/core/time.ts';
import type { SlackClient } from './client.ts';

/** How long what Slack said of a group's members holds, and what it did not say, milliseconds; its events come sooner. */
const KEPT_MS = 10 * 60_000;
const FAILED_KEPT_MS = 30_000;

interface Members {
  users: ReadonlySet<string>;
  /** Why Slack does not say who is in it. */
  problem: string | undefined;
  at: number;
}

/** Who is in the user groups of the settings. One of which Slack does not say it has nobody in it. */
export function createUserGroups(deps: {
  client: Pick<SlackClient, 'call'>;
  /** Those of the settings. */
  ids: readonly string[];
  clock: Clock;
  log: Log;
}) {
  const { client, ids, clock, log } = deps;
  const known = new Map<string, Members>();
  const asked = new Map<string, Promise<void>>();
  let failingSince = 0;

  function isFresh(id: string): boolean {
    const members = known.get(id);
    return (
      members !== undefined &&
      members.at > clock() - (members.problem === undefined ? KEPT_MS : FAILED_KEPT_MS)
    );
  }

  async function read(id: string): Promise<void> {
    try {
      const { users = [] } = await client.call<{ users?: string[] }>('usergroups.users.list', {
        usergroup: id,
      });
      known.set(id, { users: new Set(users), problem: undefined, at: clock() });
    } catch (error) {
      const problem = errorText(error);
      if (known.get(id)?.problem !== problem)
        log.warn({ group: id, error: problem }, 'Slack does not say who is in a user group');
      if (![...known.values()].some((each) => each.problem !== undefined)) failingSince = clock();
      known.set(id, { users: new Set(), problem, at: clock() });
    }
  }

  /** Asks Slack once, however many want to know. */
  function readOnce(id: string): Promise<void> {
    const before = asked.get(id);
    if (before) return before;
    const reading = read(id).finally(() => asked.delete(id));
    asked.set(id, reading);
    return reading;
  }

  const knownOf = (user: string): string[] => ids.filter((id) => known.get(id)?.users.has(user));

  return {
    /** Those that somebody is in. */
    async of(user: string): Promise<string[]> {
      await Promise.all(ids.filter((id) => !isFresh(id)).map(readOnce));
      return knownOf(user);
    },
    /** The same as far as is known without asking Slack. */
    knownOf,
    /** Slack says that a group has changed. */
    changed: (id: string): void => void known.delete(id),
    /** What keeps groups of the settings from giving a role; undefined where nothing does. */
    problem(): { text: string; since: number } | undefined {
      const failing = [...known].filter(([, { problem }]) => problem !== undefined);
      if (failing.length === 0) return undefined;
      const text = failing.map(
        ([id, { problem }]) =>
          `the user group ${id} gives nobody a role, since it cannot be read: ${problem}`,
      );
      return { text: text.join('; '), since: failingSince };
    },
  };
}

export type UserGroups = ReturnType<typeof createUserGroups>;
