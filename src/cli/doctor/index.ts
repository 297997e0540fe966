import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Host } from '../../../adapters/kind.ts';
import { askRunningBot, NotRunning } from '../../../adapters/terminal/client.ts';
import { SOCKET_NAME } from '../../../adapters/terminal/protocol.ts';
import { say, sayJson } from '../../../adapters/terminal/screen.ts';
import type { Config } from '../../config/config.ts';
import { usableConfig } from '../../config/config.ts';
import { noTeamFile } from '../../config/paths.ts';
import type { Reply } from '../../core/adapter.ts';
import { type BotError, errorText } from '../../core/errors.ts';
import { type Finding, failure, fine, warning } from '../../core/finding.ts';
import { createMask } from '../../core/masked.ts';
import type { Marks } from '../../core/queue.ts';
import type { HealthItem } from '../../core/services/health.ts';
import { localUsers } from '../../files/passwd.ts';
import { cureText, remarksOn, wallsHealth } from '../../files/walls.ts';
import { createHolders, sameJobs } from '../../queue/apart.ts';
import { loggedIn, otherUsers } from '../other-users.ts';
import type { Place } from '../place.ts';
import type { Given } from '../subcommand.ts';
import { checkDatabase, checkDataFolder } from './data.ts';
import { checkCharts, checkGpus, checkNode, checkService, checkTimezone } from './host.ts';
import { limited } from './limited.ts';
import { report } from './report.ts';

/** How long is waited, milliseconds: for one answer, and for all that a check asks. */
export const DOCTOR_TIMINGS = { answerMs: 4_000, checkMs: 9_000 };

/** `xaxbot doctor`: whether everything is there that a bot needs. Nothing is changed. Resolves to the exit code. */
export async function doctor(place: Place, { flags }: Given): Promise<number> {
  const found = await examine(place, { isOffline: flags.offline === true });
  if (flags.json) sayJson(JSON.stringify({ ok: isWell(found), checks: found }));
  else for (const line of report(found)) say(line);
  return isWell(found) ? 0 : 1;
}

function isWell(found: readonly Finding[]): boolean {
  return found.every(({ state }) => state !== 'failure');
}

/** Everything that was found, in the order in which it is read. */
export async function examine(
  place: Place,
  { isOffline, timings = DOCTOR_TIMINGS }: { isOffline: boolean; timings?: typeof DOCTOR_TIMINGS },
): Promise<Finding[]> {
  const { config, problems } = usableConfig(place);
  const { answerMs, checkMs } = timings;
  const check = (name: string, of: () => Promise<Finding[]> | Finding[]) => limited(name, checkMs, of);
  const running = await askHealth(config, answerMs);
  const host = { others: otherUsers(localUsers(), loggedIn(), process.getuid?.()) };
  const rows = setup(config, place, host).flatMap(([what, value]) => (value ? fine(what, value) : []));
  const env = config.childEnv;
  const marks = new Map<string, Marks>();
  const queueDeps = { env, timeoutMs: checkMs - 1_000, killGraceMs: config.killGraceMs };
  /** With the queue's name where there are several. */
  const named =
    ({ name }: { name: string }) =>
    (found: readonly Finding[]) =>
      config.queues.length > 1
        ? found.map((each) => ({ ...each, name: `${each.name} ${name}` }))
        : [...found];
  const groups = await Promise.all([
    [checkNode()],
    [...problems.map(settingsFinding), ...access(config)],
    check('data', () => (config.dataDir === '' ? [] : checkDataFolder(config.dataDir))),
    check('database', () =>
      config.dataDir === '' ? [] : checkDatabase(config.dataDir, env, checkMs - 1_000),
    ),
    ...config.queues.map((queue) =>
      check(queue.name, async () => {
        const onMarks = (found: Marks) => marks.set(queue.name, found);
        return queue.kind.check?.(queue.settings, { ...queueDeps, onMarks }) ?? [];
      }).then(named(queue)),
    ),
    ...config.queues.map((queue) => {
      const presets = config.presets.filter(({ queues }) => !queues || queues.includes(queue.name));
      return check('presets', () =>
        presets.length === 0 ? [] : (queue.kind.checkPresets?.(presets, queue.settings, queueDeps) ?? []),
      ).then(named(queue));
    }),
    ...[...config.adapters.values()].map(({ kind, settings }) =>
      check(kind.name, async () => {
        const { doctor } = kind;
        if (!doctor?.check || settings === null) return [];
        if (doctor.isRemote && isOffline) return [fine(doctor.label, 'set up; not asked (--offline)')];
        const channels = config.channels.filter(({ adapter }) => adapter === kind.name);
        return doctor.check(settings, {
          channels: channels.map(({ id }) => id),
          decidesBy: {
            groups: config.groups.flatMap(({ identities }) => identities[kind.name] ?? []),
            closedChannels: channels.some(({ members }) => members === 'by-room'),
          },
          isRunning: running !== undefined,
          dataDir: config.dataDir,
          others: host.others,
          proxied: config.proxied,
          timeoutMs: answerMs,
        });
      }),
    ),
    check('charts', async () => [await checkCharts(config)]),
    check('gpus', async () => [await checkGpus(config, answerMs)]),
    check('service', async () => [await checkService(env, answerMs)]),
    [checkTimezone(config, place.env.TZ)],
    running ?? [fine('bot', `none is running with ${config.dataDir}`)],
  ]);
  groups.push(twice(config.queues, marks));
  // What programs and servers say may hold what is nobody's to read.
  const mask = createMask(config.secrets);
  const found = groups.flat().map((each) => ({ ...each, detail: mask(each.detail) }));
  return [
    ...found,
    ...rows.filter(
      ({ name }) => !found.some((each) => each.name.split(' ')[0] === name || each.name === name),
    ),
  ];
}

/** Queues with the jobs of another one, as a bot finds them; `marks`: of those that were reached. */
function twice(queues: Config['queues'], marks: ReadonlyMap<string, Marks>): Finding[] {
  const holders = createHolders();
  return queues.flatMap(({ name }) => {
    const other = holders.take(name, marks.get(name) ?? new Map());
    return other ? [failure(`queue ${name}`, sameJobs(name, other))] : [];
  });
}

/** A mistake of the settings: each line of it tells its place and what is accepted. */
function settingsFinding(problem: BotError): Finding {
  const { message, hint, code } = problem;
  return failure(
    code === 'config' ? 'settings' : 'access',
    message.trimEnd(),
    code === 'config'
      ? 'correct it there; until then xaxbot does not start, and one that runs keeps what it has'
      : hint,
  );
}

function access({ relied }: Config): Finding[] {
  return wallsHealth(relied).map(({ detail }) => warning('access', detail));
}

/** The health of a running bot; undefined where none is. */
async function askHealth({ dataDir }: Config, timeoutMs: number): Promise<Finding[] | undefined> {
  if (dataDir === '') return undefined;
  const name = 'bot';
  let last: Reply | undefined;
  try {
    const socket = join(dataDir, SOCKET_NAME);
    // Whoever else may listen there is asked nothing.
    const [refused] = [...remarksOn('data folder', dataDir), ...remarksOn('socket of ours', socket)].filter(
      ({ act }) => act === 'refuse',
    );
    if (refused && existsSync(socket))
      return [failure(name, `it was not asked: ${refused.what}`, cureText(refused))];
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`a bot is running, and does not answer within ${timeoutMs / 1_000} s`)),
        timeoutMs,
      );
    });
    const asked = askRunningBot(socket, { argv: ['health'], yes: false }, (reply) => {
      last = reply;
    });
    await Promise.race([asked, silent]).finally(() => clearTimeout(timer));
  } catch (error) {
    return error instanceof NotRunning
      ? undefined
      : [failure(name, errorText(error), 'look at its log, and restart it')];
  }
  const items = (last?.data as { items?: HealthItem[] } | undefined)?.items ?? [];
  const wrong = items.filter(({ ok }) => !ok);
  return [
    fine(name, `it is running; ${items.length - wrong.length} of ${items.length} parts are well`),
    ...wrong.map((item) => warning(`bot, ${item.name}`, item.detail)),
  ];
}

/** What doctor shows of the set-up: what, and how it is. */
export function setup(config: Config, { env, cwd }: Place, host: Host = { others: [] }): [string, string][] {
  const { queues, dataDir, adapters, presets, people, channels, configPath } = config;
  const usual = [...adapters.values()].find(({ kind }) => kind.channels)?.kind.name;
  return [
    ...queues.flatMap(({ name, kind, settings }) =>
      kind
        .doctor(settings)
        .map(([what, value]): [string, string] => [what, queues.length > 1 ? `${name}: ${value}` : value]),
    ),
    ['data', dataDir],
    ...[...adapters.values()].flatMap(({ kind: { doctor }, settings }): [string, string][] =>
      doctor ? [[doctor.label, doctor.tells(settings, host)]] : [],
    ),
    ['.env', config.relied.find(({ path }) => basename(path) === '.env')?.path ?? `none in ${cwd}`],
    ['settings', configPath ?? `${noTeamFile(env, cwd)}; using the defaults`],
    [
      'presets',
      presets.length > 0
        ? presets.map(({ name }) => name).join(', ')
        : 'none: nothing can be queued from chat until some are declared',
    ],
    [
      'people',
      people
        .map(
          ({ id, role, roles = {} }) =>
            `${id} (${[role, ...Object.entries(roles).map(([queue, each]) => `${each} on ${queue}`)].join(', ')})`,
        )
        .join(', '),
    ],
    ['channels', channels.map(({ adapter, id }) => (adapter === usual ? id : `${adapter} ${id}`)).join(', ')],
  ];
}
