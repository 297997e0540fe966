import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { AdapterKind } from '../../adapters/kind.ts';
import { ADAPTERS } from '../../adapters/registry.ts';
import { asGiven } from '../core/as-given.ts';
import { BotError } from '../core/errors.ts';
import type { SessionSettings } from '../core/experiment.ts';
import type { LinkTemplate } from '../core/links.ts';
import type { ReservedCommand } from '../core/person.ts';
import type { Preset } from '../core/preset.ts';
import type { Supervisor } from '../core/supervisor.ts';
import type { WatchRule } from '../core/watch.ts';
import type { Schedules } from '../digest/schedules.ts';
import { hold, type Relied } from '../files/walls.ts';
import { childEnvironment } from '../processes/environment.ts';
import type { ConfiguredQueue, QueueKind } from '../queue/kind.ts';
import { QUEUE_KINDS } from '../queue/registry.ts';
import { queueHome } from '../queue/xax/place.ts';
import {
  checkOwnVariables,
  ownVariables,
  secretsIn,
  settingVariables,
  supervisorIn,
  unixName,
  withDotenv,
  withoutOurs,
} from './environment.ts';
import { createMistakes } from './mistakes.ts';
import { dataDir, findTeamFile, teamFilePlaces } from './paths.ts';
import { resolveQueues } from './queues.ts';
import { type Statement, statementsOf } from './statements.ts';
import {
  type ConfigChannel,
  type ConfigGroup,
  type ConfigPerson,
  channelsOf,
  groupsOf,
  hasRoles,
  peopleOf,
  presetsOf,
} from './team.ts';
import { emptyTeamFile, readUsable } from './team-file.ts';

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
  /** Every adapter there is, by its name, in their order. */
  adapters: ReadonlyMap<string, AdapterSetup>;
  presets: Preset[];
  /** The team's own QuickChart server; undefined: charts are drawn here. */
  quickChartUrl: string | undefined;
  people: ConfigPerson[];
  groups: ConfigGroup[];
  /** The settings say of somebody what they may do: of people, of groups, or of members of a channel. */
  hasRoles: boolean;
  /** Users of the host that several people may work as: what they own is nobody's unless `people:` says whose. */
  sharedUnix: readonly string[];
  channels: ConfigChannel[];
  /** Defaults for every session; `name` is the first one. */
  session: SessionSettings & { name?: string | undefined };
  watch: { defaults: boolean; rules: readonly WatchRule[] };
  killGraceMs: number;
  /** How long agents' proposals wait, and which of the commands they may not use they may propose. */
  agents: { approvalMs: number; mayPropose: readonly ReservedCommand[] };
  /** What the cards of jobs link to. */
  links: readonly LinkTemplate[];
  /** How long a failed run goes without anybody looking at it before its owner is reminded; 0: they are not. */
  remindAfterMs: number;
  schedules: Schedules;
  /** Outgoing connections go through the proxy that the environment names. */
  proxied: boolean;
  /** The environment of child processes: ours without the bot's secrets. */
  childEnv: NodeJS.ProcessEnv;
  supervisor: Supervisor | null;
  /** Values of the process's environment that are secrets, wherever they stand. */
  secrets: readonly string[];
  /** Where Node keeps compiled code, for our own drawing process. */
  compileCache: string | undefined;
  /** The yaml that was read; null without one. */
  configPath: string | null;
  /** Where a yaml may stand; a file that is in none of them is no settings. */
  configPlaces: readonly string[];
  /** All that is said in it and in variables, to tell what was changed. */
  statements: readonly Statement[];
  /** Files and folders of its own that others must not change. */
  relied: readonly Relied[];
}

/** An adapter of the registry, and what it runs on. */
export interface AdapterSetup {
  kind: AdapterKind;
  /** What `kind.settings` gave, for `kind.load`; null: it is off. */
  settings: unknown;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Where the settings are looked for, and the registries that they are for. */
export interface Place {
  env: NodeJS.ProcessEnv;
  cwd: string;
  adapters?: readonly AdapterKind[] | undefined;
  queueKinds?: readonly QueueKind[] | undefined;
}

/**
 * The settings, from the environment over `.env` over defaults, and from xaxbot.yaml. This is the only reader of
 * either. Error `config` lists every problem, its place, and what is accepted.
 */
export function loadConfig(place: Place): Config {
  const mistakes = createMistakes();
  const config = readConfig(place, mistakes);
  mistakes.tell();
  return config;
}

/** The settings as far as they can be used, and everything that is wrong with the rest: for whoever says what is to be mended. */
export function usableConfig(place: Place): { config: Config; problems: readonly BotError[] } {
  const mistakes = createMistakes();
  return { config: readConfig(place, mistakes), problems: mistakes.found };
}

function readConfig(
  { env: given, cwd, adapters: kinds = ADAPTERS, queueKinds = QUEUE_KINDS }: Place,
  { attempt, keep }: ReturnType<typeof createMistakes>,
): Config {
  const { env, dotenv } = attempt(() => withDotenv(given, cwd), { env: given, dotenv: undefined });
  const own = ownVariables(kinds);
  attempt(() => checkOwnVariables(env, own), undefined);
  const teamFile = attempt(() => findTeamFile(env, cwd), null);
  const configPath = teamFile?.path ?? null;
  const nothing = emptyTeamFile(kinds);
  const team =
    teamFile === null
      ? nothing
      : attempt(() => {
          hold(teamFile.wall, teamFile.path);
          const { team, problem } = readUsable(teamFile.path, { kinds, queueKinds });
          if (problem) keep(problem);
          return team;
        }, nothing);
  const hostLabel = team.host ?? hostname();
  const folder = configPath === null ? cwd : dirname(configPath);
  const data = attempt(() => dataDir(env, cwd), '');
  const queues = attempt(
    () =>
      resolveQueues(team.queues, hostLabel, {
        kinds: queueKinds,
        place: { env, cwd, folder, dataDir: data },
        attempt,
      }),
    [],
  );
  return {
    hostLabel,
    timezone: team.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    logLevel: attempt(() => oneOf('LOG_LEVEL', env.LOG_LEVEL || 'info', LOG_LEVELS), ''),
    queues,
    xaxHome: attempt(() => folderOf(queues) ?? homeWithoutQueue(env, cwd, data), ''),
    dataDir: data,
    adapters: new Map(
      kinds.map((kind) => [
        kind.name,
        {
          kind,
          settings: attempt(() => kind.settings(only(kind.variables, env), team.sections[kind.name]), null),
        },
      ]),
    ),
    quickChartUrl: attempt(() => quickChartUrl(env), undefined),
    presets: presetsOf(team),
    people: peopleOf(team, env),
    groups: groupsOf(team),
    hasRoles: hasRoles(team),
    sharedUnix: ['root', unixName(env)],
    channels: channelsOf(team, kinds),
    session: team.session,
    watch: team.watch,
    killGraceMs: team.kill.grace_seconds * 1000,
    agents: {
      approvalMs: team.agents.approval_minutes * 60_000,
      mayPropose: team.agents.may_propose,
    },
    links: team.links,
    remindAfterMs: team.reminders.failed_after_hours * 3_600_000,
    schedules: {
      export: team.export.schedule ?? null,
      digest: { day: team.digest.daily ?? null, week: team.digest.weekly ?? null },
    },
    proxied: Boolean(
      // Not from .env: what connects reads the process's own environment.
      given.HTTPS_PROXY || given.https_proxy || given.HTTP_PROXY || given.http_proxy,
    ),
    secrets: secretsIn(env),
    childEnv: childEnvironment(withoutOurs(given), own, env),
    supervisor: supervisorIn(given),
    compileCache: given.NODE_COMPILE_CACHE,
    configPath,
    configPlaces: teamFilePlaces(env, cwd),
    statements: statementsOf(team, team.queues ?? [], only(settingVariables(kinds), env)),
    relied: [
      ...(data ? [{ wall: 'data folder' as const, path: data }] : []),
      ...[dotenv, teamFile].filter((each) => each != null),
    ],
  };
}

/** Where no queue is on this host: xax's own folder, if it is here, else the bot's. */
function homeWithoutQueue(env: NodeJS.ProcessEnv, cwd: string, data: string): string {
  const home = queueHome(env, cwd);
  return env.XAX_HOME !== undefined || existsSync(home) ? home : data;
}

/** The folder of the first queue that has one. */
function folderOf(queues: readonly ConfiguredQueue[]): string | undefined {
  return queues.flatMap(({ kind, settings }) => kind.folder(settings) ?? [])[0];
}

function oneOf(name: string, value: string, accepted: readonly string[]): string {
  if (accepted.includes(value)) return value;
  throw new BotError('config', `${name} is ${asGiven(value)}.`, `Accepted: one of ${accepted.join(', ')}.`);
}

/** The variables of these names that are set. */
function only(names: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

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
