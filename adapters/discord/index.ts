import { createRequire } from 'node:module';
import type { Client } from 'discord.js';
import {
  type APIApplication,
  type APIChannel,
  type APIMessage,
  ApplicationFlags,
  Routes,
} from 'discord-api-types/v10';
import {
  type Adapter,
  type AdapterHandlers,
  type AdapterHealth,
  DeliveryError,
  DIRECT,
  type Target,
} from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { clip } from '../../src/core/clip.ts';
import { errorText } from '../../src/core/errors.ts';
import { createDiscordApi, restOptions } from './api.ts';
import { declarations, isDeclared } from './commands.ts';
import { addListeners } from './interactions.ts';
import { EPOCH_MS, HISTORY_PAGE, THREAD_ARCHIVE_MINUTES, THREAD_NAME_MAX } from './limits.ts';
import { gatewayProblem, OLD_EDITS, THREAD_EXISTS } from './problems.ts';
import { componentIdOf, nonceOf } from './render.ts';
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
/** How many pages of a channel's history are looked through for a key. */
const SEARCH_PAGES = 20;
/** Discord's clock and ours may differ by this much, milliseconds. */
const CLOCK_DIFFERENCE_MS = 60_000;
const OLD_MESSAGE_MS = 3_600_000;
/** After this many refusals in a row an old card is sent anew instead of being edited. */
const OLD_EDIT_TRIES = 3;

/** Discord, by discord.js over the gateway. */
export function createDiscordAdapter(options: DiscordSettings, ports: AdapterPorts): Adapter {
  const { clock, log } = ports;
  let client: Client<boolean> | undefined;
  let isUp = false;
  let downSince = clock();
  let lastProblem = 'connecting';
  const oldEdits = new Map<string, number>();
  const directs = new Map<string, string>();

  const api = createDiscordApi({ token: options.token, apiUrl: options.apiUrl, lacking, clock, log });
  const sender = createSender({ api, ports, log });

  /** Permissions that the bot lacks in a channel, by the names that Discord's settings show. */
  function lacking(channelId: string): string[] {
    const channel = client?.channels.cache.get(channelId);
    if (!channel || channel.isDMBased() || !client?.user) return [];
    const granted = channel.permissionsFor(client.user.id);
    return granted ? granted.missing(NEEDED).map((name) => name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ')) : [];
  }

  async function discordChannel({ channel, thread }: Target): Promise<string> {
    if (thread) return thread.id;
    if (!channel.startsWith(DIRECT)) return channel;
    const user = channel.slice(DIRECT.length);
    const known = directs.get(user);
    if (known !== undefined) return known;
    const { id } = await api.call<{ id: string }>('POST', Routes.userChannels(), {
      body: { recipient_id: user },
    });
    directs.set(user, id);
    return id;
  }

  const adapter: Adapter = {
    name: 'discord',

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
      watch(client);
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
      if (!client.isReady() || !isUp)
        return { state: 'down', detail: `no connection: ${lastProblem}`, since: downSince };
      const [problem] = api.problems();
      if (problem) return { state: 'down', detail: problem.text, since: problem.since };
      const wanting = ports.channels.flatMap(({ id }) => lacking(id).map((name) => `${name} in ${id}`));
      if (wanting.length > 0)
        return { state: 'down', detail: `xaxbot lacks permissions: ${wanting.join(', ')}`, since: downSince };
      return { state: 'up', detail: client.user.tag };
    },

    async post(target, message, key) {
      const channel = await discordChannel(target);
      const { id } = await sender.post(channel, message, {
        key,
        nonce: nonceOf(key),
        id: componentIdOf(key),
        ...(target.discussion ? { discussion: target.discussion.id } : {}),
      });
      return { channel: target.channel, id };
    },

    async update(ref, message, { key, thread, discussion }) {
      const channel = await discordChannel({ channel: ref.channel, ...(thread ? { thread } : {}) });
      try {
        await sender.edit(channel, ref.id, message, {
          id: componentIdOf(key),
          ...(discussion ? { discussion: discussion.id } : {}),
        });
        oldEdits.delete(ref.id);
      } catch (error) {
        const { code } = error as { code?: number };
        if (code !== OLD_EDITS && !(code === 429 && isOld(ref.id))) throw error;
        const tries = (oldEdits.get(ref.id) ?? 0) + 1;
        oldEdits.set(ref.id, tries);
        if (tries < OLD_EDIT_TRIES) throw error;
        oldEdits.delete(ref.id);
        await sender.remove(channel, ref.id);
        throw new DeliveryError('frozen', errorText(error));
      }
    },

    async openThread(ref, title) {
      try {
        await api.call<APIChannel>('POST', Routes.threads(ref.channel, ref.id), {
          channel: ref.channel,
          body: {
            name: clip(title, THREAD_NAME_MAX) || 'job',
            auto_archive_duration: THREAD_ARCHIVE_MINUTES,
          },
        });
      } catch (error) {
        if ((error as { code?: number }).code !== THREAD_EXISTS) throw error;
      }
      // A thread has the id of the message that it is under.
      return { channel: ref.channel, id: ref.id };
    },

    async findByKey(target, key, since) {
      const channel = await discordChannel(target);
      const wanted = componentIdOf(key);
      let after = snowflake(since - CLOCK_DIFFERENCE_MS);
      for (let page = 0; page < SEARCH_PAGES; page += 1) {
        const messages = await api.call<APIMessage[]>('GET', Routes.channelMessages(channel), {
          channel,
          query: new URLSearchParams({ after, limit: String(HISTORY_PAGE) }),
        });
        const found = messages.find(
          ({ author, components }) =>
            author.id === client?.user?.id && components?.some(({ id }) => id === wanted),
        );
        if (found) return { channel: target.channel, id: found.id };
        if (messages.length < HISTORY_PAGE) return undefined;
        after = messages.reduce((latest, { id }) => (BigInt(id) > BigInt(latest) ? id : latest), after);
      }
      throw new DeliveryError('doubtful', `too much was said since to find out whether ${key} was delivered`);
    },
  };

  /** Edits of messages older than an hour have a limit of their own (discord-api-docs, code 30046). */
  function isOld(messageId: string): boolean {
    return Number(BigInt(messageId) >> 22n) + EPOCH_MS < clock() - OLD_MESSAGE_MS;
  }

  /** Keeps health true, and asks to be opened anew when Discord closes for good. */
  function watch(watched: Client): void {
    const down = (detail: string) => {
      if (isUp) downSince = clock();
      isUp = false;
      lastProblem = detail;
    };
    const up = () => {
      isUp = true;
      ports.onBack();
    };
    watched.on('error', (error) => log.warn({ error: errorText(error) }, "discord.js's own error"));
    watched.on('shardError', (error) => {
      down(errorText(error));
      log.warn({ error: errorText(error) }, "Discord's gateway failed");
    });
    watched.on('shardReconnecting', () => down('reconnecting'));
    watched.on('shardReady', up);
    watched.on('shardResume', up);
    watched.on('shardDisconnect', ({ code }) => {
      down(`closed (${code})`);
      ports.onLost(gatewayProblem(code) ?? `Discord closed the connection (${code})`);
    });
    watched.on('invalidated', () => ports.onLost(gatewayProblem(4004)!));
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

  return adapter;
}

/** Resolves when the gateway is ready; rejects with words for what only a person can mend. */
function loggedIn(client: Client, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('clientReady', () => resolve());
    client.once('shardDisconnect', ({ code }) =>
      reject(new Error(gatewayProblem(code) ?? `Discord closed the connection (${code})`)),
    );
    client.login(token).catch((error: { code?: string }) => {
      const code = error.code === 'TokenInvalid' ? 4004 : error.code === 'DisallowedIntents' ? 4014 : 0;
      reject(new Error(gatewayProblem(code) ?? errorText(error)));
    });
  });
}

/** The id that a message of this moment (epoch ms) would have at least. */
function snowflake(epochMs: number): string {
  return String(BigInt(Math.max(0, Math.floor(epochMs) - EPOCH_MS)) << 22n);
}
