import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFaults } from '../faults.ts';
import { type Body, commandProblems, flatten, messageProblems, modalProblems } from './components.ts';
import { createGateway } from './gateway.ts';
import {
  EPOCH_MS,
  FIRST_ANSWER_MS,
  INTENTS,
  MAX,
  NONCE_MS,
  OLD_MS,
  PERMISSIONS,
  type Permission,
  TOKEN_MS,
} from './limits.ts';
import { type Seen, seen } from './seen.ts';

type Json = Record<string, unknown>;

export interface DiscordUser {
  id: string;
  name: string;
  kind?: 'member' | 'pending' | 'bot';
  /** Takes no direct messages. */
  closed?: boolean;
}

export interface StoredMessage extends Body {
  id: string;
  channel_id: string;
  author: Json;
  timestamp: string;
  nonce?: string;
  attachments: { id: string; filename: string; url: string; size: number }[];
  sent: Body;
  edits: number;
  createdAt: number;
}

export interface Interaction {
  id: string;
  token: string;
  user: string;
  channel: string;
  at: number;
  /** Milliseconds until the first answer, its type and its data. */
  ackMs: number | undefined;
  type: number | undefined;
  modal: Json | undefined;
  choices: { name: string; value: string }[] | undefined;
  /** What the asker alone sees, as it stands now; undefined once it was deleted. */
  original: StoredMessage | undefined;
  followups: StoredMessage[];
}

const GUILD = '900000000000000001';
const EVERYONE = GUILD;
const APPLICATION = '900000000000000002';
const BOT = {
  id: APPLICATION,
  username: 'xaxbot',
  discriminator: '0',
  global_name: null,
  avatar: null,
  bot: true,
};

/** A lean, strict Discord on this host: REST and gateway, as far as a bot of channels, threads and interactions goes. */
export async function startDiscordServer(
  options: { users?: DiscordUser[]; messageContent?: boolean; permissions?: Permission[] } = {},
) {
  const { users = [{ id: '111111111111111111', name: 'Ada' }] } = options;
  let { messageContent = false } = options;
  let token = 'test.token.discord';
  let granted = new Set<Permission>(
    options.permissions ??
      (Object.keys(PERMISSIONS) as Permission[]).filter((name) => !name.startsWith('Manage')),
  );
  const channels = new Map<string, Json & { id: string }>([
    ['200000000000000001', channel('200000000000000001', 'queue')],
    ['200000000000000002', channel('200000000000000002', 'other')],
    ['200000000000000003', channel('200000000000000003', 'elsewhere')],
  ]);
  const hidden = new Set<string>();
  const messages = new Map<string, StoredMessage[]>();
  const files = new Map<string, Buffer>();
  const interactions = new Map<string, Interaction>();
  const declared = new Map<string, Json[]>();
  const faults = createFaults();
  const requests: { route: string; body: Json; at: number }[] = [];
  let isDown = false;
  let disallow = 0;
  let clockAhead = 0;
  let serial = 0;
  let commandCreates = 0;
  let oldEditsLeft = Number.POSITIVE_INFINITY;

  const now = () => Date.now() + clockAhead;
  function snowflake(): string {
    serial += 1;
    return String((BigInt(now() - EPOCH_MS) << 22n) | BigInt(serial & 0xfff));
  }
  const userOf = (id: string) => users.find((user) => user.id === id);
  const asUser = ({ id, name, kind }: DiscordUser) => ({
    id,
    username: name.toLowerCase(),
    global_name: name,
    discriminator: '0',
    avatar: null,
    bot: kind === 'bot',
  });
  const asMember = (user: DiscordUser) => ({
    user: asUser(user),
    roles: [],
    joined_at: '2026-01-01T00:00:00.000Z',
    deaf: false,
    mute: false,
    flags: 0,
    pending: user.kind === 'pending',
    permissions: '0',
  });
  const bits = () => String([...granted].reduce((sum, name) => sum | PERMISSIONS[name], 0n));

  function channel(id: string, name: string): Json & { id: string } {
    return {
      id,
      type: 0,
      guild_id: GUILD,
      name,
      position: 0,
      permission_overwrites: [],
      nsfw: false,
      parent_id: null,
    };
  }
  const role = () => ({
    id: EVERYONE,
    name: '@everyone',
    color: 0,
    hoist: false,
    position: 0,
    permissions: bits(),
    managed: false,
    mentionable: false,
    flags: 0,
  });

  const gateway = createGateway({
    tokenOk: (given) => given === token,
    disallowed: () => disallow | (messageContent ? 0 : INTENTS.messageContent),
    ready: (session) => [
      {
        t: 'READY',
        d: {
          v: 10,
          user: BOT,
          guilds: [{ id: GUILD, unavailable: true }],
          session_id: session,
          resume_gateway_url: `${base.replace('http', 'ws')}/gateway`,
          application: { id: APPLICATION, flags: applicationFlags() },
        },
      },
      {
        t: 'GUILD_CREATE',
        d: {
          id: GUILD,
          name: 'lab',
          owner_id: '1',
          roles: [role()],
          emojis: [],
          stickers: [],
          features: [],
          member_count: users.length + 1,
          large: false,
          joined_at: '2026-01-01T00:00:00.000Z',
          unavailable: false,
          members: [
            {
              user: BOT,
              roles: [],
              joined_at: '2026-01-01T00:00:00.000Z',
              deaf: false,
              mute: false,
              flags: 0,
            },
            ...users.map(asMember),
          ],
          channels: [...channels.values()].filter(({ type }) => type === 0),
          threads: [...channels.values()].filter(({ type }) => type === 11),
          presences: [],
          voice_states: [],
          stage_instances: [],
          guild_scheduled_events: [],
          soundboard_sounds: [],
          verification_level: 0,
          default_message_notifications: 0,
          explicit_content_filter: 0,
          mfa_level: 0,
          afk_timeout: 300,
          premium_tier: 0,
          nsfw_level: 0,
          system_channel_flags: 0,
          preferred_locale: 'en-US',
          premium_progress_bar_enabled: false,
        },
      },
    ],
  });
  const applicationFlags = () => (messageContent ? 1 << 18 : 0);

  const http = createServer((request, response) => {
    if (isDown) {
      request.socket.destroy();
      return;
    }
    handle(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error?.stack ?? error));
    });
  });
  http.on('upgrade', (request, socket, head) => {
    if (isDown) socket.destroy();
    else gateway.upgrade(request, socket, head);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  class Refusal extends Error {
    readonly status: number;
    readonly body: Json;
    constructor(status: number, code: number, message: string, errors?: unknown) {
      super(message);
      this.status = status;
      this.body = { message, code, ...(errors === undefined ? {} : { errors }) };
    }
  }
  const refuse = (status: number, code: number, message: string, errors?: unknown): never => {
    throw new Refusal(status, code, message, errors);
  };
  const invalid = (problems: string[]) => {
    if (problems.length > 0)
      refuse(400, 50_035, 'Invalid Form Body', {
        _errors: problems.map((message) => ({ code: 'INVALID', message })),
      });
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', base);
    const route = `${request.method} ${url.pathname.replace(/^\/api\/v10/, '')}`;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { body, uploaded } = await parsed(request, Buffer.concat(chunks));
    const fault = faults.take(route);
    if (fault?.delayMs) await sleep(fault.delayMs);
    if (fault?.drop === 'before') return void request.socket.destroy();
    if (fault?.status !== undefined) {
      const seconds = fault.retryAfterSeconds ?? 1;
      const headers =
        fault.status === 429 ? { 'retry-after': String(seconds), 'x-ratelimit-scope': 'user' } : {};
      response.writeHead(fault.status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify({ message: 'x', code: 0, retry_after: seconds, global: false }));
      return;
    }
    const isHook = /^\w+ \/(interactions|webhooks)\//.test(route);
    requests.push({ route, body, at: Date.now() });
    let status = 200;
    let answer: unknown;
    try {
      if (
        !isHook &&
        request.headers.authorization !== `Bot ${token}` &&
        !route.startsWith('GET /attachments/')
      )
        refuse(401, 0, '401: Unauthorized');
      answer = await act(
        request.method ?? 'GET',
        route.split(' ')[1]!.split('/').slice(1).map(decodeURIComponent),
        url,
        body,
        uploaded,
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      status = error.status;
      answer = error.body;
    }
    if (fault?.drop === 'after') return void request.socket.destroy();
    if (answer instanceof Buffer) {
      response.end(answer);
      return;
    }
    if (answer === undefined) response.writeHead(204).end();
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  async function act(
    method: string,
    path: string[],
    url: URL,
    body: Body,
    uploaded: Map<number, Buffer>,
  ): Promise<unknown> {
    const [first, id = '', third, fourth, fifth] = path;
    if (first === 'attachments') return files.get(id) ?? refuse(404, 0, '404');
    if (first === 'gateway')
      return {
        url: `${base.replace('http', 'ws')}/gateway`,
        shards: 1,
        session_start_limit: { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 },
      };
    if (first === 'applications' && third === undefined)
      return { id: APPLICATION, name: 'xaxbot', flags: applicationFlags() };
    if (first === 'applications') {
      const place = path.slice(2).join('/');
      if (method === 'GET') return declared.get(place) ?? [];
      const commands = body as unknown as Json[];
      invalid(commandProblems(commands));
      commandCreates += commands.length;
      declared.set(
        place,
        commands.map((each) => ({
          ...each,
          id: snowflake(),
          application_id: APPLICATION,
          version: '1',
          default_member_permissions: null,
          nsfw: false,
        })),
      );
      return declared.get(place);
    }
    if (first === 'users' && id === '@me' && third === 'channels')
      return directChannel(String(body.recipient_id));
    if (first === 'users')
      return id === '@me' ? BOT : asUser(userOf(id) ?? refuse(404, 10_013, 'Unknown User'));
    if (first === 'interactions') return firstAnswer(id, third!, body, uploaded);
    if (first === 'webhooks') return hook(method, third!, fifth, body, uploaded);
    if (first === 'channels' && third === undefined)
      return method === 'GET' ? mustSee(id) : changeChannel(id, body);
    if (third === 'messages' && fifth === 'threads') return openThread(id, fourth!, body);
    if (third === 'messages' && fourth === undefined)
      return method === 'GET' ? page(id, url.searchParams) : post(id, body, uploaded);
    if (third === 'messages' && fifth === undefined) {
      const message = mustFind(id, fourth!);
      if (method === 'GET') return visible(message);
      if ((message.author as { id: string }).id !== BOT.id)
        return refuse(
          403,
          method === 'PATCH' ? 50_005 : 50_013,
          'Cannot edit a message authored by another user',
        );
      if (method === 'DELETE') {
        messages.set(
          id,
          messagesIn(id).filter((each) => each !== message),
        );
        return undefined;
      }
      return edit(message, body, uploaded);
    }
    return refuse(404, 0, `404: ${method} /${path.join('/')}`);
  }

  function mustSee(id: string): Json & { id: string } {
    const found = channels.get(id) ?? refuse(404, 10_003, 'Unknown Channel');
    const parent = (found.parent_id as string | null) ?? id;
    if (hidden.has(parent) || (found.type !== 1 && !granted.has('View Channel')))
      refuse(403, 50_001, 'Missing Access');
    return found;
  }
  function need(...names: Permission[]): void {
    if (names.some((name) => !granted.has(name))) refuse(403, 50_013, 'Missing Permissions');
  }
  const messagesIn = (id: string) => messages.get(id) ?? [];
  const mustFind = (channelId: string, id: string) => {
    mustSee(channelId);
    return messagesIn(channelId).find((each) => each.id === id) ?? refuse(404, 10_008, 'Unknown Message');
  };
  const visible = ({ sent: _sent, edits: _edits, createdAt: _createdAt, ...message }: StoredMessage) =>
    message;

  function attach(
    body: Body,
    uploaded: Map<number, Buffer>,
    before: StoredMessage['attachments'],
  ): StoredMessage['attachments'] {
    if (body.attachments === undefined)
      return [...before, ...[...uploaded].map(([index, data]) => stored(`file${index}`, data))];
    return (body.attachments as { id: string | number; filename?: string }[]).map(({ id, filename }) => {
      const data = uploaded.get(Number(id));
      if (data && filename !== undefined) return stored(filename, data);
      return (
        before.find((each) => each.id === String(id)) ??
        refuse(400, 50_035, 'Invalid Form Body', { attachments: 'unknown id' })
      );
    });
  }
  function stored(filename: string, data: Buffer) {
    if (data.length > MAX.fileBytes) refuse(413, 40_005, 'Request entity too large');
    const id = snowflake();
    files.set(id, data);
    return { id, filename, url: `${base}/api/v10/attachments/${id}`, size: data.length };
  }

  function make(
    channelId: string,
    body: Body,
    uploaded: Map<number, Buffer>,
    author: Json = BOT,
  ): StoredMessage {
    const attachments = attach(body, uploaded, []);
    const problems = messageProblems(
      body,
      attachments.map(({ filename }) => filename),
    );
    if (problems.includes('empty')) refuse(400, 50_006, 'Cannot send an empty message');
    invalid(problems);
    const at = now();
    return {
      ...withIds(body),
      id: snowflake(),
      channel_id: channelId,
      author,
      timestamp: new Date(at).toISOString(),
      attachments,
      sent: body,
      edits: 0,
      createdAt: at,
      type: 0,
      content: body.content ?? '',
      embeds: [],
      mentions: [],
      mention_roles: [],
      pinned: false,
      mention_everyone: false,
      tts: false,
      edited_timestamp: null,
      flags: body.flags ?? 0,
    };
  }

  function post(
    channelId: string,
    body: Body & { nonce?: string; enforce_nonce?: boolean },
    uploaded: Map<number, Buffer>,
  ): unknown {
    const place = mustSee(channelId);
    const isThread = place.type === 11;
    if (place.type !== 1) {
      need(isThread ? 'Send Messages In Threads' : 'Send Messages');
      if (uploaded.size > 0) need('Attach Files');
    }
    if (isThread) {
      const meta = place.thread_metadata as { archived: boolean; locked: boolean };
      if (meta.locked && !granted.has('Manage Threads')) refuse(403, 160_005, 'Thread is locked');
      meta.archived = false;
    }
    if (body.nonce !== undefined) {
      if (body.nonce.length > MAX.nonce) invalid(['nonce: too long']);
      const known = body.enforce_nonce
        ? messagesIn(channelId).find((each) => each.nonce === body.nonce && now() - each.createdAt < NONCE_MS)
        : undefined;
      if (known) return visible(known);
    }
    const message = {
      ...make(channelId, body, uploaded),
      ...(body.nonce === undefined ? {} : { nonce: body.nonce }),
    };
    messages.set(channelId, [...messagesIn(channelId), message]);
    return visible(message);
  }

  function edit(message: StoredMessage, body: Body, uploaded: Map<number, Buffer>): unknown {
    const place = channels.get(message.channel_id)!;
    if ((place.thread_metadata as { archived?: boolean } | undefined)?.archived)
      refuse(400, 50_083, 'Thread is archived');
    if (now() - message.createdAt > OLD_MS) {
      oldEditsLeft -= 1;
      if (oldEditsLeft < 0)
        refuse(400, 30_046, 'Maximum number of edits to messages older than 1 hour reached');
    }
    const attachments = attach(body, uploaded, message.attachments);
    const flags = (body.flags ?? message.flags ?? 0) | ((message.flags ?? 0) & (1 << 15));
    const merged = { ...message, ...withIds(body), flags };
    invalid(
      messageProblems(
        merged,
        attachments.map(({ filename }) => filename),
      ),
    );
    Object.assign(message, merged, { attachments, sent: body, edits: message.edits + 1 });
    return visible(message);
  }

  /** Components that came without a number get one, counted through the message. */
  function withIds(body: Body): Body {
    if (!body.components) return body;
    const copy = structuredClone(body);
    let next = 1;
    for (const component of flatten(copy.components!)) if (component.id === undefined) component.id = next++;
    return copy;
  }

  function page(channelId: string, query: URLSearchParams): unknown {
    mustSee(channelId);
    if (!granted.has('Read Message History')) return [];
    const limit = Math.min(100, Number(query.get('limit') ?? 50));
    const after = query.get('after');
    const all = messagesIn(channelId);
    const picked =
      after === null ? all.slice(-limit) : all.filter(({ id }) => BigInt(id) > BigInt(after)).slice(0, limit);
    return picked.toReversed().map(visible);
  }

  function openThread(channelId: string, messageId: string, body: Json): unknown {
    need('Create Public Threads');
    mustFind(channelId, messageId);
    if (channels.has(messageId)) refuse(400, 160_004, 'A thread has already been created for this message');
    const name = String(body.name ?? '');
    if (name.length < 1 || name.length > MAX.threadName) invalid(['name']);
    if (![60, 1440, 4320, 10_080].includes(Number(body.auto_archive_duration)))
      invalid(['auto_archive_duration']);
    const thread = {
      id: messageId,
      type: 11,
      guild_id: GUILD,
      parent_id: channelId,
      name,
      owner_id: BOT.id,
      message_count: 0,
      member_count: 1,
      thread_metadata: {
        archived: false,
        locked: false,
        auto_archive_duration: body.auto_archive_duration,
        archive_timestamp: new Date(now()).toISOString(),
      },
    };
    channels.set(messageId, thread);
    gateway.emit('THREAD_CREATE', INTENTS.guilds, thread);
    return thread;
  }

  function changeChannel(id: string, body: Json): unknown {
    const found = mustSee(id);
    Object.assign(found.thread_metadata as Json, body);
    return found;
  }

  function directChannel(user: string): unknown {
    const found = userOf(user) ?? refuse(404, 10_013, 'Unknown User');
    if (found.closed) refuse(403, 50_007, 'Cannot send messages to this user');
    const id = `3${user.slice(1)}`;
    if (!channels.has(id)) channels.set(id, { id, type: 1, recipients: [asUser(found)] });
    return channels.get(id);
  }

  function firstAnswer(
    id: string,
    interactionToken: string,
    body: Json,
    uploaded: Map<number, Buffer>,
  ): unknown {
    const interaction = interactions.get(interactionToken);
    if (interaction?.id !== id || now() - interaction.at > FIRST_ANSWER_MS)
      return refuse(404, 10_062, 'Unknown interaction');
    if (interaction.type !== undefined)
      return refuse(400, 40_060, 'Interaction has already been acknowledged.');
    interaction.ackMs = now() - interaction.at;
    interaction.type = Number(body.type);
    const data = (body.data ?? {}) as Json;
    if (body.type === 9) {
      invalid(modalProblems(data));
      interaction.modal = data;
    }
    if (body.type === 8) {
      const choices = data.choices as { name: string; value: string }[];
      invalid(
        choices.length > MAX.choices ||
          choices.some(
            ({ name, value }) => name.length < 1 || name.length > MAX.choice || value.length > MAX.choice,
          )
          ? ['choices']
          : [],
      );
      interaction.choices = choices;
    }
    if (body.type === 4) interaction.original = make(interaction.channel, data as Body, uploaded);
    return undefined;
  }

  function hook(
    method: string,
    interactionToken: string,
    target: string | undefined,
    body: Body,
    uploaded: Map<number, Buffer>,
  ): unknown {
    const interaction = interactions.get(interactionToken);
    if (!interaction || now() - interaction.at > TOKEN_MS)
      return refuse(401, 50_027, 'Invalid Webhook Token');
    if (interaction.type === undefined) return refuse(404, 10_015, 'Unknown Webhook');
    if (method === 'POST') {
      interaction.followups.push(make(interaction.channel, body, uploaded));
      return visible(interaction.followups.at(-1)!);
    }
    if (target !== '@original') return refuse(404, 10_008, 'Unknown Message');
    if (method === 'DELETE') {
      interaction.original = undefined;
      return undefined;
    }
    interaction.original = make(interaction.channel, body, uploaded);
    return visible(interaction.original);
  }

  /** Hands an interaction to the bot; resolves when it was answered, or could not be any more. */
  async function interact(
    user: string,
    channelId: string,
    type: number,
    data: Json,
    more: Json = {},
  ): Promise<Interaction> {
    const place = channels.get(channelId)!;
    const found = userOf(user)!;
    const interaction: Interaction = {
      id: snowflake(),
      token: `it-${snowflake()}`,
      user,
      channel: channelId,
      at: now(),
      ackMs: undefined,
      type: undefined,
      modal: undefined,
      choices: undefined,
      original: undefined,
      followups: [],
    };
    interactions.set(interaction.token, interaction);
    const inGuild = place.type !== 1;
    gateway.emit('INTERACTION_CREATE', 0, {
      id: interaction.id,
      application_id: APPLICATION,
      type,
      token: interaction.token,
      version: 1,
      channel_id: channelId,
      channel: place,
      data,
      locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: {},
      context: inGuild ? 0 : 1,
      attachment_size_limit: MAX.fileBytes,
      app_permissions: bits(),
      ...(inGuild
        ? {
            guild_id: GUILD,
            guild: { id: GUILD, features: [], locale: 'en-US' },
            guild_locale: 'en-US',
            member: asMember(found),
          }
        : { user: asUser(found) }),
      ...more,
    });
    const until = Date.now() + FIRST_ANSWER_MS;
    while (interaction.type === undefined && Date.now() < until) await sleep(5);
    return interaction;
  }

  function say(user: string, channelId: string, content: string): StoredMessage {
    const found = userOf(user)!;
    const author = asUser(found);
    const at = now();
    const message: StoredMessage = {
      id: snowflake(),
      channel_id: channelId,
      author,
      content,
      timestamp: new Date(at).toISOString(),
      attachments: [],
      sent: { content },
      edits: 0,
      createdAt: at,
      type: 0,
      embeds: [],
      components: [],
      mentions: content.includes(`<@${BOT.id}>`) ? [BOT] : [],
      mention_roles: [],
      pinned: false,
      mention_everyone: false,
      tts: false,
      edited_timestamp: null,
      flags: 0,
    };
    messages.set(channelId, [...messagesIn(channelId), message]);
    const place = channels.get(channelId)!;
    const isDirect = place.type === 1;
    const mayRead = (intents: number) =>
      isDirect || content.includes(`<@${BOT.id}>`) || (intents & INTENTS.messageContent) !== 0;
    gateway.emit(
      'MESSAGE_CREATE',
      isDirect ? INTENTS.directMessages : INTENTS.guildMessages,
      (intents: number) => ({
        ...visible(message),
        content: mayRead(intents) ? content : '',
        ...(isDirect
          ? {}
          : {
              guild_id: GUILD,
              member: {
                roles: [],
                joined_at: '2026-01-01T00:00:00.000Z',
                deaf: false,
                mute: false,
                flags: 0,
              },
            }),
      }),
    );
    return message;
  }

  const server = {
    apiUrl: `${base}/api`,
    token,
    botId: BOT.id,
    guild: GUILD,
    channels: { queue: '200000000000000001', other: '200000000000000002', elsewhere: '200000000000000003' },
    gateway,
    requests,
    fault: faults.add,
    clearFaults: faults.clear,
    interactions: () => [...interactions.values()],
    messages: messagesIn,
    directOf: (user: string) => `3${user.slice(1)}`,
    threadOf: (id: string) => channels.get(id),
    commands: (place = `guilds/${GUILD}/commands`) => declared.get(place) ?? [],
    commandCreates: () => commandCreates,
    seen: (message: StoredMessage): Seen => seen({ ...message, ...(message.sent as Json) }),
    file: (id: string) => files.get(id)!,

    /** A slash command, with options that its declaration knows. */
    async slash(
      user: string,
      channelId: string,
      name: string,
      given: Record<string, string | number | boolean> = {},
    ): Promise<Interaction> {
      const [options, sub] = [given, name];
      const command = server
        .commands()
        .find(({ options: subs }) => ((subs ?? []) as Json[]).some((each) => each.name === sub));
      if (!command) throw new Error(`there is no command /xax ${sub}`);
      const declaration = ((command.options ?? []) as Json[]).find((each) => each.name === sub)!;
      const known = (declaration.options ?? []) as {
        name: string;
        type: number;
        required?: boolean;
        choices?: { value: string }[];
      }[];
      for (const [key, value] of Object.entries(options)) {
        const option = known.find((each) => each.name === key);
        if (!option) throw new Error(`/xax ${sub} has no option ${key}`);
        if (option.choices && !option.choices.some((choice) => choice.value === value))
          throw new Error(`${key} cannot be ${value}`);
      }
      for (const { name: key, required } of known)
        if (required && !(key in options)) throw new Error(`${key} is required`);
      const data = {
        id: command.id,
        name: command.name,
        type: 1,
        options: [
          {
            type: 1,
            name: sub,
            options: Object.entries(options).map(([key, value]) => ({
              name: key,
              type: known.find((each) => each.name === key)!.type,
              value,
            })),
          },
        ],
      };
      return interact(user, channelId, 2, data);
    },
    async autocomplete(
      user: string,
      channelId: string,
      name: string,
      option: string,
      typed: string,
      given: Record<string, string> = {},
    ) {
      const command = server
        .commands()
        .find(({ options: subs }) => ((subs ?? []) as Json[]).some((each) => each.name === name))!;
      const others = Object.entries(given).map(([key, value]) => ({ name: key, type: 3, value }));
      const data = {
        id: command.id,
        name: command.name,
        type: 1,
        options: [
          { type: 1, name, options: [...others, { name: option, type: 3, value: typed, focused: true }] },
        ],
      };
      return (await interact(user, channelId, 4, data)).choices ?? [];
    },
    /** Presses the button with these words. */
    async press(user: string, message: StoredMessage, label: string): Promise<Interaction> {
      const button = flatten(message.components ?? []).find(
        (each) => each.type === 2 && each.label === label,
      );
      if (!button) throw new Error(`there is no button "${label}"`);
      const isPrivate = !messagesIn(message.channel_id).includes(message);
      const shown = { ...visible(message), flags: (message.flags ?? 0) | (isPrivate ? 64 : 0) };
      return interact(
        user,
        message.channel_id,
        3,
        { custom_id: button.custom_id, component_type: 2 },
        { message: shown },
      );
    },
    /** Sends the form that an interaction opened. */
    async submit(user: string, from: Interaction, values: Record<string, string>): Promise<Interaction> {
      const modal = from.modal!;
      const components = (modal.components as { component: Json }[]).map(({ component }, index) => {
        const key = String(component.custom_id);
        const value = values[key] ?? String(component.value ?? '');
        const filled = component.type === 3 ? { values: value === '' ? [] : [value] } : { value };
        return {
          type: 18,
          id: index * 2 + 1,
          component: { type: component.type, custom_id: key, id: index * 2 + 2, ...filled },
        };
      });
      return interact(user, from.channel, 5, { custom_id: modal.custom_id, components });
    },
    messageCommand(user: string, name: string, message: StoredMessage): Promise<Interaction> {
      const command = server.commands().find((each) => each.name === name && each.type === 3);
      if (!command) throw new Error(`there is no message command ${name}`);
      const resolved = { messages: { [message.id]: { ...visible(message), guild_id: GUILD } } };
      return interact(user, message.channel_id, 2, {
        id: command.id,
        name,
        type: 3,
        target_id: message.id,
        resolved,
      });
    },
    say,
    direct(user: string, content: string) {
      const found = directChannel(user) as { id: string };
      gateway.emit('CHANNEL_CREATE', 0, found);
      return say(user, found.id, content);
    },
    react(user: string, message: StoredMessage, emoji: string): void {
      gateway.emit('MESSAGE_REACTION_ADD', INTENTS.reactions, {
        user_id: user,
        channel_id: message.channel_id,
        message_id: message.id,
        guild_id: GUILD,
        emoji: { id: null, name: emoji },
        member: asMember(userOf(user)!),
        burst: false,
        type: 0,
        message_author_id: message.author.id,
      });
    },

    /** What goes wrong. */
    setPermissions(names: Permission[]): void {
      granted = new Set(names);
      gateway.emit('GUILD_ROLE_UPDATE', INTENTS.guilds, { guild_id: GUILD, role: role() });
    },
    permissions: () => [...granted],
    hide: (id: string) => void hidden.add(id),
    unhide: (id: string) => void hidden.delete(id),
    deleteMessage(channelId: string, id: string): void {
      messages.set(
        channelId,
        messagesIn(channelId).filter((each) => each.id !== id),
      );
      gateway.emit('MESSAGE_DELETE', INTENTS.guildMessages, { id, channel_id: channelId, guild_id: GUILD });
    },
    deleteChannel(id: string): void {
      const before = channels.get(id);
      channels.delete(id);
      gateway.emit(before?.type === 11 ? 'THREAD_DELETE' : 'CHANNEL_DELETE', INTENTS.guilds, before);
    },
    setThread(id: string, metadata: { archived?: boolean; locked?: boolean }): void {
      Object.assign(channels.get(id)!.thread_metadata as Json, metadata);
    },
    disallowIntents(mask: number): void {
      disallow = mask;
    },
    /** The application is flagged for message content from now on. */
    grantContent(): void {
      messageContent = true;
    },
    revoke(): void {
      token = 'another-token';
      gateway.close(4004);
      gateway.forget();
    },
    /** Time passes for the platform alone. */
    advance(ms: number): void {
      clockAhead += ms;
    },
    limitOldEdits(left: number): void {
      oldEditsLeft = left;
    },
    down(): void {
      isDown = true;
      gateway.cut();
      http.closeAllConnections();
    },
    up(): void {
      isDown = false;
    },
    async stop(): Promise<void> {
      gateway.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

export type DiscordServer = Awaited<ReturnType<typeof startDiscordServer>>;

/** A body as discord.js sends it: JSON, or a form of files with the JSON beside them. */
async function parsed(
  request: IncomingMessage,
  raw: Buffer,
): Promise<{ body: Body; uploaded: Map<number, Buffer> }> {
  const type = request.headers['content-type'] ?? '';
  const uploaded = new Map<number, Buffer>();
  if (!type.startsWith('multipart/'))
    return { body: raw.length === 0 ? {} : (JSON.parse(raw.toString()) as Body), uploaded };
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData();
  for (const [name, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(name)?.[1];
    if (index !== undefined && value instanceof Blob)
      uploaded.set(Number(index), Buffer.from(await value.arrayBuffer()));
  }
  return { body: JSON.parse(String(form.get('payload_json') ?? '{}')) as Body, uploaded };
}
