import { type APIGuildMember, type Client, type Interaction, RESTJSONErrorCodes, Routes } from 'discord.js';
import type { Account, AccountKind, Room } from '../../src/core/adapter.ts';
import type { AdapterChannel } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import { withPatience } from '../../src/core/patience.ts';
import type { DiscordApi } from './api.ts';

/** Of so many servers at most it is asked whether somebody who writes to the bot alone is a member. */
const SERVERS_MAX = 10;

/** So long it is asked again where Discord puts it off: an interaction has to be answered in three seconds. */
const ASKED_FOR_MS = 1_500;

/** What a server says of one of its members. */
type Facts = Pick<Account, 'kind' | 'groups'>;
const EXTERNAL: Facts = { kind: 'external', groups: [] };

/** What Discord says of whoever does something: what they are to the server, and their roles there. */
export function createMembers(
  client: Client,
  deps: { api: Pick<DiscordApi, 'call'>; channels(): readonly Pick<AdapterChannel, 'id'>[]; log: Log },
) {
  const { api, log } = deps;

  function placed(id: string) {
    const channel = client.channels.cache.get(id);
    return channel && !channel.isDMBased() ? channel : undefined;
  }

  /** A channel that is another server's is none of theirs, whatever they say it is. */
  const isIn = (channel: string, guild: string): boolean => (placed(channel)?.guildId ?? guild) === guild;

  async function asked(guild: string, user: string): Promise<Facts> {
    try {
      const member = () => api.call<APIGuildMember>('GET', Routes.guildMember(guild, user));
      return factsOf(await withPatience(member, { forMs: ASKED_FOR_MS }));
    } catch (error) {
      if ((error as { code?: unknown }).code === RESTJSONErrorCodes.UnknownMember) return EXTERNAL;
      log.warn({ user, error: errorText(error) }, 'Discord does not say who somebody is');
      return { kind: 'unknown', groups: [] };
    }
  }

  /** Of who writes to the bot alone: what they are in the servers that have a channel of ours, or in all. */
  async function anywhere(user: string): Promise<Facts> {
    const ofChannels = deps.channels().flatMap(({ id }) => placed(id)?.guildId ?? []);
    const guilds = ofChannels.length > 0 ? ofChannels : [...client.guilds.cache.keys()];
    const found = await Promise.all(
      [...new Set(guilds)].slice(0, SERVERS_MAX).map((guild) => asked(guild, user)),
    );
    const kind = BEST_FIRST.find((each) => found.some((facts) => facts.kind === each)) ?? 'external';
    return { kind, groups: found.flatMap((facts) => (facts.kind === 'member' ? facts.groups : [])) };
  }

  return {
    /** Of an interaction, which has it all but in direct messages. */
    async ofInteraction({ guildId, member, user }: Interaction, channel: string | null): Promise<Facts> {
      if (user.bot) return { kind: 'bot', groups: [] };
      if (guildId === null || channel === null) return anywhere(user.id);
      if (!member || !isIn(channel, guildId)) return EXTERNAL;
      const roles = Array.isArray(member.roles) ? member.roles : [...member.roles.cache.keys()];
      return { kind: member.pending === true ? 'pending' : 'member', groups: roles };
    },

    /** Of whoever wrote a message or reacted to one, which says less; Discord is asked. */
    async of(
      user: { id: string; bot: boolean },
      guild: string | null,
      channel: string | null,
    ): Promise<Facts> {
      if (user.bot) return { kind: 'bot', groups: [] };
      if (guild === null || channel === null) return anywhere(user.id);
      return isIn(channel, guild) ? asked(guild, user.id) : EXTERNAL;
    },

    /** A channel that the role of everybody may not look into is closed. */
    room(channel: string | null): Room {
      const known = channel === null ? undefined : placed(channel);
      const everyone = known?.permissionsFor(known.guild.roles.everyone);
      return { channel, isClosed: everyone ? !everyone.has('ViewChannel') : false };
    },
  };
}

export type Members = ReturnType<typeof createMembers>;

/** Of somebody who is several things in several servers, what counts. */
const BEST_FIRST: readonly AccountKind[] = ['member', 'unknown', 'pending', 'bot'];

function factsOf({ user, roles, pending }: APIGuildMember): Facts {
  const kind = user.bot === true ? 'bot' : pending === true ? 'pending' : 'member';
  return { kind, groups: roles };
}
