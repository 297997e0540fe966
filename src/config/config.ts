import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { BotError } from '../core/errors.ts';
import type { SessionSettings } from '../core/experiment.ts';
import type { ReservedCommand, Role } from '../core/person.ts';
import type { Preset } from '../core/preset.ts';
import { isSecretName } from '../core/secret-names.ts';
import type { TransitionKind } from '../core/transition.ts';
import type { WatchRule } from '../core/watch.ts';
import type { Schedules } from '../digest/schedules.ts';
import { childEnvironment } from '../processes/environment.ts';
import type { ConfiguredQueue, QueueKind } from '../queue/kind.ts';
import { QUEUE_KINDS } from '../queue/registry.ts';
import { queueHome } from '../queue/xax/place.ts';
import { checkOwnVariables, unixName, withDotenv } from './environment.ts';
import { createMistakes } from './mistakes.ts';
import { dataDir, findTeamFile } from './paths.ts';
import { resolveQueues } from './queues.ts';
import { emptyTeamFile, readTeamFile, type TeamFile } from './team-file.ts';

/** The configuration from the environment, `.env` and xaxbot.yaml, checked and typed. */
export interface Config {
  hostLabel: string;
  timezone: string;
  logLevel: string;
  /** At least one. */
  queues: ConfiguredQueue[];
  /** The folder in which xax keeps the experiment log: that of the first queue that has one. */
  xaxHome: string;
  dataDir: string;
  /** null: no web chat. */
  web: { host: string; port: number } | null;
  presets: Preset[];
  /** The team's own QuickChart server; undefined: charts are drawn here. */
  quickChartUrl: string | undefined;
  /** null: no Slack. */
  slack: { botToken: string; appToken: string; apiUrl: string | undefined } | null;
  /** null: no Discord. */
  discord: { token: string; apiUrl: string | undefined; commands: 'guild' | 'global' } | null;
  people: {
    id: string;
    name: string;
    role: Role;
    identities: { unix?: string | undefined; slack?: string | undefined; discord?: string | undefined };
  }[];
  channels: ConfigChannel[];
  /** Defaults for every session; `name` is the first one. */
  session: SessionSettings & { name?: string | undefined };
  watch: { defaults: boolean; rules: readonly WatchRule[] };
  killGraceMs: number;
  /** How long agents' proposals wait, and which of the commands they may not use they may propose. */
  agents: { approvalMs: number; mayPropose: readonly ReservedCommand[] };
  schedules: Schedules;
  /** Outgoing connections go through the proxy that the environment names. */
  proxied: boolean;
  /** The environment of child processes: ours without the bot's secrets. */
  childEnv: NodeJS.ProcessEnv;
  /** Values of the process's environment that are secrets, wherever they stand. */
  secrets: readonly string[];
  /** Where Node keeps compiled code, for our own drawing process. */
  compileCache: string | undefined;
  /** The yaml that was read; null without one. */
  configPath: string | null;
}

/** A channel, and who may do what there. */
export interface ConfigChannel {
  adapter: 'web' | 'slack' | 'discord';
  id: string;
  title: string;
  description: string;
  board: boolean;
  tasks?: string[] | undefined;
  owners?: string[] | undefined;
  transitions?: TransitionKind[] | undefined;
  broadcastsEndings: boolean;
  /** What members who are not in `people:` may do; null: only ask for help. */
  members: Role | null;
  /** Messages in its cards' threads are saved with the experiments. */
  capturesThreads: boolean;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const DEFAULT_WEB_PORT = 8787;
const DEFAULT_WEB_HOST = '127.0.0.1';

/**
 * The settings, from the environment over `.env` over defaults, and from xaxbot.yaml. This is the only reader of
 * either. Error `config` lists every problem, its place, and what is accepted.
 */
export function loadConfig({
  env: given,
  cwd,
  queueKinds: kinds = QUEUE_KINDS,
}: {
  env: NodeJS.ProcessEnv;
  cwd: string;
  queueKinds?: readonly QueueKind[];
}): Config {
  const { attempt, tell } = createMistakes();
  const env = attempt(() => withDotenv(given, cwd), given);
  attempt(() => checkOwnVariables(env), undefined);
  const configPath = attempt(() => findTeamFile(env, cwd), null);
  const nothing = emptyTeamFile();
  const team = configPath === null ? nothing : attempt(() => readTeamFile(configPath, env, kinds), nothing);
  const hostLabel = team.host ?? hostname();
  const folder = configPath === null ? cwd : dirname(configPath);
  const data = attempt(() => dataDir(env, cwd), '');
  const queues = attempt(
    () =>
      resolveQueues(team.queues, hostLabel, { kinds, place: { env, cwd, folder, dataDir: data }, attempt }),
    [],
  );
  const config: Config = {
    hostLabel,
    timezone: team.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    logLevel: attempt(() => oneOf('LOG_LEVEL', env.LOG_LEVEL || 'info', LOG_LEVELS), ''),
    queues,
    xaxHome: attempt(() => folderOf(queues) ?? queueHome(env, cwd), ''),
    dataDir: data,
    web: attempt(() => webPlace(env), null),
    quickChartUrl: attempt(() => quickChartUrl(env), undefined),
    slack: attempt(() => slackOf(env), null),
    discord: attempt(() => discordOf(env, team), null),
    presets: presetsOf(team),
    people: peopleOf(team, env),
    channels: channelsOf(team),
    session: team.session,
    watch: team.watch,
    killGraceMs: team.kill.grace_seconds * 1000,
    agents: {
      approvalMs: team.agents.approval_minutes * 60_000,
      mayPropose: team.agents.may_propose,
    },
    schedules: {
      export: team.export.schedule ?? null,
      digest: { day: team.digest.daily ?? null, week: team.digest.weekly ?? null },
    },
    proxied: Boolean(
      // Not from .env: what connects reads the process's own environment.
      given.HTTPS_PROXY || given.https_proxy || given.HTTP_PROXY || given.http_proxy,
    ),
    secrets: secretsIn(env),
    childEnv: childEnvironment(withoutLaunchers(given)),
    compileCache: given.NODE_COMPILE_CACHE,
    configPath,
  };
  tell();
  return config;
}

/** The folder of the first queue that has one. */
function folderOf(queues: readonly ConfiguredQueue[]): string | undefined {
  return queues.flatMap(({ kind, settings }) => kind.folder(settings) ?? [])[0];
}

/** A shorter value would match unrelated text. */
const SECRET_MIN_LENGTH = 8;

/** The values of the process's own tokens and passwords. */
function secretsIn(env: NodeJS.ProcessEnv): string[] {
  return Object.entries(env).flatMap(([name, value = '']) =>
    isSecretName(name) && value.length >= SECRET_MIN_LENGTH && !value.startsWith('/') ? [value] : [],
  );
}

/** Variables that bin/xaxbot.js set for the bot alone are not the user's to pass on. */
function withoutLaunchers(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const set = (env.XAXBOT_LAUNCHER_SET ?? '').split(',');
  return Object.fromEntries(Object.entries(env).filter(([name]) => !set.includes(name)));
}

function webPlace(env: NodeJS.ProcessEnv): Config['web'] {
  const text = env.XAXBOT_WEB_PORT || String(DEFAULT_WEB_PORT);
  if (text === 'off') return null;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new BotError(
      'config',
      `XAXBOT_WEB_PORT is "${text}".`,
      'Accepted: a port from 0 to 65535 (0 takes a free one), or "off".',
    );
  }
  return { host: env.XAXBOT_WEB_HOST || DEFAULT_WEB_HOST, port };
}

function oneOf(name: string, value: string, accepted: readonly string[]): string {
  if (accepted.includes(value)) return value;
  throw new BotError('config', `${name} is "${value}".`, `Accepted: one of ${accepted.join(', ')}.`);
}

function presetsOf({ presets }: TeamFile): Preset[] {
  return Object.entries(presets).map(
    ([name, { description, cwd, argv, options, allow_extra, queues, kill_on_nan }]) => ({
      name,
      description,
      cwd,
      argv,
      options,
      allowExtra: allow_extra,
      queues,
      killOnNan: kill_on_nan,
    }),
  );
}

/** Without `people:` there is one person, whoever runs the bot. */
function peopleOf({ people }: TeamFile, env: NodeJS.ProcessEnv): Config['people'] {
  if (!people) {
    const name = unixName(env);
    return [{ id: name, name, role: 'admin', identities: { unix: name } }];
  }
  return Object.entries(people).map(([id, { name, role, ...identities }]) => ({
    id,
    name: name ?? id,
    role,
    identities,
  }));
}

/** Without a channel of its own the web chat has one for everything. */
function channelsOf({ channels = [] }: TeamFile): ConfigChannel[] {
  const declared = channels.map(
    ({ platform, title, endings, members, capture_threads, ...rest }): ConfigChannel => ({
      ...rest,
      adapter: platform,
      title: title ?? rest.id,
      broadcastsEndings: endings === 'broadcast',
      members: members === 'none' ? null : members,
      capturesThreads: capture_threads,
    }),
  );
  if (declared.some(({ adapter }) => adapter === 'web')) return declared;
  const whole: ConfigChannel = {
    adapter: 'web',
    id: 'queue',
    title: 'Queue',
    description: 'Every job of the queue',
    board: true,
    broadcastsEndings: false,
    members: null,
    capturesThreads: false,
  };
  return [whole, ...declared];
}

function slackOf(env: NodeJS.ProcessEnv): Config['slack'] {
  const botToken = token('SLACK_BOT_TOKEN', env, 'xoxb-');
  const appToken = token('SLACK_APP_TOKEN', env, 'xapp-');
  if (botToken === undefined && appToken === undefined) return null;
  if (botToken === undefined || appToken === undefined) {
    const [given, missing] =
      appToken === undefined
        ? ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']
        : ['SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'];
    throw new BotError(
      'config',
      `${given} is set, but ${missing} is not.`,
      'Slack needs both: docs/slack.md says where each comes from. Without either, Slack is off.',
    );
  }
  return { botToken, appToken, apiUrl: apiUrl('SLACK_API_URL', env) };
}

function discordOf(env: NodeJS.ProcessEnv, { discord }: TeamFile): Config['discord'] {
  const given = token('DISCORD_TOKEN', env, '');
  return given === undefined
    ? null
    : { token: given, apiUrl: apiUrl('DISCORD_API_URL', env), commands: discord.commands };
}

/** A token; what is wrong with it is said without it. */
function token(name: string, env: NodeJS.ProcessEnv, prefix: string): string | undefined {
  const value = env[name]?.trim();
  if (!value) return undefined;
  if (value.startsWith(prefix) && !/\s/.test(value)) return value;
  throw new BotError(
    'config',
    `${name} is not a valid token.`,
    prefix === '' ? 'It must not contain spaces.' : `It starts with ${prefix} and contains no spaces.`,
  );
}

/** Where a platform is reached instead of its own address; tokens go there, so it must be a safe way. */
/** A server of the team's own, on this host or in its network; none is asked unless it is named. */
function quickChartUrl(env: NodeJS.ProcessEnv): string | undefined {
  const text = env.QUICKCHART_URL;
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return text;
  throw new BotError(
    'config',
    `QUICKCHART_URL is "${text}".`,
    'Accepted: the http:// or https:// address of a QuickChart server.',
  );
}

function apiUrl(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const text = env[name];
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return text;
  throw new BotError(
    'config',
    `${name} is "${text}".`,
    'Accepted: an https:// address, or http:// on this host (127.0.0.1, localhost): tokens go there.',
  );
}
