import type { Room } from '../core/adapter.ts';
import type { Members } from '../core/person.ts';
import type { ConfigChannel } from './team.ts';

/**
 * What members may do where one speaks; undefined where that is no channel of the settings. Alone with the bot, of which nobody
 * says whether they would be let into a channel, they ask for help.
 */
export function membersIn(
  { channel, isClosed }: Room,
  channels: readonly Pick<ConfigChannel, 'id' | 'members'>[],
): Members | undefined {
  if (channel === null) return null;
  const members = channels.find(({ id }) => id === channel)?.members;
  if (members !== 'by-room') return members;
  return isClosed ? 'own' : 'viewer';
}

/** On which queues members may do something else than that where one speaks, and what. */
export function membersOnQueues(
  { channel }: Room,
  channels: readonly Pick<ConfigChannel, 'id' | 'roles'>[],
): Readonly<Record<string, Members>> {
  return channels.find(({ id }) => id === channel)?.roles ?? {};
}
