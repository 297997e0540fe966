import { startDiscordServer, type User } from './servers/discord/index.ts';
import type { OptionValues } from './servers/discord/people/options.ts';

/** How often the bot's heartbeat is asked for, milliseconds: a silent connection is noticed after two. */
const HEARTBEAT_MS = 2_000;

/** A Discord server with the people of a test in it, and the channels that they speak in. */
export async function openDiscord(options: { messageContent?: boolean; fileLimit?: number } = {}) {
  const server = await startDiscordServer({
    heartbeatMs: HEARTBEAT_MS,
    approvedIntents: options.messageContent ? ['MessageContent'] : [],
    ...(options.fileLimit === undefined ? {} : { fileLimit: options.fileLimit }),
  });
  const people = { root: server.addUser('Root'), ada: server.addUser('Ada'), bea: server.addUser('Bea') };
  const channels = {
    queue: server.channelId,
    elsewhere: server.addChannel('elsewhere'),
  };
  return {
    ...server,
    people,
    channels,
    /** `/xax name`, in a channel or a thread. */
    xax: (user: User, place: string, name: string, given: OptionValues = {}) =>
      server.slash(user, place, `xax ${name}`, given),
    /** What is offered for an option while this is typed. */
    offered: async (
      user: User,
      place: string,
      name: string,
      option: string,
      typed: string,
      given: OptionValues = {},
    ) =>
      (await server.autocomplete(user, place, `xax ${name}`, { ...given, [option]: typed }, option))
        .choices ?? [],
  };
}

export type DiscordWorld = Awaited<ReturnType<typeof openDiscord>>;
