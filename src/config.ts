import { existsSync, readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import { emptyTeamFile, readTeamFile, type TeamFile } from './config/team-file.ts';
import { BotError } from './core/errors.ts';
import type { Objective } from './core/experiment.ts';
import type { Role } from './core/person.ts';
import type { Preset } from './core/preset.ts';
import { childEnvironment } from './processes/environment.ts';
import { resolveXaxHome } from './queue/xax/home.ts';
import { networkFileSystem } from './queue/xax/watcher.ts';

/** Everything that was decided outside: the environment, `.env`, and xaxbot.yaml, checked and typed. */
export interface Config {
  hostLabel: string;
  timezone: string;
  logLevel: string;
  queue: { name: string; home: string; xaxBin: string | undefined };
  dataDir: string;
  /** null: no web chat. */
  web: { host: string; port: number } | null;
  presets: Preset[];
  people: { id: string; name: string; role: Role; identities: { unix?: string } }[];
  channels: {
    adapter: 'web';
    id: string;
    title: string;
    description: string;
    board: boolean;
    tasks?: string[];
    owners?: string[];
  }[];
  session: { name?: string; objective?: Objective };
  killGraceMs: number;
  /** Cron expression of the scheduled export; null without one. */
  exportSchedule: string | null;
  /** What child processes get: our environment without the bot's secrets. */
  childEnv: NodeJS.ProcessEnv;
  /** Where Node keeps compiled code, for our own drawing process. */
  compileCache: string | undefined;
  /** The yaml that was read; null without one. */
  configPath: string | null;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const DEFAULT_WEB_PORT = 8787;
const DEFAULT_WEB_HOST = '127.0.0.1';

/**
 * The settings, from the environment over `.env` over defaults, and from xaxbot.yaml. This is the only reader of
 * either. Error `config` says what is wrong, where, and what is accepted.
 */
export function loadConfig(source: { env: NodeJS.ProcessEnv; cwd: string }): Config {
  const env = withDotenv(source.env, source.cwd);
  const configPath = findTeamFile(env, source.cwd);
  const team = configPath === null ? emptyTeamFile() : readTeamFile(configPath);
  const hostLabel = team.host ?? hostname();
  return {
    hostLabel,
    timezone: team.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    logLevel: oneOf('LOG_LEVEL', env.LOG_LEVEL || 'info', LOG_LEVELS),
    queue: {
      name: hostLabel.replace(/[^A-Za-z0-9._-]/g, '-'),
      home: resolveXaxHome(env, source.cwd),
      xaxBin: xaxCommand(env, source.cwd),
    },
    dataDir: dataDir(env, source.cwd),
    web: webPlace(env),
    presets: presetsOf(team),
    people: peopleOf(team),
    channels: channelsOf(team),
    session: { name: team.session.name, objective: team.session.objective },
    killGraceMs: team.kill.grace_seconds * 1000,
    exportSchedule: team.export.schedule ?? null,
    childEnv: childEnvironment(withoutLaunchers(source.env)),
    compileCache: source.env.NODE_COMPILE_CACHE,
    configPath,
  };
}

/** Variables that bin/xaxbot.js set for the bot alone are not the user's to pass on. */
function withoutLaunchers(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const set = (env.XAXBOT_LAUNCHER_SET ?? '').split(',');
  return Object.fromEntries(Object.entries(env).filter(([name]) => !set.includes(name)));
}

function withDotenv(env: NodeJS.ProcessEnv, cwd: string): NodeJS.ProcessEnv {
  const path = join(cwd, '.env');
  return existsSync(path) ? { ...parseDotenv(readFileSync(path)), ...env } : env;
}

function findTeamFile(env: NodeJS.ProcessEnv, cwd: string): string | null {
  if (env.XAXBOT_CONFIG) return resolve(cwd, env.XAXBOT_CONFIG);
  const home = env.XDG_CONFIG_HOME || join(env.HOME ?? homedir(), '.config');
  return (
    [join(cwd, 'xaxbot.yaml'), join(home, 'xaxbot', 'xaxbot.yaml')].find((path) => existsSync(path)) ?? null
  );
}

function dataDir(env: NodeJS.ProcessEnv, cwd: string): string {
  const state = env.XDG_STATE_HOME || join(env.HOME ?? homedir(), '.local', 'state');
  const path = env.XAXBOT_DATA_DIR ? resolve(cwd, env.XAXBOT_DATA_DIR) : join(state, 'xaxbot');
  let existing = path;
  while (!existsSync(existing) && existing !== '/') existing = resolve(existing, '..');
  const network = networkFileSystem(existing);
  if (network) {
    throw new BotError(
      'config',
      `The data folder ${path} is on ${network}, where SQLite's locks do not hold.`,
      'Name a folder on a local disk in XAXBOT_DATA_DIR.',
    );
  }
  return path;
}

function webPlace(env: NodeJS.ProcessEnv): Config['web'] {
  const text = env.XAXBOT_WEB_PORT || String(DEFAULT_WEB_PORT);
  if (text === 'off') return null;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new BotError(
      'config',
      `XAXBOT_WEB_PORT is "${text}".`,
      'Accepted is a port from 0 to 65535 (0 takes a free one), or "off".',
    );
  }
  return { host: env.XAXBOT_WEB_HOST || DEFAULT_WEB_HOST, port };
}

function xaxCommand(env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  const named = env.XAX_BIN;
  if (named) {
    const path = isAbsolute(named) || named.includes('/') ? resolve(cwd, named) : onPath(named, env);
    if (path && existsSync(path)) return path;
    throw new BotError(
      'config',
      `XAX_BIN is "${named}", and there is no such program.`,
      'Name the xax command by its path, or leave it out.',
    );
  }
  return onPath('xax', env);
}

function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

function oneOf(name: string, value: string, accepted: readonly string[]): string {
  if (accepted.includes(value)) return value;
  throw new BotError('config', `${name} is "${value}".`, `Accepted is one of ${accepted.join(', ')}.`);
}

function presetsOf({ presets }: TeamFile): Preset[] {
  return Object.entries(presets).map(([name, { description, cwd, argv, options, allow_extra }]) => ({
    name,
    description,
    cwd,
    argv,
    options,
    allowExtra: allow_extra,
  }));
}

/** Without `people:` there is one person, whoever runs the bot. */
function peopleOf({ people }: TeamFile): Config['people'] {
  if (!people) {
    const { username } = userInfo();
    return [{ id: username, name: username, role: 'admin', identities: { unix: username } }];
  }
  return Object.entries(people).map(([id, { name, role, unix }]) => ({
    id,
    name: name ?? id,
    role,
    identities: { unix },
  }));
}

function channelsOf({ channels }: TeamFile): Config['channels'] {
  const declared = channels ?? [
    {
      id: 'queue',
      platform: 'web' as const,
      title: 'Queue',
      description: 'Every job of the queue',
      board: true,
      tasks: undefined,
      owners: undefined,
    },
  ];
  return declared.map(({ id, platform, title, description, board, tasks, owners }) => ({
    adapter: platform,
    id,
    title: title ?? id,
    description,
    board,
    tasks,
    owners,
  }));
}
