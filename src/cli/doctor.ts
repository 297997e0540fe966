import { askRunningBot, NotRunning } from '../../adapters/terminal/client.ts';
import { inLine, say } from '../../adapters/terminal/screen.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { noTeamFile } from '../config/paths.ts';
import type { Reply } from '../core/adapter.ts';
import { plainText } from '../core/plain-text.ts';
import { localUsers } from '../files/passwd.ts';
import { botSocket } from './bot-socket.ts';
import { loggedIn, otherUsers } from './other-users.ts';
import type { Place } from './place.ts';
import { runOnce } from './run-once.ts';

/** `xaxbot doctor`: the set-up and its health, through the running bot or without it. Resolves to the exit code. */
export async function doctor(place: Place): Promise<number> {
  const config = loadConfig(place);
  for (const [what, value] of setup(config, place)) say(`${what.padEnd(12)} ${inLine(value)}`);
  say('');
  const request = { argv: ['health'], yes: false };
  let last: Reply | undefined;
  const onReply = (reply: Reply) => {
    last = reply;
  };
  let running = true;
  try {
    await askRunningBot(botSocket(config.dataDir), request, onReply);
  } catch (error) {
    if (!(error instanceof NotRunning)) throw error;
    running = false;
    await runOnce(config, request, onReply);
  }
  say(running ? 'A bot is running. Its health:' : 'No bot is running. Without one:');
  if (last) say(plainText(last.message));
  return last?.ok ? 0 : 1;
}

/** What doctor shows of the set-up: what, and how it is. */
export function setup(config: Config, { env, cwd }: Place): [string, string][] {
  const { queues, dataDir, adapters, presets, people, channels, configPath } = config;
  const host = { others: otherUsers(localUsers(), loggedIn(), process.getuid?.()) };
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
    ['settings', configPath ?? `${noTeamFile(env, cwd)}; using the defaults`],
    [
      'presets',
      presets.length > 0
        ? presets.map(({ name }) => name).join(', ')
        : 'none: nothing can be queued from chat until some are declared',
    ],
    ['people', people.map(({ id, role }) => `${id} (${role})`).join(', ')],
    ['channels', channels.map(({ adapter, id }) => (adapter === usual ? id : `${adapter} ${id}`)).join(', ')],
  ];
}
