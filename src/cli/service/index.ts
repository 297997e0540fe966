import { ADAPTERS } from '../../../adapters/registry.ts';
import { complain, inLine, say } from '../../../adapters/terminal/screen.ts';
import { loadConfig } from '../../config/config.ts';
import { loadDataDir } from '../../config/data-dir.ts';
import { settingVariables, unixName } from '../../config/environment.ts';
import { BotError } from '../../core/errors.ts';
import { shellCommand } from '../../core/shell-command.ts';
import { startersUmask } from '../../processes/umask.ts';
import type { Place } from '../place.ts';
import type { Given } from '../subcommand.ts';
import { VERSION } from '../version.ts';
import { botHealth, isBotThere } from './bot.ts';
import { environmentText, serviceVariables } from './environment-file.ts';
import { carryOut, changedFiles, showPlan } from './install.ts';
import { createManager, type Manager } from './manager.ts';
import { isPassing, launcher, type ServicePlace, servicePlace } from './place.ts';
import { unitText } from './unit.ts';

/** Exit codes of `systemctl status`: a service that does not run. */
const EXIT_NOT_RUNNING = 3;

interface Asked {
  place: Place;
  service: ServicePlace;
  manager: Manager;
  flags: Given['flags'];
}

const ACTIONS: Readonly<Record<string, (asked: Asked) => Promise<number>>> = {
  install,
  uninstall,
  status,
  logs,
};

/** `xaxbot service …`: the bot as a service of this user's systemd. Resolves to the exit code. */
export async function service(place: Place, { action = '', flags }: Given): Promise<number> {
  const name = flags.name as string | undefined;
  const manager = createManager(place.env);
  return ACTIONS[action]!({ place, service: servicePlace(place.env, name), manager, flags });
}

async function install({ place, service, manager, flags }: Asked): Promise<number> {
  const { unit, unitPath, environmentPath } = service;
  const { env, cwd } = place;
  const config = loadConfig(place);
  const missing = await manager.missing();
  const isDry = flags['dry-run'] === true;
  if (missing !== null && !isDry) throw noSystemd(missing);

  const variables = serviceVariables(env, settingVariables(ADAPTERS), words(flags.env));
  const program = launcher();
  if (isPassing(program))
    complain(
      `${program} may be cleared away at any time: install xaxbot ("npm install --global …", or a checkout), and call that.`,
    );
  const files = [
    {
      path: environmentPath,
      text: environmentText(variables),
      shown: environmentText(variables, { isShown: true }),
      mode: 0o600,
    },
    {
      path: unitPath,
      text: unitText({
        command: [process.execPath, program, 'start'],
        folder: cwd,
        environmentFile: environmentPath,
        umask: startersUmask(),
        version: VERSION,
        systemd: missing === null ? await manager.version() : 0,
      }),
      mode: 0o600,
    },
  ];
  const changed = changedFiles(files);
  const { ActiveState: state, UnitFileState: enabled } =
    missing === null ? await manager.show(unit, ['ActiveState', 'UnitFileState']) : {};
  const isActive = state === 'active';
  if (missing === null && !isActive && (await isBotThere(config.dataDir)))
    throw new BotError(
      'running-already',
      `An xaxbot that is no service of systemd runs with the data folder ${config.dataDir}.`,
      'Stop it first, then call this again.',
    );
  const user = unixName(env);
  const lingers = missing === null ? await manager.lingers(user) : undefined;
  const systemctl = (...args: string[]) => ['systemctl', '--user', ...args];
  const commands = [
    ...(changed.length > 0 ? [systemctl('daemon-reload')] : []),
    ...(enabled === 'enabled' ? [] : [systemctl('enable', unit)]),
    ...(isActive && changed.length === 0 ? [] : [systemctl('restart', unit)]),
    ...(flags.linger && !lingers ? [['loginctl', 'enable-linger', user]] : []),
  ];

  const plan = { files: changed, commands };
  if (changed.length + commands.length === 0) say(`${unit} is installed and runs; nothing is to be changed.`);
  else if (isDry) showPlan(plan);
  else await carryOut(plan, manager);
  if (missing !== null) complain(`\nHere it cannot be installed: ${missing}. ${INSTEAD}`);
  return isDry ? 0 : status({ place, service, manager, flags: {} });
}

async function uninstall({ place, service, manager, flags }: Asked): Promise<number> {
  const { unit, unitPath, environmentPath } = service;
  const missing = await manager.missing();
  const files = changedFiles([unitPath, environmentPath].map((path) => ({ path, text: null, mode: 0o600 })));
  const systemctl = (...args: string[]) => ['systemctl', '--user', ...args];
  const isKnown = missing === null && (await manager.show(unit, ['LoadState'])).LoadState === 'loaded';
  if (isKnown) {
    // Before its files are gone: systemd finds by them what is to be stopped.
    const stop = { files: [], commands: [systemctl('disable', '--now', unit)] };
    if (flags['dry-run']) showPlan(stop);
    else await carryOut(stop, manager);
  }
  const rest = { files, commands: isKnown ? [systemctl('daemon-reload')] : [] };
  if (!isKnown && files.length === 0) say(`There is no ${unit}; nothing is to be removed.`);
  else if (flags['dry-run']) showPlan(rest);
  else await carryOut(rest, manager);
  say(`The data folder stays: ${loadDataDir(place)}. So do xaxbot.yaml, .env and what systemd has logged.`);
  const user = unixName(place.env);
  if (missing === null && (await manager.lingers(user)))
    say(`Services of ${user} go on without a login; "loginctl disable-linger ${user}" ends that.`);
  return 0;
}

async function status({ place, service: { unit, unitPath }, manager }: Asked): Promise<number> {
  const dataDir = loadDataDir(place);
  const missing = await manager.missing();
  const health = await botHealth(dataDir);
  let isActive = health !== null;
  if (missing === null) {
    const names = ['LoadState', 'ActiveState', 'SubState', 'MainPID', 'NRestarts', 'ActiveEnterTimestamp'];
    const found = await manager.show(unit, [...names, 'UnitFileState', 'StatusText']);
    isActive = found.ActiveState === 'active';
    say(stateOf(unit, found));
    if (found.LoadState !== 'loaded') say(`"${shellCommand('service install')}" makes it (${unitPath}).`);
    else if ((await manager.lingers(unixName(place.env))) === false) say(NO_LINGER);
  } else say(`No service: ${missing}. ${INSTEAD}`);
  if (health === null) say(`No bot answers with the data folder ${dataDir}.`);
  else if (health.problems.length === 0) say(`The bot is well: ${health.parts} parts, no problem.`);
  else for (const problem of health.problems) say(inLine(`Problem: ${problem}`));
  if (!isActive || health === null) return EXIT_NOT_RUNNING;
  return health.problems.length === 0 ? 0 : 1;
}

function stateOf(unit: string, found: Record<string, string>): string {
  const { LoadState, ActiveState, SubState, MainPID, NRestarts, ActiveEnterTimestamp, UnitFileState } = found;
  if (LoadState !== 'loaded') return `${unit}: not installed`;
  const pid = MainPID === '0' ? '' : `, pid ${MainPID}`;
  const since = ActiveEnterTimestamp ? `, since ${ActiveEnterTimestamp}` : '';
  const restarts = NRestarts === '0' || !NRestarts ? '' : `, restarted ${NRestarts} times`;
  return `${unit}: ${ActiveState} (${SubState})${pid}${since}${restarts}; at login and boot: ${UnitFileState}`;
}

async function logs({ service: { unit }, manager, flags }: Asked): Promise<number> {
  const missing = await manager.missing();
  if (missing !== null) throw noSystemd(missing);
  const lines = String(flags.lines ?? 100);
  if (!/^[1-9]\d{0,6}$/.test(lines))
    throw new BotError('bad-option', `--lines is "${lines}".`, 'Accepted: a whole number from 1 on.');
  return manager.follow(
    [
      ...['journalctl', '--user', '--no-pager', '--output=cat', `--unit=${unit}`, `--lines=${lines}`],
      ...(flags.since === undefined ? [] : [`--since=${flags.since}`]),
      ...(flags.follow ? ['--follow'] : []),
    ],
    say,
  );
}

const NO_LINGER = `It ends when you log out, and starts when you log in: "${shellCommand('service install --linger')}" keeps it running, also after a reboot.`;

/** What to do where there is no systemd. */
const INSTEAD = `Run "${shellCommand('start')}" under whatever keeps programs running here: as the container's own program with its restart policy, under supervisord or runit, in tmux; or by hand with "nohup ${shellCommand('start')} >> ~/xaxbot.log 2>&1 &".`;

function noSystemd(missing: string): BotError {
  const isLoggedIn = missing.startsWith('systemd does not');
  const login = isLoggedIn
    ? 'Where systemd is there, log in as this user itself (ssh, "machinectl shell"), not by su or sudo. '
    : '';
  return new BotError('no-systemd', `There is no service to be had: ${missing}.`, `${login}${INSTEAD}`);
}

function words(flag: string | true | undefined): string[] {
  return typeof flag === 'string' ? flag.split(',').filter((word) => word !== '') : [];
}
