import { createRequire } from 'node:module';
import type { Client } from 'discord.js';
import { type APIApplication, ApplicationFlags, Routes } from 'discord-api-types/v10';
import { type Adapter, type AdapterHandlers, type AdapterHealth, downBy } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { within } from '../../src/core/within.ts';
import { createDiscordApi, restOptions } from './api.ts';
import { createChannels } from './channels.ts';
import { createConnections } from './connections.ts';
import { createDeclaring, type Declaring } from './declaring.ts';
import { createDelivery } from './deliver.ts';
import { createGateway, loggedIn } from './gateway.ts';
import { createIdentifyBudget } from './identify-budget.ts';
import { addListeners } from './interactions.ts';
import { createMembers, type Members } from './members.ts';
import { createRivals } from './rivals.ts';
import { createSender } from './send.ts';
import type { DiscordSettings } from './settings.ts';
import { DISCORD_TIMINGS } from './timings.ts';

// discord.js is CommonJS, and loaded only where Discord is set up.
const require = createRequire(import.meta.url);

/** Discord, by discord.js over the gateway. */
export function createDiscordAdapter(options: DiscordSettings, ports: AdapterPorts): Adapter {
  const { clock, log, kept } = ports;
  const timings = { ...DISCORD_TIMINGS, ...options.timings };
  const ended = new AbortController();
  let client: Client<boolean> | undefined;
  let declaring: Declaring | undefined;
  let members: Members | undefined;
  const gateway = createGateway(ports);
  const rivals = createRivals(clock);
  const channels = createChannels(() => client, ports.channels);

  const api = createDiscordApi({
    token: options.token,
    apiUrl: options.apiUrl,
    lacking: channels.lacking,
    isListed: (channel) => ports.channels().some(({ id }) => id === channel),
    clock,
    log,
  });
  const sender = createSender({ api, ports, log });

  function createClient(application: APIApplication): Client {
    const {
      Client,
      GatewayIntentBits: Intent,
      Partials,
    } = require('discord.js') as typeof import('discord.js');
    const flags: number = application.flags ?? 0;
    const contentGranted =
      (flags & (ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited)) !==
      0;
    const budget = createIdentifyBudget({ kept, clock });
    return new Client({
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
      ws: {
        buildStrategy: (manager) =>
          createConnections(manager, {
            ended: ended.signal,
            budget,
            onDown: gateway.down,
            clock,
            log,
            timings,
          }),
      },
    });
  }

  async function declare(opened: Client, handlers: AdapterHandlers, application: string): Promise<void> {
    declaring = createDeclaring({
      call(method, path, body) {
        // The library forgets its token at a 401.
        opened.rest.setToken(options.token);
        return opened.rest.request({ method: method as never, fullRoute: path, body }) as never;
      },
      application,
      commands: handlers.commands,
      scope: options.commands,
      servers: channels.servers,
      kept,
      clock,
      log,
      timings,
    });
    opened.on('guildCreate', () => void declaring?.begin());
    await within(timings.declareWaitMs, declaring.begin(), () => {});
  }

  /** Of a channel that the gateway did not tell of, Discord says why; the answer stands among the API's problems. */
  function askForUnknown(): void {
    for (const id of channels.unknown())
      api.call('GET', Routes.channel(id), { channel: id }).catch((error) => log.debug({ id }, String(error)));
  }

  return {
    name: 'discord',
    ...createDelivery({ api, sender, clock, botId: () => client?.user?.id }),

    async start(handlers) {
      const application = await api.call<APIApplication>('GET', Routes.currentApplication());
      if (ended.signal.aborted) throw new Error('closed');
      client = createClient(application);
      gateway.watch(client);
      members = createMembers(client, { api, channels: ports.channels, log });
      addListeners(client, { handlers, api, sender, ports, rivals, members, log });
      await loggedIn(client, { token: options.token, readyMs: timings.readyMs, ended: ended.signal });
      askForUnknown();
      await declare(client, handlers, application.id);
    },

    async stop() {
      ended.abort();
      declaring?.stop();
      api.close();
      const before = client;
      client = undefined;
      await before?.destroy();
    },

    isClosed: (channel) => members?.room(channel).isClosed === true,

    health(): AdapterHealth {
      if (!client) return { state: 'off', detail: 'not started' };
      const { isUp, upSince, downSince, lastProblem } = gateway.state();
      if (!client.isReady() || !isUp)
        return { state: 'down', detail: `no connection: ${lastProblem}`, since: downSince };
      const [problem] = api.problems();
      const ofChannels = channels.problem();
      return (
        downBy([problem]) ??
        downBy([ofChannels === undefined ? undefined : { text: ofChannels, since: downSince }]) ??
        downBy([rivals.problem(), declaring?.problem()]) ?? {
          state: 'up',
          detail: client.user.tag,
          since: upSince,
        }
      );
    },
  };
}
