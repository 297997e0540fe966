import { z } from 'zod';
import { shellCommand } from '../../src/core/shell-command.ts';
import type { AdapterKind } from '../kind.ts';
import { apiUrl, token } from '../variables.ts';
import { commandPrefix } from './groups.ts';
import type { DiscordSettings } from './settings.ts';

/** Discord's snowflakes. */
const ID = z
  .string({ error: 'an id of Discord, in quotes: it has more digits than a number can hold' })
  .regex(/^\d{17,20}$/, 'an id of Discord, 17 to 20 digits in quotes');

const SECTION = z
  .strictObject({
    commands: z
      .enum(['guild', 'global'])
      .default('guild')
      .meta({ description: 'where the commands are declared: the servers of the channels, or everywhere' }),
  })
  .default({ commands: 'guild' });

/** Discord, where the bot's token is set. */
export const discord: AdapterKind<DiscordSettings, z.output<typeof SECTION>> = {
  name: 'discord',
  title: 'Discord',
  isOwn: false,
  commandPrefix,
  hasDirectMessages: true,
  showsThreadsInChannel: false,
  variables: ['DISCORD_TOKEN', 'DISCORD_API_URL'],
  section: SECTION,
  settings(variables, { commands }) {
    const given = token('DISCORD_TOKEN', variables, '');
    return given === undefined
      ? null
      : { token: given, apiUrl: apiUrl('DISCORD_API_URL', variables), commands };
  },
  channels: { id: ID },
  account: ID.meta({
    description: 'their Discord account, 17 to 20 digits',
    type: 'user id in quotes',
    otherwise: 'none',
  }),
  group: ID.meta({
    description: 'a Discord role, 17 to 20 digits',
    type: 'role id in quotes',
    otherwise: 'none',
  }),
  doctor: {
    label: 'discord',
    tells: (settings) => (settings ? 'set up' : 'off: no token in the environment (docs/discord.md)'),
    isRemote: true,
    check: async (settings, deps) => (await import('./doctor.ts')).checkDiscord(settings, deps),
  },
  setUp: {
    isAlwaysOn: false,
    how: () => [
      'Make an application at https://discord.com/developers/applications; its token is under "Bot", "Reset Token" (docs/discord.md).',
    ],
    asks: [
      {
        variable: 'DISCORD_TOKEN',
        words: 'Bot token',
        value: 'TOKEN',
        isSecret: true,
        check: (text) => void token('DISCORD_TOKEN', { DISCORD_TOKEN: text }, ''),
      },
    ],
    channels: 'Ids of the channels for it (17 to 20 digits, with commas between)',
    next: {
      on: 'invite the bot to your server with the link of docs/discord.md',
      off: `make an application at https://discord.com/developers/applications (docs/discord.md), then run "${shellCommand('init')}" again`,
    },
  },
  offWithChannels: 'off, but xaxbot.yaml has channels for it: set its tokens (docs/discord.md)',
  async load(settings) {
    const { createDiscordAdapter } = await import('./index.ts');
    return (ports) => createDiscordAdapter(settings, ports);
  },
};
