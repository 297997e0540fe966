import { existsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { AdapterKind } from '../../../adapters/kind.ts';
import { ADAPTERS } from '../../../adapters/registry.ts';
import { inLine } from '../../../adapters/terminal/screen.ts';
import { usableConfig } from '../../config/config.ts';
import { noTeamFile } from '../../config/paths.ts';
import { asGiven } from '../../core/as-given.ts';
import { BotError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { isZone } from '../../core/time-zone.ts';
import { findProgram, notRunnable } from '../../processes/find-program.ts';
import { expandHome, homeOf } from '../../queue/expand-home.ts';
import { resolveXaxHome } from '../../queue/xax/home.ts';
import { xaxCommand } from '../../queue/xax/place.ts';
import type { Place } from '../place.ts';
import type { Given } from '../subcommand.ts';
import type { Answers } from './answers.ts';
import {
  createLaunchables,
  type Launchables,
  likelyProjects,
  newestJobs,
  type Runnable,
  runnables,
} from './look.ts';
import { chosen, presetsFrom } from './presets.ts';
import { channelsFlag, flagOf } from './questions.ts';
import type { TeamParts } from './team-text.ts';

/** What was found before anything is asked. */
export interface Seen {
  place: Place;
  /** The environment with `.env`. */
  env: NodeJS.ProcessEnv;
  home: string;
  jobs: readonly Job[];
  launchables: Launchables;
  /** Folders in which training code was found that nobody named, and that nobody is asked about. */
  elsewhere: readonly string[];
  settings: ReturnType<typeof usableConfig>['config'];
  /** There is an xaxbot.yaml. */
  isThere: boolean;
  /** By flag, what holds when nothing else is said. */
  usual: Readonly<Record<string, string>>;
}

/** What was answered. */
export interface Asked {
  variables: Record<string, string>;
  team: TeamParts;
}

/**
 * Looks at the host. Where nobody is asked, what holds of code is what is in the folder in which this is run. Error `config`: there is an
 * xaxbot.yaml, and it is broken.
 */
export function seenAt(place: Place, env: NodeJS.ProcessEnv, isAsked: boolean): Seen {
  const { config: settings, problems } = usableConfig(place);
  const broken = problems.find(
    ({ message }) => settings.configPath !== null && message.startsWith(settings.configPath),
  );
  if (broken)
    throw new BotError(
      'config',
      broken.message,
      `Mend it, or move it away; then run "${shellCommand('init')}" again.`,
    );
  const home = homeOf(env);
  const xaxHome = resolveXaxHome(env, place.cwd);
  const jobs = newestJobs(xaxHome);
  const launchables = createLaunchables();
  const likely = likelyProjects(jobs, { env, cwd: place.cwd }, launchables);
  const here = { env: { HOME: env.HOME }, cwd: place.cwd };
  const projects = isAsked ? likely : likelyProjects([], here, launchables);
  return {
    place,
    env,
    home,
    jobs,
    launchables,
    elsewhere: likely.filter((folder) => !projects.includes(folder)),
    settings,
    isThere: settings.configPath !== null,
    usual: {
      'xax-home': xaxHome,
      'xax-bin': xaxOf(env, place.cwd) ?? '',
      project: projects.join(':') || 'none',
      presets: 'all',
      host: settings.hostLabel || hostname(),
      timezone: settings.configPath === null && env.TZ && isZone(env.TZ) ? env.TZ : settings.timezone,
    },
  };
}

/** The xax command that is set, or on PATH. */
function xaxOf(env: NodeJS.ProcessEnv, cwd: string): string | undefined {
  const folders = env.PATH?.split(':').filter(isAbsolute).join(':');
  return env.XAX_BIN || findProgram('xax', folders === undefined ? {} : { PATH: folders }, cwd);
}

/** The xax command of a project's own Python. */
function besideOf(found: readonly Runnable[]): string | undefined {
  return found
    .map(({ python }) => join(dirname(python), 'xax'))
    .find((path) => notRunnable(path) === undefined);
}

/** Error `bad-option`. */
function mustBeFolder(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return path;
  throw new BotError(
    'bad-option',
    `${path} ${found ? 'is no folder' : 'does not exist'}.`,
    'Name the folder of the training code, or "none".',
  );
}

/** Asks for everything; `say` tells what is good to know meanwhile. */
export async function askAll(
  seen: Seen,
  answers: Answers,
  given: Given,
  say: (line: string) => void,
): Promise<Asked> {
  const { place, env, usual, home, settings } = seen;
  const path = (text: string) => resolve(place.cwd, expandHome(text, env));
  if (answers.isAsked)
    say(
      `${seen.isThere ? `Settings: ${settings.configPath}` : noTeamFile(env, place.cwd)}. Enter takes what stands in brackets.\n`,
    );
  const xaxHome = await answers.get(
    { flag: 'xax-home', words: "The queue's folder", usual: usual['xax-home']! },
    path,
  );
  // One that somebody names; that there is no queue yet, doctor says.
  if (xaxHome !== usual['xax-home'] && !existsSync(xaxHome))
    say(
      inLine(`${xaxHome} is not there yet: xax makes it with its first job, if that is the folder it uses.`),
    );
  const jobs = xaxHome === usual['xax-home'] ? seen.jobs : newestJobs(xaxHome);
  const folders = await answers.get(
    { flag: 'project', words: 'Folder of the training code (several with : between)', usual: usual.project! },
    (text) => (text === 'none' ? [] : text.split(':').filter(Boolean).map(path)).map(mustBeFolder),
  );
  if (given.flags.project === undefined)
    for (const folder of seen.elsewhere)
      say(inLine(`${folder} has code that launches a task of xax too: --project ${folder} takes it.`));
  const named = typeof given.flags.python === 'string' ? path(given.flags.python) : undefined;
  if (named !== undefined && notRunnable(named) !== undefined)
    throw new BotError(
      'bad-option',
      `--python is ${named}, which ${notRunnable(named)}.`,
      'Name a Python by its path.',
    );
  const known = usual['xax-bin'] || undefined;
  const { found, remarks } = runnables(folders, {
    jobs,
    env,
    home,
    xaxBin: known,
    python: named,
    launchables: seen.launchables,
  });
  for (const remark of remarks) say(inLine(remark));
  const xaxBin = await answers.get(
    { flag: 'xax-bin', words: 'The xax command', usual: known ?? besideOf(found) ?? '' },
    (text) =>
      text === '' || text === 'none'
        ? undefined
        : xaxCommand(env, place.cwd, { name: 'The xax command', value: text }),
  );
  const all = presetsFrom(found, settings.presets, home);
  for (const [index, { name, argv, options }] of all.entries())
    say(`  ${index + 1}. ${name}: ${argv.join(' ')} (${Object.keys(options).length} settings)`);
  const presets =
    all.length === 0
      ? []
      : await answers.get(
          {
            flag: 'presets',
            words: 'Which of them may be launched from chat: all, none, or their numbers',
            usual: 'all',
          },
          (text) => chosen(all, text),
        );
  const asIs = { host: usual.host!, timezone: usual.timezone! };
  const { host, timezone } = seen.isThere ? asIs : await askTeam(asIs, answers);
  const platforms = [];
  for (const kind of ADAPTERS) platforms.push(await askAdapter(kind, seen, answers, given, say));
  const isUsualHome = xaxHome === resolveXaxHome({ HOME: env.HOME }, place.cwd);
  return {
    variables: {
      ...(isUsualHome && env.XAX_HOME === undefined ? {} : { XAX_HOME: xaxHome }),
      ...(xaxBin === undefined ? {} : { XAX_BIN: xaxBin }),
      ...Object.assign({}, ...platforms.map(({ variables }) => variables)),
    },
    team: { host, timezone, presets, channels: platforms.flatMap(({ channels }) => channels) },
  };
}

async function askTeam(usual: { host: string; timezone: string }, answers: Answers) {
  const host = await answers.get(
    { flag: 'host', words: 'What the chat calls this machine', usual: usual.host },
    (text) => text,
  );
  const timezone = await answers.get(
    { flag: 'timezone', words: 'Time zone', usual: usual.timezone },
    (text) => {
      if (isZone(text)) return text;
      throw new BotError(
        'bad-option',
        `There is no time zone ${asGiven(text)}.`,
        'Accepted: one such as Europe/Zurich.',
      );
    },
  );
  return { host, timezone };
}

/** What an adapter is to have, in `.env` and among the channels. */
async function askAdapter(
  kind: AdapterKind,
  { env, settings }: Seen,
  answers: Answers,
  given: Given,
  say: (line: string) => void,
): Promise<{ variables: Record<string, string>; channels: TeamParts['channels'] }> {
  const { setUp, title, name } = kind;
  const nothing = { variables: {}, channels: [] };
  if (!setUp) return nothing;
  const isGiven = setUp.asks.some(
    ({ variable }) => given.flags[flagOf(variable)] !== undefined || env[variable],
  );
  const isWanted = setUp.isAlwaysOn || isGiven || (await answers.isYes(`Connect ${title} now?`, false));
  if (!isWanted) return nothing;
  if (answers.isAsked && !isGiven) for (const line of setUp.how()) say(line);
  const variables: Record<string, string> = {};
  for (const { variable, words, isSecret, usual = '', check } of setUp.asks) {
    const answer = await answers.get(
      { flag: flagOf(variable), words, isSecret, usual: env[variable] || usual },
      (text) => {
        if (text !== '') check(text);
        return text;
      },
    );
    if (answer !== '' && (answer !== usual || env[variable])) variables[variable] = answer;
  }
  if (setUp.channels === undefined || Object.keys(variables).length === 0) return { variables, channels: [] };
  const there = settings.channels.filter(({ adapter }) => adapter === name).map(({ id }) => id);
  const ids = await answers.get(
    { flag: channelsFlag(kind), words: setUp.channels, usual: there.join(',') },
    (text) => channelIds(kind, text),
  );
  return {
    variables,
    channels: ids.filter((id) => !there.includes(id)).map((id) => ({ platform: name, id })),
  };
}

function channelIds({ channels, title }: AdapterKind, text: string): string[] {
  const ids = text === 'none' ? [] : text.split(/[\s,]+/).filter(Boolean);
  for (const id of ids) {
    const wrong = channels?.id.safeParse(id).error?.issues[0]?.message;
    if (wrong !== undefined)
      throw new BotError('bad-option', `${asGiven(id)} is no channel of ${title}.`, `Accepted: ${wrong}.`);
  }
  return ids;
}
