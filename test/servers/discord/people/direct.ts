import type { Context } from '../context.ts';
import { type Channel, newChannel } from '../world.ts';

/** The direct message channel of the bot and a user, opened at first use. */
export function directChannel({ world }: Context, userId: string): Channel {
  const known = [...world.channels.values()].find(({ recipient }) => recipient === userId);
  if (known) return known;
  const channel = newChannel(world.newId(), 'dm', '', { recipient: userId });
  world.channels.set(channel.id, channel);
  return channel;
}
