import { createRequire } from 'node:module';
import { type Dispatcher, EnvHttpProxyAgent, fetch as undiciFetch } from 'undici';
import { type Adapter, type AdapterHealth, DeliveryError, DIRECT } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Message } from '../../src/core/message.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { createAccounts } from './accounts.ts';
import { createAsking } from './asking.ts';
import { clientOptions, createSlackClient, SLACK_PACE } from './client.ts';
import { addCommands } from './commands.ts';
import { addDiscussion } from './discussion.ts';
import { addForms } from './forms.ts';
import { createHome } from './home.ts';
import { DELIVERY_EVENT } from './limits.ts';
import { boltLogger } from './logger.ts';
import { type Rendered, render } from './render.ts';
import { QUIET } from './replies.ts';
import { checkScopes } from './scopes.ts';
import type { SlackSettings } from './settings.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { createSlackUploads } from './uploads.ts';

// Bolt is CommonJS, and loaded only where Slack is set up.
const require = createRequire(import.meta.url);

/** A page of messages that is looked through for a key, and how many pages at most. */
const SEARCH_PAGE = 100;
const SEARCH_PAGES = 20;
/** Slack's clock and ours may differ by this much, milliseconds. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** Slack, by Bolt over Socket Mode: the host needs no open port. */
export function createSlackAdapter(options: SlackSettings, ports: AdapterPorts): Adapter {
  const { clock, log, uploads: uploaded } = ports;
  const dispatcher = ports.proxied ? new EnvHttpProxyAgent() : undefined;
  const fetch = dispatcher ? proxiedFetch(dispatcher) : globalThis.fetch;
  const apiOptions = clientOptions(options.apiUrl, fetch);
  const logger = boltLogger(log);
  const client = createSlackClient({
    token: options.botToken,
    options: { ...apiOptions, logger },
    pace: options.pace ?? SLACK_PACE,
    clock,
    log,
  });
  const uploads = createSlackUploads({ client, ports, fetch, log });
  const directs = new Map<string, string>();
  let me = { userId: '', botId: '', teamId: '', team: '' };
  let missing: string[] = [];
  let sockets: Sockets | undefined;
  let home: ReturnType<typeof createHome> | undefined;

  const accounts = createAccounts({ client, ports, teamId: () => me.teamId, clock, log });

  function draw(
    message: Message,
    images: ReadonlyMap<string, string>,
    surface: 'message' | 'home',
  ): Rendered {
    const rendered = render(message, {
      accountOf: ports.accountOf,
      actions: ports.actions,
      imageId: ({ file }) => images.get(file),
      timezone: ports.timezone,
      now: clock(),
      surface,
    });
    if (rendered.degraded.length > 0)
      log.info({ degraded: rendered.degraded }, 'not all of a message fits into Slack');
    return rendered;
  }

  async function directChannel(user: string): Promise<string> {
    const known = directs.get(user);
    if (known !== undefined) return known;
    const { channel } = await client.call<{ channel: { id: string } }>('conversations.open', { users: user });
    directs.set(user, channel.id);
    return channel.id;
  }

  /** Slack's id of a channel of ours, which may be somebody's own. */
  async function slackChannel(channel: string): Promise<string> {
    return channel.startsWith(DIRECT) ? directChannel(channel.slice(DIRECT.length)) : channel;
  }

  const adapter: Adapter = {
    name: 'slack',

    async start(handlers) {
      const { App } = require('@slack/bolt') as typeof import('@slack/bolt');
      const auth = await client.call<Record<string, string>>('auth.test');
      me = {
        userId: auth.user_id ?? '',
        botId: auth.bot_id ?? '',
        teamId: auth.team_id ?? '',
        team: auth.team ?? '',
      };
      missing = checkScopes(
        (auth as { response_metadata?: { scopes?: string[] } }).response_metadata?.scopes,
      );
      if (missing.length > 0)
        log.warn(
          { missing },
          'the Slack app lacks scopes: compare it with slack-manifest.yaml and install it again',
        );
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
      const asking = createAsking({
        handlers,
        client,
        accounts,
        replies: {
          client,
          uploads,
          render: (message, images) => draw(message, images, 'message'),
          directChannel,
          fetch,
          log,
        },
        log,
      });
      addCommands(app, asking, { handlers, client, ports, showHome });
      addForms(app, asking, { handlers, accounts });
      addDiscussion(app, asking, {
        handlers,
        client,
        accounts,
        ports,
        botUserId: () => me.userId,
        showHome,
      });
      sockets = createSockets({
        app,
        appToken: options.appToken,
        options: apiOptions,
        logger,
        dispatcher,
        clock,
        log,
        onBack: ports.onBack,
      });
      await sockets.start();
    },

    async stop() {
      home?.stop();
      await sockets?.stop();
      sockets = undefined;
      await dispatcher?.close();
    },

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
      if (problem) return { state: 'down', detail: problem.text, since: problem.since };
      const more = [
        ...(missing.length > 0 ? [`the app lacks the scopes ${missing.join(', ')}`] : []),
        ...(state.others > 0
          ? ['another process uses the same app and takes some of what people say: stop one of the two']
          : []),
      ];
      if (more.length > 0) return { state: 'down', detail: more.join('; '), since: clock() };
      return { state: 'up', detail: `${me.team}, ${state.up} of ${state.of} sockets` };
    },

    async post(target, message, key) {
      const channel = await slackChannel(target.channel);
      const images = await uploads.images(message, key);
      const { text, blocks, overflow } = draw(message, images, 'message');
      const thread = target.thread ? { thread_ts: target.thread.id } : {};
      const { ts } = await client.call<{ ts: string }>('chat.postMessage', {
        channel,
        ...thread,
        ...(target.thread && target.alsoInChannel ? { reply_broadcast: true } : {}),
        text,
        blocks,
        metadata: { event_type: DELIVERY_EVENT, event_payload: { key } },
        ...QUIET,
      });
      const ref = { channel: target.channel, id: ts };
      for (const { file, remote } of uploaded.of(key)) {
        uploaded.add(ownerOf(ref), file, remote);
        uploaded.remove(key, file);
      }
      await attachRest(message, overflow, channel, target.thread?.id ?? ts);
      return ref;
    },

    async update(ref, message) {
      const owner = ownerOf(ref);
      const images = await uploads.images(message, owner);
      const { text, blocks } = draw(message, images, 'message');
      const channel = await slackChannel(ref.channel);
      await client.call('chat.update', {
        channel,
        ts: ref.id,
        text,
        blocks,
        parse: 'none',
        link_names: false,
      });
      await uploads.tidy(message, owner);
    },

    // A thread is named by the message that it is under.
    openThread: async (ref) => ref,

    async findByKey(target, key, since) {
      const channel = await slackChannel(target.channel);
      const method = target.thread ? 'conversations.replies' : 'conversations.history';
      let cursor: string | undefined;
      for (let page = 0; page < SEARCH_PAGES; page += 1) {
        const found: MessagePage = await client.call<MessagePage>(method, {
          channel,
          ...(target.thread ? { ts: target.thread.id } : {}),
          oldest: String((since - CLOCK_DIFFERENCE_MS) / 1000),
          include_all_metadata: true,
          limit: SEARCH_PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const message = found.messages.find(
          ({ metadata, bot_id }) => bot_id === me.botId && metadata?.event_payload?.key === key,
        );
        if (message) return { channel: target.channel, id: message.ts };
        cursor = found.response_metadata?.next_cursor || undefined;
        if (cursor === undefined) return undefined;
      }
      throw new DeliveryError('doubtful', `too much was said since to find out whether ${key} was delivered`);
    },
  };

  /** What a message could not hold follows it; when that fails, the message stands and the log says so. */
  async function attachRest(
    message: Message,
    overflow: string | undefined,
    channel: string,
    thread: string,
  ): Promise<void> {
    try {
      for (const block of message.blocks)
        if (block.kind === 'file') await uploads.share(block.file, block.name, channel, thread);
      if (overflow !== undefined)
        await uploads.shareBytes(Buffer.from(overflow), 'message.txt', channel, thread);
    } catch (error) {
      log.warn({ error: errorText(error) }, 'a file did not reach Slack');
    }
  }

  return adapter;
}

interface MessagePage {
  messages: { ts: string; bot_id?: string; metadata?: { event_payload?: { key?: string } } }[];
  response_metadata?: { next_cursor?: string };
}

function ownerOf({ channel, id }: MessageRef): string {
  return `${channel}:${id}`;
}

function proxiedFetch(dispatcher: Dispatcher): typeof globalThis.fetch {
  return ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as never;
}
