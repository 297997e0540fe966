import type { Client } from 'discord.js';
import { ChannelType } from 'discord-api-types/v10';
import type { AdapterChannel } from '../../src/core/adapter-ports.ts';

/** What the bot needs in a channel of the settings. */
export const NEEDED = [
  'ViewChannel',
  'SendMessages',
  'CreatePublicThreads',
  'SendMessagesInThreads',
  'AttachFiles',
  'EmbedLinks',
  'ReadMessageHistory',
] as const;

/** A permission by the name that Discord's settings show. */
export function shownPermission(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

/** Channels in which there is no message with a thread below it, as people call them. */
export const UNFIT: Partial<Record<ChannelType, string>> = {
  [ChannelType.GuildForum]: 'a forum',
  [ChannelType.GuildMedia]: 'a media channel',
  [ChannelType.GuildVoice]: 'a voice channel',
  [ChannelType.GuildStageVoice]: 'a stage',
  [ChannelType.GuildCategory]: 'a category',
  [ChannelType.PublicThread]: 'a thread',
  [ChannelType.PrivateThread]: 'a thread',
  [ChannelType.AnnouncementThread]: 'a thread',
};

/** The channels of the settings, as far as the gateway told of them. */
export function createChannels(
  client: () => Client<boolean> | undefined,
  channels: () => readonly AdapterChannel[],
) {
  function known(id: string) {
    const channel = client()?.channels.cache.get(id);
    return channel && !channel.isDMBased() ? channel : undefined;
  }

  /** Permissions that the bot lacks in a channel, by the names that Discord's settings show. */
  function lacking(id: string): string[] {
    const me = client()?.user?.id;
    const granted = me === undefined ? null : known(id)?.permissionsFor(me);
    return granted ? granted.missing(NEEDED).map(shownPermission) : [];
  }

  return {
    lacking,
    /** What is wrong with them, and what to do; undefined when nothing is. */
    problem(): string | undefined {
      for (const { id } of channels()) {
        const channel = known(id);
        const unfit = channel && UNFIT[channel.type];
        if (unfit)
          return `the channel ${id} is ${unfit}, where xaxbot has no place for its cards: put a text channel into channels: of xaxbot.yaml`;
      }
      const wanting = channels().flatMap(({ id }) => lacking(id).map((name) => `${name} in ${id}`));
      return wanting.length > 0 ? `xaxbot lacks permissions: ${wanting.join(', ')}` : undefined;
    },
    /** Those of the settings that the gateway did not tell of. */
    unknown: () =>
      channels()
        .filter(({ id }) => !known(id))
        .map(({ id }) => id),
    /** The servers that have a channel of the settings, and all that the bot is in; by id. */
    servers() {
      const ofChannels = channels()
        .map(({ id }) => known(id)?.guildId)
        .filter((id) => id !== undefined);
      return { ofChannels: [...new Set(ofChannels)], all: [...(client()?.guilds.cache.keys() ?? [])] };
    },
  };
}
