import { createRequire } from 'node:module';
import { EnvHttpProxyAgent } from 'undici';
import { type Adapter, type AdapterHealth, downBy } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Message } from '../../src/core/message.ts';
import { createAccounts } from './accounts.ts';
import { clientOptions, createSlackClient, SLACK_PACE } from './client.ts';
import { addCommands } from './commands.ts';
import { createDelivery } from './deliver.ts';
import { addDiscussion } from './discussion.ts';
import { createEnvelopes } from './envelopes.ts';
import { createFormSeal } from './form-seal.ts';
import { addForms } from './forms.ts';
import { createHome } from './home.ts';
import { createInstallation } from './installation.ts';
import { boltLogger } from './logger.ts';
import { createPresent } from './present.ts';
import { proxiedFetch } from './proxied-fetch.ts';
import { type Rendered, render } from './render.ts';
import { createRequests } from './requests.ts';
import { createRooms } from './rooms.ts';
import { neededScopes } from './scopes.ts';
import type { SlackSettings } from './settings.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { SLACK_TIMINGS } from './timings.ts';
import { createSlackUploads } from './uploads.ts';
import { createUserGroups } from './user-groups.ts';

// Bolt is CommonJS, and loaded only where Slack is set up.
const require = createRequire(import.meta.url);

/** Slack, by Bolt over Socket Mode: the host needs no open port. */
export function createSlackAdapter(options: SlackSettings, ports: AdapterPorts): Adapter {
  const { clock, log } = ports;
  const timings = { ...SLACK_TIMINGS, ...options.timings };
  const dispatcher = ports.proxied ? new EnvHttpProxyAgent() : undefined;
  const fetch = dispatcher ? proxiedFetch(dispatcher) : globalThis.fetch;
  const apiOptions = clientOptions(options.apiUrl, fetch);
  const logger = boltLogger(log);
  const client = createSlackClient({
    token: options.botToken,
    options: { ...apiOptions, logger },
    pace: options.pace ?? SLACK_PACE,
    isListed: (channel) => ports.channels().some(({ id }) => id === channel),
    clock,
    log,
  });
  const uploads = createSlackUploads({ client, ports, fetch, log, timings });
  const installation = createInstallation({
    client,
    needed: neededScopes(ports.decidesBy),
    askMs: timings.askMs,
    clock,
    log,
  });
  let sockets: Sockets | undefined;
  let isStopped = false;
  let home: ReturnType<typeof createHome> | undefined;

  const groups = createUserGroups({ client, ids: ports.decidesBy.groups, clock, log });
  const rooms = createRooms({
    client,
    isAsked: (channel) => ports.decidesBy.closedChannels && ports.channels().some(({ id }) => id === channel),
    log,
  });
  const accounts = createAccounts({
    client,
    ports,
    groups,
    rooms,
    teamId: () => installation.me().teamId,
    log,
  });

  function draw(
    message: Message,
    images: ReadonlyMap<string, string>,
    surface: 'message' | 'home',
    rest?: string | null,
  ): Rendered {
    const rendered = render(message, {
      accountOf: ports.accountOf,
      actions: ports.actions,
      imageId: ({ file }) => images.get(file),
      timezone: ports.timezone(),
      now: clock(),
      surface,
      rest,
    });
    if (rendered.degraded.length > 0)
      log.info({ degraded: rendered.degraded }, 'not all of a message fits into Slack');
    return rendered;
  }

  const present = createPresent({
    uploads,
    draw: (message, images, rest) => draw(message, images, 'message', rest),
  });
  const { directChannel, ...delivery } = createDelivery({
    client,
    uploads,
    ports,
    present,
    botId: () => installation.me().botId,
    teamUrl: () => installation.me().url,
  });

  return {
    name: 'slack',
    ...delivery,

    async start(handlers) {
      const { App } = require('@slack/bolt') as typeof import('@slack/bolt');
      await installation.open();
      const me = installation.me();
      const app = new App({
        // Each socket has a receiver of its own, with options of its own: see sockets.ts.
        receiver: { init() {}, start: async () => {}, stop: async () => {} },
        // Known already, so that nothing stands between a payload and its acknowledgement.
        authorize: async () => ({ botToken: options.botToken, botId: me.botId, botUserId: me.userId }),
        deferInitialization: true,
        convoStore: false,
        clientOptions: { ...apiOptions },
        logger,
      });
      await app.init();
      app.error(async (error) => log.error({ error: errorText(error) }, 'a listener of Slack failed'));
      home = createHome({
        client,
        accounts,
        handlers,
        render: (message) => draw(message, new Map(), 'home'),
        clock,
        log,
      });
      const showHome = (user: string) => home!.show(user);
      const requests = createRequests({
        handlers,
        client,
        accounts,
        replies: {
          client,
          uploads,
          present,
          findByKey: delivery.findByKey,
          directChannel,
          fetch,
          clock,
          log,
        },
        seal: createFormSeal(options.botToken),
        log,
      });
      addCommands(app, requests, { handlers, client, accounts, ports, showHome });
      addForms(app, requests, { handlers, client });
      addDiscussion(app, requests, {
        handlers,
        client,
        accounts,
        groups,
        ports,
        botUserId: () => installation.me().userId,
        showHome,
      });
      const { processEvent } = createEnvelopes(app);
      sockets = createSockets({
        app: { processEvent },
        appToken: options.appToken,
        options: apiOptions,
        logger,
        dispatcher,
        clock,
        log,
        onDown: ports.onDown,
        onBack: ports.onBack,
        timings,
      });
      if (isStopped) throw new Error('closed');
      // Whom the settings let do what is said as soon as it is open.
      await Promise.all([groups.of(me.userId), ...ports.channels().map(({ id }) => rooms.of(id))]);
      await sockets.start();
    },

    async stop() {
      isStopped = true;
      installation.close();
      home?.stop();
      await sockets?.stop();
      sockets = undefined;
      await dispatcher?.close();
    },

    isClosed: (channel) => rooms.known(channel).isClosed,

    health(): AdapterHealth {
      const state = sockets?.state();
      if (!state) return { state: 'off', detail: 'not started' };
      const token = client.tokenProblem();
      if (token) return { state: 'down', detail: token.text, since: token.since };
      if (state.up === 0)
        return {
          state: 'down',
          detail: `no connection: ${state.lastProblem}`,
          since: state.downSince ?? clock(),
        };
      const [problem] = client.problems();
      return (
        downBy([problem]) ??
        downBy([installation.problem(), groups.problem(), othersProblem(state)]) ?? {
          state: 'up',
          detail: `${installation.me().team}, ${state.up} of ${state.of} sockets`,
          since: state.upSince ?? clock(),
        }
      );
    },
  };
}

function othersProblem({ others, since }: { others: number; since: number }) {
  if (others === 0) return undefined;
  return {
    text: 'another process uses the same app and receives some of its messages: stop one of the two',
    since,
  };
}
