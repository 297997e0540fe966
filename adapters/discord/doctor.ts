import { PermissionsBitField } from 'discord.js';
import {
  type APIApplication,
  type APIChannel,
  type APIGatewayBotInfo,
  type APIGuild,
  type APIGuildMember,
  type APIOverwrite,
  ApplicationFlags,
  type ChannelType,
  OverwriteType,
  Routes,
} from 'discord-api-types/v10';
import { errorText } from '../../src/core/errors.ts';
import { type Finding, failure, fine, warning } from '../../src/core/finding.ts';
import { silentLog } from '../../src/core/log.ts';
import type { CheckDeps } from '../kind.ts';
import { createDiscordApi, type DiscordApi } from './api.ts';
import { NEEDED, shownPermission, UNFIT } from './channels.ts';
import type { DiscordSettings } from './settings.ts';
import { declaringProblem } from './setup-problems.ts';

/** Below so many sessions that may still be begun today, something begins them again and again. */
const SESSIONS_LOW = 100;
const LINK = 'open the invitation link of docs/discord.md again';

type Placed = APIChannel & {
  guild_id?: string;
  name?: string | null;
  permission_overwrites?: APIOverwrite[];
};

/** Whether Discord takes the token, and the bot may do what it has to in its channels. Nothing is posted, and no session is begun. */
export async function checkDiscord(settings: DiscordSettings, { channels }: CheckDeps): Promise<Finding[]> {
  const api = createDiscordApi({
    token: settings.token,
    apiUrl: settings.apiUrl,
    lacking: () => [],
    isListed: () => true,
    clock: Date.now,
    log: silentLog,
  });
  try {
    const application = await api.call<APIApplication>('GET', Routes.currentApplication());
    const [sessions, ...ofChannels] = await Promise.all([
      checkSessions(api),
      ...(channels.length === 0
        ? [
            warning(
              'discord channels',
              'none: nothing is told there by itself',
              'name one under channels: in xaxbot.yaml',
            ),
          ]
        : channels.map((id) => checkChannel(api, application, id))),
    ]);
    return [fine('discord token', application.name), intent(application), sessions!, ...ofChannels];
  } catch (error) {
    return [failure('discord token', errorText(error), 'docs/discord.md says where it comes from')];
  } finally {
    api.close();
  }
}

function intent({ flags }: APIApplication): Finding {
  const granted = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;
  return (Number(flags ?? 0) & granted) !== 0
    ? fine('discord intents', 'Message Content Intent is on')
    : fine(
        'discord intents',
        'Message Content Intent is off: only capture_threads and notes by reaction need it',
      );
}

async function checkSessions(api: DiscordApi): Promise<Finding> {
  const name = 'discord sessions';
  try {
    const { session_start_limit: limit } = await api.call<APIGatewayBotInfo>('GET', Routes.gatewayBot());
    const left = `${limit.remaining} of ${limit.total} may still be begun today`;
    return limit.remaining < SESSIONS_LOW
      ? warning(
          name,
          left,
          'stop what starts the bot again and again: Discord resets the token when none is left',
        )
      : fine(name, left);
  } catch (error) {
    return failure(name, errorText(error));
  }
}

async function checkChannel(api: DiscordApi, application: APIApplication, id: string): Promise<Finding> {
  const name = `discord channel ${id}`;
  try {
    const channel = await api.call<Placed>('GET', Routes.channel(id), { channel: id });
    const title = `#${channel.name ?? id}`;
    const unfit = UNFIT[channel.type as ChannelType];
    if (unfit || channel.guild_id === undefined)
      return failure(
        name,
        `${title} is ${unfit ?? 'no channel of a server'}`,
        'put a text channel into channels: of xaxbot.yaml',
      );
    const guild = channel.guild_id;
    const [of, member] = await Promise.all([
      api.call<APIGuild>('GET', Routes.guild(guild)),
      api.call<APIGuildMember>('GET', Routes.guildMember(guild, application.bot?.id ?? application.id)),
    ]);
    const missing = permissionsIn(channel, of, member, application.bot?.id ?? application.id).missing(NEEDED);
    if (missing.length > 0)
      return failure(
        name,
        `xaxbot lacks ${missing.map(shownPermission).join(', ')} in ${title}`,
        `give it that in the channel's settings, or ${LINK}`,
      );
    return (
      (await commandsProblem(api, application, guild, name)) ??
      fine(name, `xaxbot may do what it has to in ${title} of ${of.name}`)
    );
  } catch (error) {
    return failure(
      name,
      errorText(error),
      'invite xaxbot to its server, or correct channels: in xaxbot.yaml',
    );
  }
}

/** What keeps commands from being declared in a server: the invitation's scope. */
async function commandsProblem(api: DiscordApi, { id }: APIApplication, guild: string, name: string) {
  try {
    await api.call('GET', Routes.applicationGuildCommands(id, guild));
    return undefined;
  } catch (error) {
    return failure(name, declaringProblem(error), LINK);
  }
}

/** What the bot may do in a channel (discord-api-docs, "Permissions", "Permission Overwrites"). */
function permissionsIn(
  { permission_overwrites: overwrites = [] }: Placed,
  guild: APIGuild,
  member: APIGuildMember,
  own: string,
): PermissionsBitField {
  const roles = guild.roles.filter(({ id }) => id === guild.id || member.roles.includes(id));
  const base = new PermissionsBitField(roles.map(({ permissions }) => BigInt(permissions)));
  if (guild.owner_id === own || base.has('Administrator'))
    return new PermissionsBitField(PermissionsBitField.All);
  const layers = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id, type }) => type === OverwriteType.Role && member.roles.includes(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === own),
  ];
  for (const layer of layers) {
    base.remove(layer.map(({ deny }) => BigInt(deny)));
    base.add(layer.map(({ allow }) => BigInt(allow)));
  }
  return base;
}
