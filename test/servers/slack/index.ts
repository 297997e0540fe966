import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createEmulator } from 'emulate';
import { parse } from 'yaml';
import { createFaults, type Fault } from '../faults.ts';
import { checkOption, problemsOf, viewProblems } from './blocks.ts';
import { ACK_MS, MAX, RESPONSE_URL_USES, SCOPES } from './limits.ts';
import { type Seen, seen } from './seen.ts';
import { createSocketMode } from './sockets.ts';

type Json = Record<string, unknown>;

export interface SlackUser {
  id: string;
  name: string;
  kind?: 'member' | 'guest' | 'external' | 'bot';
}

export interface SlackMessage {
  ts: string;
  text: string;
  user?: string;
  bot_id?: string;
  thread_ts?: string;
  blocks?: Json[];
  metadata?: Json;
  reply_broadcast?: boolean;
  edited?: boolean;
}

export interface Ephemeral extends SlackMessage {
  channel: string;
  to: string;
}

export const TEAM = 'T0LAB';
/** What an app made from our manifest has: whatever else is asked of a method is refused. */
const MANIFEST = fileURLToPath(new URL('../../../slack-manifest.yaml', import.meta.url));
const MANIFEST_SCOPES = (
  parse(readFileSync(MANIFEST, 'utf8')) as { oauth_config: { scopes: { bot: string[] } } }
).oauth_config.scopes.bot;

/**
 * A strict Slack on this host: the `emulate` package keeps messages, threads and files; this front adds Socket Mode,
 * forms, people, and what Slack refuses and the package accepts.
 */
export async function startSlackServer(
  options: { users?: SlackUser[]; scopes?: string[]; fileReadyAfter?: number; ratePerChannel?: boolean } = {},
) {
  const botToken = 'xoxb-1-test';
  const appToken = 'xapp-1-test';
  const { users = [{ id: 'U0ADA', name: 'Ada' }], scopes = MANIFEST_SCOPES, fileReadyAfter = 2 } = options;
  const emulated = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        team: { name: 'lab', domain: 'lab' },
        // An app of that name gives the bot its user and bot ids.
        oauth_apps: [
          {
            client_id: '1.2',
            client_secret: 'x',
            app_id: 'A0XAXBOT',
            name: 'xaxbot',
            redirect_uris: ['http://localhost/'],
            scopes: ['chat:write'],
          },
        ],
        users: users.map(({ name }) => ({
          name: name.toLowerCase(),
          real_name: name,
          email: `${name}@example.org`,
        })),
        channels: [{ name: 'queue' }, { name: 'other' }, { name: 'elsewhere' }],
        tokens: [
          {
            token: 'xoxb-inner',
            user: 'xaxbot',
            scopes: [
              'chat:write',
              'channels:read',
              'channels:history',
              'channels:write',
              'channels:manage',
              'groups:history',
              'im:history',
              'im:write',
              'files:write',
              'files:read',
              'users:read',
              'channels:join',
              'reactions:read',
              'reactions:write',
            ],
          },
          ...users.map(({ name }) => ({
            token: `xoxb-inner-${name}`,
            user: name.toLowerCase(),
            scopes: ['chat:write'],
          })),
        ],
      },
    },
  } as never);
  const inner = async (method: string, args: Json = {}, token = 'xoxb-inner'): Promise<Json> => {
    const body = new URLSearchParams();
    for (const [key, value] of Object.entries(args))
      if (value !== undefined) body.set(key, typeof value === 'string' ? value : JSON.stringify(value));
    const answer = await fetch(`${emulated.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    return (await answer.json()) as Json;
  };
  const auth = await inner('auth.test');
  if (auth.user_id === undefined || auth.bot_id === undefined) throw new Error('the emulator has no bot');
  const listed = (await inner('conversations.list')).channels as { id: string; name: string }[];
  const members = (await inner('users.list')).members as { id: string; name: string }[];
  const channels = Object.fromEntries(listed.map(({ id, name }) => [name, id])) as Record<string, string>;
  /** The bot is a member of what it was invited to. */
  const joined = new Set([channels.queue!, channels.other!]);
  for (const id of joined) await inner('conversations.join', { channel: id });
  const archived = new Set<string>();
  const deleted = new Set<string>();
  const userOf = (id: string) => users.find((user) => user.id === id);
  const innerUser = (id: string) => members.find(({ name }) => name === userOf(id)?.name.toLowerCase())?.id;

  /** The emulator names the token's user by its name in some places and by its id in others. */
  const isOurs = ({ user }: SlackMessage) => user === auth.user_id || user === 'xaxbot';

  const sockets = createSocketMode();
  const faults = createFaults();
  const requests: { method: string; args: Json; at: number }[] = [];
  const ephemerals: Ephemeral[] = [];
  const views = new Map<string, Json & { id: string; user: string }>();
  const homes = new Map<string, Json>();
  const triggers = new Map<string, number>();
  const responseUrls = new Map<
    string,
    { user: string; channel: string; thread?: string | undefined; uses: number }
  >();
  const files = new Map<
    string,
    { asked: number; complete: boolean; shared: string | undefined; deleted: boolean; bytes: number }
  >();
  const broadcasts = new Set<string>();
  const directs = new Map<string, string>();
  const postedAt = new Map<string, number[]>();
  let revoked: string | undefined;
  let granted = new Set(scopes);
  let isDown = false;
  let frozen = false;
  let counter = 0;

  const fileReady = (id: string) => {
    const file = files.get(id);
    return file?.complete === true && !file.deleted && file.asked >= fileReadyAfter;
  };

  const http = createServer((request, response) => {
    if (isDown) {
      request.socket.destroy();
      return;
    }
    handle(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  http.on('upgrade', (request, socket, head) => {
    if (isDown) socket.destroy();
    else sockets.upgrade(request, socket, head);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', base).pathname;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const name = path.replace(/^\/api\//, '').replace(/^\/(upload|respond)\/.*/, '$1');
    const fault = faults.take(name);
    if (fault?.delayMs) await sleep(fault.delayMs);
    if (fault?.drop === 'before') return void request.socket.destroy();
    if (fault?.status !== undefined && fault.drop !== 'after') return refuse(response, fault);
    const [status, answer, headers] = await route(path, request, body);
    if (fault?.drop === 'after') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(answer));
  }

  function refuse(response: ServerResponse, { status, retryAfterSeconds }: Fault): void {
    response.writeHead(
      status!,
      retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    );
    response.end('');
  }

  async function route(
    path: string,
    request: IncomingMessage,
    body: Buffer,
  ): Promise<[number, Json, Record<string, string>?]> {
    if (path.startsWith('/upload/')) {
      const id = path.split('/').at(-1)!;
      const file = files.get(id);
      if (!file) return [404, {}];
      file.bytes = body.length;
      await fetch(`${emulated.url}/upload/v1/${id}`, { method: 'POST', body: new Uint8Array(body) });
      return [200, { ok: true }];
    }
    if (path.startsWith('/respond/'))
      return respond(path.split('/').at(-1)!, JSON.parse(body.toString()) as Json);
    const method = path.replace('/api/', '');
    const args = parsed(request, body);
    requests.push({ method, args, at: Date.now() });
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const problem = tokenProblem(method, token);
    if (problem) return [200, { ok: false, ...problem }];
    return [200, await call(method, args), { 'x-oauth-scopes': [...granted].join(',') }];
  }

  function tokenProblem(method: string, token: string): Json | undefined {
    if (token !== botToken && token !== appToken) return { error: 'invalid_auth' };
    if (revoked !== undefined) return { error: revoked };
    const wantsApp = method === 'apps.connections.open';
    if (wantsApp !== (token === appToken)) return { error: 'not_allowed_token_type' };
    const needed = SCOPES[method];
    if (needed !== undefined && !granted.has(needed))
      return { error: 'missing_scope', needed, provided: [...granted].join(',') };
    return undefined;
  }

  async function call(method: string, args: Json): Promise<Json> {
    switch (method) {
      case 'auth.test':
        return {
          ok: true,
          url: 'https://lab.slack.com/',
          team: 'lab',
          user: 'xaxbot',
          team_id: TEAM,
          user_id: auth.user_id,
          bot_id: auth.bot_id,
        };
      case 'apps.connections.open':
        return { ok: true, url: `${base.replace('http', 'ws')}/link/?ticket=${sockets.ticket()}` };
      case 'users.info':
        return userInfo(String(args.user));
      case 'chat.postMessage':
        return post(args);
      case 'chat.update':
        return update(args);
      case 'chat.postEphemeral':
        return postEphemeral(args);
      case 'conversations.open':
        return openDirect(String(args.users));
      case 'conversations.history':
      case 'conversations.replies':
        return history(method, args);
      case 'views.open':
      case 'views.publish':
        return showView(method, args);
      case 'files.getUploadURLExternal': {
        const made = await inner(method, args);
        files.set(String(made.file_id), {
          asked: 0,
          complete: false,
          shared: undefined,
          deleted: false,
          bytes: 0,
        });
        return { ...made, upload_url: `${base}/upload/${String(made.file_id)}` };
      }
      case 'files.completeUploadExternal': {
        const given = args.files as { id: string; title?: string }[];
        for (const { id } of given) {
          const file = files.get(id);
          if (!file || file.bytes === 0) return { ok: false, error: 'file_not_found' };
          Object.assign(file, { complete: true, shared: args.channel_id });
        }
        if (
          args.channel_id !== undefined &&
          !joined.has(String(args.channel_id)) &&
          ![...directs.values()].includes(String(args.channel_id))
        )
          return { ok: false, error: 'not_in_channel' };
        return inner(method, args);
      }
      case 'files.info': {
        const file = files.get(String(args.file));
        if (!file?.complete || file.deleted) return { ok: false, error: 'file_not_found' };
        file.asked += 1;
        const mimetype = file.asked >= fileReadyAfter ? 'image/png' : '';
        return { ok: true, file: { id: args.file, mimetype } };
      }
      case 'files.delete': {
        const file = files.get(String(args.file));
        if (!file || file.deleted) return { ok: false, error: 'file_not_found' };
        file.deleted = true;
        return { ok: true };
      }
      case 'chat.getPermalink':
        return {
          ok: true,
          channel: args.channel,
          permalink: `https://lab.slack.com/archives/${String(args.channel)}/p${String(args.message_ts).replace('.', '')}`,
        };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  function channelProblem(channel: string): string | undefined {
    if (
      deleted.has(channel) ||
      (![...Object.values(channels), ...directs.values()].includes(channel) && !userOf(channel))
    )
      return 'channel_not_found';
    if (archived.has(channel)) return 'is_archived';
    const isDirect = [...directs.values()].includes(channel) || userOf(channel) !== undefined;
    return isDirect || joined.has(channel) ? undefined : 'not_in_channel';
  }

  function contentProblem(args: Json): Json | undefined {
    if (args.blocks !== undefined) {
      const problems = problemsOf(args.blocks, { surface: 'message', fileReady });
      if (problems.includes('only_one_table_allowed')) return { error: 'only_one_table_allowed' };
      if (problems.length > 0)
        return {
          error: 'invalid_blocks',
          response_metadata: { messages: problems.map((each) => `[ERROR] ${each}`) },
        };
      if (JSON.stringify(args.blocks).length > MAX.blocksJson) return { error: 'msg_blocks_too_long' };
    }
    if (!args.blocks && !args.text) return { error: 'no_text' };
    if (args.metadata !== undefined) {
      const { event_type, event_payload } = args.metadata as Json;
      if (typeof event_type !== 'string' || typeof event_payload !== 'object')
        return { error: 'invalid_metadata_format' };
      if (Buffer.byteLength(JSON.stringify(args.metadata)) > MAX.metadataBytes)
        return { error: 'metadata_too_large' };
    }
    return undefined;
  }

  async function post(args: Json): Promise<Json> {
    const given = String(args.channel);
    const channel = userOf(given) ? String(((await openDirect(given)).channel as Json).id) : given;
    const error = channelProblem(channel);
    if (error) return { ok: false, error };
    const problem = contentProblem(args);
    if (problem) return { ok: false, ...problem };
    if (args.thread_ts !== undefined && !(await find(channel, String(args.thread_ts))))
      return { ok: false, error: 'thread_not_found' };
    const sent = await inner('chat.postMessage', { ...args, channel, reply_broadcast: undefined });
    if (sent.ok && args.reply_broadcast) broadcasts.add(`${channel}:${String(sent.ts)}`);
    postedAt.set(channel, [...(postedAt.get(channel) ?? []), Date.now()]);
    return sent;
  }

  async function update(args: Json): Promise<Json> {
    const channel = String(args.channel);
    const error = channelProblem(channel);
    if (error) return { ok: false, error };
    const message = await find(channel, String(args.ts));
    if (!message) return { ok: false, error: 'message_not_found' };
    if (!isOurs(message)) return { ok: false, error: 'cant_update_message' };
    if (frozen) return { ok: false, error: 'edit_window_closed' };
    if (String(args.text ?? '').length > MAX.updateText) return { ok: false, error: 'msg_too_long' };
    const problem = contentProblem(args);
    if (problem) return { ok: false, ...problem };
    // Text without blocks drops the blocks that were there.
    const blocks = args.blocks ?? (args.text === undefined ? message.blocks : []);
    return inner('chat.update', {
      channel,
      ts: args.ts,
      text: args.text ?? message.text,
      blocks,
      metadata: message.metadata,
    });
  }

  function postEphemeral(args: Json): Json {
    const channel = String(args.channel);
    const error = channelProblem(channel);
    if (error) return { ok: false, error };
    const problem = contentProblem(args);
    if (problem) return { ok: false, ...problem };
    ephemerals.push(asEphemeral(args, channel, String(args.user)));
    return { ok: true, message_ts: ephemerals.at(-1)!.ts };
  }

  function asEphemeral(args: Json, channel: string, to: string): Ephemeral {
    counter += 1;
    const thread = args.thread_ts === undefined ? {} : { thread_ts: String(args.thread_ts) };
    return {
      channel,
      to,
      ts: `9${Date.now()}.${counter}`,
      text: String(args.text ?? ''),
      blocks: (args.blocks ?? []) as Json[],
      ...thread,
    };
  }

  function respond(id: string, args: Json): [number, Json] {
    const url = responseUrls.get(id);
    if (!url || url.uses >= RESPONSE_URL_USES) return [404, { ok: false, error: 'expired_url' }];
    const problem = contentProblem(args);
    if (problem) return [200, { ok: false, ...problem }];
    url.uses += 1;
    ephemerals.push(asEphemeral({ ...args, thread_ts: url.thread }, url.channel, url.user));
    return [200, { ok: true }];
  }

  async function openDirect(user: string): Promise<Json> {
    if (!userOf(user)) return { ok: false, error: 'user_not_found' };
    const known = directs.get(user);
    if (known !== undefined) return { ok: true, channel: { id: known } };
    const opened = (await inner('conversations.open', { users: innerUser(user) })) as {
      channel: { id: string };
    };
    directs.set(user, opened.channel.id);
    return { ok: true, channel: { id: opened.channel.id } };
  }

  function userInfo(id: string): Json {
    const user = userOf(id);
    if (!user) return { ok: false, error: 'user_not_found' };
    const { kind = 'member' } = user;
    return {
      ok: true,
      user: {
        id,
        name: user.name.toLowerCase(),
        team_id: kind === 'external' ? 'T0OTHER' : TEAM,
        profile: { display_name: user.name },
        is_bot: kind === 'bot',
        is_restricted: kind === 'guest',
        is_stranger: kind === 'external',
      },
    };
  }

  async function history(method: string, args: Json): Promise<Json> {
    const error = channelProblem(String(args.channel));
    if (error) return { ok: false, error };
    const { include_all_metadata: withMetadata, ...rest } = args;
    const answer = await inner(method, rest);
    const oldest = Number(args.oldest ?? 0);
    const given = ((answer.messages ?? []) as SlackMessage[]).filter(({ ts }) => Number(ts) >= oldest);
    const messages = given.map(({ metadata, ...message }) => ({
      ...message,
      ...(isOurs(message) ? { user: auth.user_id, bot_id: auth.bot_id } : {}),
      ...(withMetadata && metadata ? { metadata } : {}),
    }));
    return answer.ok ? { ...answer, messages } : answer;
  }

  function showView(method: string, args: Json): Json {
    const view = args.view as Json;
    const problems = viewProblems(view, fileReady);
    if (problems.length > 0)
      return {
        ok: false,
        error: 'invalid_arguments',
        response_metadata: { messages: problems.map((each) => `[ERROR] ${each}`) },
      };
    if (method === 'views.publish') {
      homes.set(String(args.user_id), view);
      return { ok: true, view };
    }
    const trigger = triggers.get(String(args.trigger_id));
    if (trigger === undefined) return { ok: false, error: 'exchanged_trigger_id' };
    triggers.delete(String(args.trigger_id));
    if (Date.now() - trigger > ACK_MS) return { ok: false, error: 'expired_trigger_id' };
    return { ok: true, view: openView(view, String(args.trigger_id).split('.')[1]!) };
  }

  function openView(view: Json, user: string) {
    counter += 1;
    const opened = { ...view, id: `V${counter}`, user };
    views.set(opened.id, opened);
    return opened;
  }

  async function find(channel: string, ts: string): Promise<SlackMessage | undefined> {
    const answer = await inner('conversations.replies', { channel, ts });
    const messages = (answer.messages ?? []) as SlackMessage[];
    const found = messages.find((message) => message.ts === ts);
    if (found) return found;
    return (await everything(channel)).find((message) => message.ts === ts);
  }

  async function everything(channel: string): Promise<SlackMessage[]> {
    const roots = await timeline(channel);
    const threads = await Promise.all(roots.map(({ ts }) => replies(channel, ts)));
    return [...roots, ...threads.flat()];
  }

  /** A channel's messages, oldest first, without what stands in threads. */
  async function timeline(channel: string): Promise<SlackMessage[]> {
    const answer = await inner('conversations.history', {
      channel,
      limit: '999',
      include_all_metadata: 'true',
    });
    return ((answer.messages ?? []) as SlackMessage[])
      .filter(({ ts, thread_ts }) => thread_ts === undefined || thread_ts === ts)
      .toSorted((a, b) => Number(a.ts) - Number(b.ts));
  }

  async function replies(channel: string, ts: string): Promise<SlackMessage[]> {
    const answer = await inner('conversations.replies', {
      channel,
      ts,
      limit: '999',
      include_all_metadata: 'true',
    });
    return ((answer.messages ?? []) as SlackMessage[])
      .filter((message) => message.ts !== ts)
      .map((message) => ({ ...message, reply_broadcast: broadcasts.has(`${channel}:${message.ts}`) }));
  }

  function trigger(user: string): string {
    counter += 1;
    const id = `${counter}.${user}.${Math.random().toString(36).slice(2)}`;
    triggers.set(id, Date.now());
    return id;
  }

  function responseUrl(user: string, channel: string, thread?: string): string {
    counter += 1;
    responseUrls.set(String(counter), { user, channel, thread, uses: 0 });
    return `${base}/respond/${counter}`;
  }

  function nextNumber(): number {
    counter += 1;
    return counter;
  }

  const about = (user: string) => ({ id: user, name: userOf(user)?.name ?? user, team_id: TEAM });
  const event = (inner: Json) => ({
    type: 'event_callback',
    team_id: TEAM,
    api_app_id: 'A0XAXBOT',
    event_id: `Ev${nextNumber()}`,
    event_time: Math.floor(Date.now() / 1000),
    event: inner,
  });

  /** What somebody writes, as themselves. */
  async function write(user: string, channel: string, text: string, thread?: string): Promise<string> {
    const name = userOf(user)?.name ?? '';
    await inner('conversations.join', { channel }, `xoxb-inner-${name}`);
    const sent = await inner('chat.postMessage', { channel, text, thread_ts: thread }, `xoxb-inner-${name}`);
    return String(sent.ts);
  }

  const server = {
    apiUrl: `${base}/api/`,
    botToken,
    appToken,
    botUserId: String(auth.user_id),
    botId: String(auth.bot_id),
    channels,
    requests,
    ephemerals,
    files,
    sockets,
    fault: faults.add,
    clearFaults: faults.clear,
    timeline,
    replies,
    find,
    homes,
    views,
    /** A file's bytes, as text. */
    async contents(id: string): Promise<string> {
      const { file } = (await inner('files.info', { file: id })) as { file: { url_private: string } };
      const answer = await fetch(file.url_private, { headers: { authorization: 'Bearer xoxb-inner' } });
      return answer.text();
    },
    directOf: (user: string) => directs.get(user),
    seen: (message: SlackMessage, sentAs: Json = {}): Seen => seen({ ...message, ...sentAs }),
    countOf: (method: string) => requests.filter((each) => each.method === method).length,

    /** A slash command; custom ones cannot be given in threads. */
    command(user: string, channel: string, text: string) {
      return sockets.deliver('slash_commands', {
        command: '/xax',
        text,
        user_id: user,
        user_name: userOf(user)?.name.toLowerCase(),
        channel_id: channel,
        channel_name: 'queue',
        team_id: TEAM,
        team_domain: 'lab',
        api_app_id: 'A0XAXBOT',
        is_enterprise_install: 'false',
        token: 't',
        trigger_id: trigger(user),
        response_url: responseUrl(user, channel),
      });
    },
    /** A message with a mention: Slack sends it as a mention, and as a message too. */
    async mention(user: string, channel: string, words: string, thread?: string) {
      const text = `<@${String(auth.user_id)}> ${words}`;
      const ts = await write(user, channel, text, thread);
      const message = { user, text, ts, channel, team: TEAM, ...(thread ? { thread_ts: thread } : {}) };
      const acked = await sockets.deliver('events_api', event({ type: 'app_mention', ...message }));
      await sockets.deliver('events_api', event({ type: 'message', channel_type: 'channel', ...message }));
      return { ...acked, ts };
    },
    /** The same payload once more, as Slack does when an acknowledgement was lost. */
    async twice(user: string, channel: string, words: string) {
      const ts = await write(user, channel, words);
      const payload = event({
        type: 'app_mention',
        user,
        text: `<@${String(auth.user_id)}> ${words}`,
        ts,
        channel,
        team: TEAM,
      });
      await sockets.deliver('events_api', payload);
      return sockets.deliver('events_api', payload, { retry: 1, reason: 'timeout' });
    },
    async say(user: string, channel: string, text: string, thread?: string) {
      const ts = await write(user, channel, text, thread);
      await sockets.deliver(
        'events_api',
        event({
          type: 'message',
          channel_type: 'channel',
          user,
          text,
          ts,
          channel,
          team: TEAM,
          ...(thread ? { thread_ts: thread } : {}),
        }),
      );
      return ts;
    },
    async direct(user: string, text: string) {
      const channel = String(((await openDirect(user)).channel as Json).id);
      counter += 1;
      const ts = `${Math.floor(Date.now() / 1000)}.${String(900000 + counter)}`;
      return sockets.deliver(
        'events_api',
        event({ type: 'message', channel_type: 'im', user, text, ts, channel, team: TEAM }),
      );
    },
    /** Presses the button with these words. */
    async press(user: string, channel: string, message: SlackMessage | Ephemeral | Json, label: string) {
      const blocks = (message.blocks ?? []) as Json[];
      const buttons = blocks.flatMap(({ block_id, elements }) =>
        ((elements ?? []) as Json[]).map((element) => ({ block_id: block_id ?? 'b', ...element })),
      );
      const button = buttons.find(
        (each) => (each as Json).type === 'button' && ((each as Json).text as Json)?.text === label,
      ) as Json | undefined;
      if (!button) throw new Error(`there is no button "${label}"`);
      const isEphemeral = 'to' in message;
      const isView = 'type' in message && message.type === 'home';
      const thread = message.thread_ts as string | undefined;
      return sockets.deliver('interactive', {
        type: 'block_actions',
        user: about(user),
        api_app_id: 'A0XAXBOT',
        token: 't',
        team: { id: TEAM, domain: 'lab' },
        trigger_id: trigger(user),
        actions: [{ ...button, action_ts: String(Date.now() / 1000) }],
        ...(isView
          ? { container: { type: 'view', view_id: 'V0' } }
          : {
              container: {
                type: 'message',
                message_ts: message.ts,
                channel_id: channel,
                is_ephemeral: isEphemeral,
                ...(thread ? { thread_ts: thread } : {}),
              },
              channel: { id: channel, name: 'queue' },
              response_url: responseUrl(user, channel, thread),
              ...(isEphemeral ? {} : { message }),
            }),
      });
    },
    /** Sends a form; `values` by block. An answer of `update` opens the next one, `errors` leaves it open. */
    async submit(user: string, viewId: string, values: Record<string, string>) {
      const view = views.get(viewId);
      if (!view) throw new Error(`the view ${viewId} is not open`);
      const state = Object.fromEntries(
        ((view.blocks ?? []) as Json[])
          .filter(({ type }) => type === 'input')
          .map(({ block_id, element }) => {
            const { type, action_id, initial_value, initial_option } = element as Json;
            const value = values[String(block_id)];
            const filled = String(type).includes('select')
              ? {
                  type,
                  selected_option:
                    value === undefined
                      ? (initial_option ?? null)
                      : { text: { type: 'plain_text', text: value }, value },
                }
              : { type, value: value ?? initial_value ?? null };
            return [String(block_id), { [String(action_id)]: filled }];
          }),
      );
      const acked = await sockets.deliver('interactive', {
        type: 'view_submission',
        user: about(user),
        api_app_id: 'A0XAXBOT',
        token: 't',
        team: { id: TEAM, domain: 'lab' },
        trigger_id: trigger(user),
        view: { ...view, state: { values: state }, hash: 'h' },
        response_urls: [],
      });
      const { response_action, view: next } = acked.payload as { response_action?: string; view?: Json };
      if (response_action === 'errors') return acked;
      views.delete(viewId);
      if (response_action === 'update') {
        const problems = viewProblems(next!, fileReady);
        if (problems.length > 0)
          throw new Error(`Slack shows an error instead of the view: ${problems.join('; ')}`);
        return { ...acked, next: openView(next!, user) };
      }
      return acked;
    },
    /** What an external select offers for what was typed. */
    async suggest(
      user: string,
      viewId: string,
      block: string,
      typed: string,
    ): Promise<{ text: Json; value: string }[]> {
      const acked = await sockets.deliver('interactive', {
        type: 'block_suggestion',
        user: about(user),
        api_app_id: 'A0XAXBOT',
        token: 't',
        team: { id: TEAM, domain: 'lab' },
        action_id: 'input',
        block_id: block,
        value: typed,
        container: { type: 'view', view_id: viewId },
        view: views.get(viewId),
      });
      const offered = ((acked.payload as Json).options ?? []) as { text: Json; value: string }[];
      const problems: string[] = [];
      for (const each of offered) checkOption(each as never, (what) => problems.push(what));
      if (problems.length > 0 || offered.length > MAX.selectOptions)
        throw new Error(`Slack shows no options: ${problems.join('; ')}`);
      return offered;
    },
    async shortcut(user: string, channel: string, ts: string, callbackId: string) {
      const message = await find(channel, ts);
      const author = members.find(({ id }) => id === message?.user)?.name;
      const writer = users.find(({ name }) => name.toLowerCase() === author)?.id ?? message?.user;
      return sockets.deliver('interactive', {
        type: 'message_action',
        callback_id: callbackId,
        trigger_id: trigger(user),
        response_url: responseUrl(user, channel, message?.thread_ts),
        message_ts: ts,
        user: about(user),
        channel: { id: channel, name: 'queue' },
        team: { id: TEAM, domain: 'lab' },
        token: 't',
        message: { ...message, user: writer },
      });
    },
    react: (user: string, channel: string, ts: string, reaction: string) =>
      sockets.deliver(
        'events_api',
        event({
          type: 'reaction_added',
          user,
          reaction,
          item: { type: 'message', channel, ts },
          item_user: 'U',
          event_ts: '1',
        }),
      ),
    openHome: (user: string) =>
      sockets.deliver(
        'events_api',
        event({ type: 'app_home_opened', user, channel: 'D1', tab: 'home', event_ts: '1' }),
      ),

    /** What goes wrong. */
    revoke(error = 'token_revoked'): void {
      revoked = error;
    },
    restore(): void {
      revoked = undefined;
    },
    setScopes(names: string[]): void {
      granted = new Set(names);
    },
    scopes: MANIFEST_SCOPES,
    archive: (channel: string) => void archived.add(channel),
    unarchive: (channel: string) => void archived.delete(channel),
    deleteChannel: (channel: string) => void deleted.add(channel),
    kick: (channel: string) => void joined.delete(channel),
    invite: (channel: string) => void joined.add(channel),
    deleteMessage: (channel: string, ts: string) => inner('chat.delete', { channel, ts }),
    freezeEdits(is = true): void {
      frozen = is;
    },
    down(): void {
      isDown = true;
      sockets.cut();
      http.closeAllConnections();
    },
    up(): void {
      isDown = false;
    },
    async stop(): Promise<void> {
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await emulated.close();
    },
  };
  return server;
}

export type SlackServer = Awaited<ReturnType<typeof startSlackServer>>;

/** Arguments as the SDK sends them: a form whose objects are JSON, or JSON as a whole. */
function parsed(request: IncomingMessage, body: Buffer): Json {
  const type = request.headers['content-type'] ?? '';
  if (type.includes('application/json')) return JSON.parse(body.toString() || '{}') as Json;
  const args: Json = {};
  for (const [key, value] of new URLSearchParams(body.toString())) {
    const isJson =
      ['blocks', 'metadata', 'view', 'files'].includes(key) || value === 'true' || value === 'false';
    args[key] = isJson ? JSON.parse(value) : value;
  }
  return args;
}
