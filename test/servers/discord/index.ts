import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createViolations } from '../../validators/problems.ts';
import type { CallWatcher } from '../faults.ts';
import { INTENTS, type PermissionName, type PrivilegedIntent } from './bits.ts';
import { createClock } from './clock.ts';
import { type CommandStore, createCommandStore } from './commands.ts';
import type { Context } from './context.ts';
import { createFaults, type Faults } from './faults.ts';
import { createWorld } from './first-world.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createGuildActs, type GuildActs } from './guild-acts.ts';
import { GATEWAY, UPLOAD } from './limits.ts';
import { createInteractions } from './open-interactions.ts';
import { guildPayload, memberChunk, userPayload } from './payloads/guild.ts';
import { createPeople, type People } from './people/index.ts';
import { createRateLimits, type RateLimit } from './rate-limits.ts';
import { createReading, type Reading } from './reading.ts';
import { createRest, type Logged } from './rest.ts';
import { applicationPayload } from './routes/identity.ts';
import { createSessionStarts, type SessionStarts } from './session-starts.ts';
import { archiveIdle } from './threads.ts';
import type { User } from './world.ts';

export type { Observed } from './people/observe.ts';
export type { MessageView } from './people/view.ts';
export type { Seen } from './seen.ts';
export type { User } from './world.ts';

export interface DiscordServerOptions {
  token?: string;
  /** Privileged intents switched on in the developer portal; none by default. */
  approvedIntents?: readonly PrivilegedIntent[];
  /** What the bot's role allows; by default all that a bot is usually invited with, mass mentions included. */
  botPermissions?: readonly PermissionName[];
  /** Buckets to hold the bot to; none by default. */
  rateLimits?: readonly RateLimit[];
  /** Requests a second over all routes; unlimited by default. */
  globalPerSecond?: number;
  heartbeatMs?: number;
  /** Largest file, bytes. */
  fileLimit?: number;
  /** 0: any. */
  port?: number;
  /** Whether a request that Discord would not take fails the test, when the server stops; true by default. */
  strict?: boolean;
}

export interface DiscordServer extends People, GuildActs, Reading {
  /** For `new Client({ rest: { api } })`: `http://127.0.0.1:PORT/api`. */
  api: string;
  token: string;
  applicationId: string;
  guildId: string;
  /** The first text channel. */
  channelId: string;
  /** Administrator; member; a member who is a bot; one who is in no guild of the bot's. */
  users: { admin: User; member: User; bot: User; stranger: User };
  gateway: Pick<
    Gateway,
    'mood' | 'reconnect' | 'close' | 'forgetSessions' | 'connections' | 'attempts' | 'identifies' | 'resumes'
  >;
  sessionStarts: Pick<SessionStarts, 'set' | 'limit'>;
  commandsCreated: CommandStore['created'];
  /** The next interaction says what this makes of it. */
  forgeNext(change: (payload: Record<string, unknown>) => Record<string, unknown>): void;
  /** Another program declares a command for the same app in the first guild. */
  addCommand(name: string): void;
  fault: Faults['add'];
  clearFaults(): void;
  /** From now on this is told of every call: `POST /channels/ID/messages`. */
  watch(watcher: CallWatcher): void;
  /** Cuts REST and gateway until `up`. */
  down(): void;
  up(): void;
  /** From now on the token is refused (401, 4004); open sockets close with 4004. */
  revokeToken(): void;
  restoreToken(): void;
  /** Lets time pass for the server: expiries, windows, ages, idle threads. */
  advance(ms: number): void;
  now(): number;
  log: readonly Logged[];
  /** Requests answered 401, 403 or 429. */
  invalidRequests(): number;
  /** Rejects when it was sent what Discord does not take. */
  stop(): Promise<void>;
}

/** Starts a Discord of one guild, to which others may be added, on 127.0.0.1, as strict as the documentation says Discord is. */
export async function startDiscordServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  const clock = createClock();
  const { world, users, channelId } = createWorld(clock, options.botPermissions);
  const token = options.token ?? 'test-token';
  const state = { down: false, revoked: false, origin: '', watcher: (() => true) as CallWatcher };
  const approved = new Set(options.approvedIntents ?? []);
  const tokenIsGood = (given: string | undefined) => !state.revoked && given === token;
  const sessionStarts = createSessionStarts(clock.now);
  const context: Context = {
    sessionStarts,
    world,
    approved,
    tokenIsGood,
    fileLimit: options.fileLimit ?? UPLOAD.file,
    oldEdits: new Map(),
    forge: undefined,
    origin: () => state.origin,
    commands: createCommandStore({
      applicationId: world.bot.id,
      newId: world.newId,
      now: clock.now,
    }),
    interactions: createInteractions({ now: clock.now, newId: world.newId }),
    gateway: createGateway({
      tokenIsGood,
      mayStart() {
        if (sessionStarts.count()) return true;
        revokeToken();
        return false;
      },
      approved,
      heartbeatMs: options.heartbeatMs ?? GATEWAY.heartbeatMs,
      newId: world.newId,
      url: () => state.origin.replace('http', 'ws'),
      ready: () => readyFor(context),
      members: (query, intents) => memberChunk(world, query, intents),
    }),
  };
  function revokeToken(): void {
    state.revoked = true;
    context.gateway.close(4004);
  }
  const faults = createFaults();
  const rateLimits = createRateLimits(options.rateLimits ?? [], options.globalPerSecond, clock.now);
  const log: Logged[] = [];
  const violations = createViolations('Discord');
  const rest = createRest({
    context,
    faults,
    rateLimits,
    log,
    violations: options.strict === false ? undefined : violations,
    isDown: () => state.down,
    watcher: () => state.watcher,
  });
  const http = createServer(getRequestListener(rest.fetch, { overrideGlobalObjects: false }));
  context.gateway.attach(http);
  state.origin = `http://127.0.0.1:${await listen(http, options.port ?? 0)}`;

  return {
    ...createPeople(context),
    ...createGuildActs(context),
    ...createReading(context),
    api: `${state.origin}/api`,
    token,
    applicationId: world.bot.id,
    guildId: world.guild.id,
    channelId,
    users,
    gateway: context.gateway,
    sessionStarts,
    commandsCreated: context.commands.created,
    forgeNext(change) {
      context.forge = change;
    },
    addCommand: (name) =>
      void context.commands.upsert(world.guild.id, { name, description: 'of another program', type: 1 }),
    fault: faults.add,
    clearFaults: faults.clear,
    watch(watcher) {
      state.watcher = watcher;
    },
    down() {
      state.down = true;
      context.gateway.mood.down = true;
      context.gateway.close(1006);
    },
    up() {
      state.down = false;
      context.gateway.mood.down = false;
    },
    revokeToken,
    restoreToken() {
      state.revoked = false;
    },
    advance(ms) {
      clock.advance(ms);
      context.interactions.expire();
      archiveIdle(context);
      context.interactions.touched();
    },
    now: clock.now,
    log,
    invalidRequests: rateLimits.invalid,
    async stop() {
      context.gateway.stop();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      violations.expectNone();
    },
  };
}

function readyFor(context: Context) {
  const { world } = context;
  const isIn = world.members.has(world.bot.id);
  const guilds = isIn ? [...world.guilds.values()] : [];
  const after = guilds.map((guild) => ({
    event: 'GUILD_CREATE',
    need: INTENTS.GUILDS,
    data: guildPayload(world, guild),
  }));
  const application = { id: world.bot.id, flags: applicationPayload(context).flags };
  return {
    user: userPayload(world.bot),
    application,
    guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
    after,
  };
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
  });
}
