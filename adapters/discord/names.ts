import type { Client, Guild } from 'discord.js';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import type { Names } from './text.ts';

/** What ids are called: people by the settings, else as Discord has told of them so far. */
export function namesIn(client: Client, ports: Pick<AdapterPorts, 'nameOf'>, guild: Guild | null): Names {
  return {
    user: (id) =>
      ports.nameOf(id) ??
      guild?.members.cache.get(id)?.displayName ??
      client.users.cache.get(id)?.displayName,
    role: (id) => guild?.roles.cache.get(id)?.name.replace(/^@/, ''),
    channel(id) {
      const channel = client.channels.cache.get(id);
      return channel && 'name' in channel ? (channel.name ?? undefined) : undefined;
    },
  };
}
