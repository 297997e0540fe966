import { createRequire } from 'node:module';
import type { Client } from 'discord.js';
import { type APIApplication, ApplicationFlags, Routes } from 'discord-api-types/v10';
import type { Adapter, AdapterHandlers, AdapterHealth } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { createDiscordApi, restOptions } from './api.ts';
import { declarations, isDeclared } from './commands.ts';
import { createDelivery } from './deliver.ts';
import { createGateway, loggedIn } from './gateway.ts';
import { addListeners } from './interactions.ts';
import { createSender } from './send.ts';
import type { DiscordSettings } from './settings.ts';

// discord.js is CommonJS, and loaded only where Discord is set up.
const require = createRequire(import.meta.url);

/** What the bot needs in a channel of the settings. */
const NEEDED = [
  'ViewChannel',
  'SendMessages',
  'CreatePublicThreads',
  'SendMessagesInThreads',
  'AttachFiles',
  'EmbedLinks',
  'ReadMessageHistory',
] as const;
/** Discord, by discord.js over the gateway. */
export function createDiscordAdapter(options: DiscordSettings, ports: AdapterPorts): Adapter {
  const { clock, log } = ports;
  let client: Client<boolean> | undefined;
  const gateway = createGateway(ports);

  const api = createDiscordApi({
    token: options.token,
    apiUrl: options.apiUrl,
    lacking,
    isListed: (channel) => ports.channels.some(({ id }) => id === channel),
    clock,
    log,
  });
  const sender = createSender({ api, ports, log });

  /** Permissions that the bot lacks in a channel, by the names that Discord's settings show. */
  function lacking(channelId: string): string[] {
    const channel = client?.channels.cache.get(channelId);
    if (!channel || channel.isDMBased() || !client?.user) return [];
    const granted = channel.permissionsFor(client.user.id);
    return granted ? granted.missing(NEEDED).map((name) => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')) : [];
  }

  /** Declares the commands where they are not declared so already. */
  async function declare(handlers: AdapterHandlers, application: string): Promise<void> {
    const wanted = declarations(handlers.commands);
    const places =
      options.commands === 'global'
        ? [Routes.applicationCommands(application)]
        : [...guildsOfChannels()].map((guild) => Routes.applicationGuildCommands(application, guild));
    for (const place of places) {
      const declared = await api.call<{ name: string }[]>('GET', place);
      const sorted = (list: readonly { name: string }[]) =>
        list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
      if (isDeclared(sorted(wanted), sorted(declared))) continue;
      await api.call('PUT', place, { body: wanted });
      log.info({ place }, 'declared the commands to Discord');
    }
  }

  function guildsOfChannels(): Set<string> {
    const guilds = ports.channels
      .map(({ id }) => client?.channels.cache.get(id))
      .map((channel) => (channel && !channel.isDMBased() ? channel.guildId : undefined));
    return new Set(guilds.filter((id) => id !== undefined));
  }

  return {
    name: 'discord',
    ...createDelivery({ api, sender, clock, botId: () => client?.user?.id }),

    async start(handlers) {
      const {
        Client,
        GatewayIntentBits: Intent,
        Partials,
      } = require('discord.js') as typeof import('discord.js');
      const application = await api.call<APIApplication>('GET', Routes.currentApplication());
      const contentGranted =
        ((application.flags ?? 0) &
          (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) !==
        0;
      client = new Client({
        intents: [
          Intent.Guilds,
          Intent.GuildMessages,
          Intent.GuildMessageReactions,
          Intent.DirectMessages,
          ...(contentGranted ? [Intent.MessageContent] : []),
        ],
        partials: [Partials.Channel, Partials.Message, Partials.Reaction],
        allowedMentions: { parse: [] },
        rest: restOptions(options.apiUrl),
      });
      gateway.watch(client);
      addListeners(client, { handlers, api, sender, ports, log });
      await loggedIn(client, options.token);
      await declare(handlers, application.id);
    },

    async stop() {
      const before = client;
      client = undefined;
      await before?.destroy();
    },

    health(): AdapterHealth {
      if (!client) return { state: 'off', detail: 'not started' };
      const { isUp, downSince, lastProblem } = gateway.state();
      if (!client.isReady() || !isUp)
        return { state: 'down', detail: `no connection: ${lastProblem}`, since: downSince };
      const [problem] = api.problems();
      if (problem) return { state: 'down', detail: problem.text, since: problem.since };
      const wanting = ports.channels.flatMap(({ id }) => lacking(id).map((name) => `${name} in ${id}`));
      if (wanting.length > 0)
        return { state: 'down', detail: `xaxbot lacks permissions: ${wanting.join(', ')}`, since: downSince };
      return { state: 'up', detail: client.user.tag };
    },
  };
}
