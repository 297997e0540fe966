import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveMcp } from '../../adapters/mcp/index.ts';
import { askAgentSettings, askAsAgent, NotRunning } from '../../adapters/terminal/client.ts';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import { agentNamed } from '../approvals/agent.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { noTeamFile } from '../config/paths.ts';
import { BotError } from '../core/errors.ts';
import { createFileStore } from '../store/files.ts';
import { agentSettingsOf, offeredWith } from './agent-settings.ts';
import { botSocket } from './bot-socket.ts';
import { createOffered } from './offered.ts';
import type { Place } from './place.ts';
import type { Given } from './subcommand.ts';
import { VERSION } from './version.ts';

/** A bot that is too busy to say what it offers still offers what it did, milliseconds. */
const SETTINGS_WITHIN_MS = 2_000;

/** `xaxbot mcp`: serves an agent over stdin and stdout until stdin ends. Resolves to the exit code. */
export async function mcp(place: Place, { flags }: Given): Promise<number> {
  const config = loadConfig(place);
  if (config.configPath === null) throw noSettings(place);
  const agent = agentNamed(config.people, flags.as as string | undefined);
  const { pathOf } = createFileStore(config.dataDir);
  const socketPath = join(config.dataDir, SOCKET_NAME);
  const offered = createOffered({
    own: agentSettingsOf(config),
    socketPath,
    ask: async () => askAgentSettings(botSocket(config.dataDir), SETTINGS_WITHIN_MS),
  });
  await serveMcp({
    offered: () => offeredWith(offered.now()),
    lookAgain: offered.look,
    onOffered: offered.watch,
    secrets: config.secrets,
    version: VERSION,
    ask: async (command, given, onReply, signal) =>
      askAsAgent(botSocket(config.dataDir), { agent: agent.id, command, ...given }, onReply, signal).catch(
        (error) => notRunning(error, config),
      ),
    async readFile(ref) {
      const path = pathOf(ref);
      return path === undefined ? undefined : readFile(path).catch(() => undefined);
    },
  });
  return 0;
}

/** An agent is named in the settings: without them there is none. Its program may start us in any folder. */
function noSettings({ env, cwd }: Place): BotError {
  return new BotError(
    'no-config',
    `There is ${noTeamFile(env, cwd)}.`,
    "Name the running bot's own: xaxbot mcp --config FILE [--data-dir FOLDER].",
  );
}

/** The bot may be restarted while an agent works: each call says so, and the next one finds it again. */
function notRunning(error: unknown, { dataDir, configPath }: Config): never {
  if (!(error instanceof NotRunning)) throw error;
  throw new BotError(
    'not-running',
    `xaxbot is not running with the data folder ${dataDir} (settings: ${configPath}), so it cannot answer.`,
    'Ask a person to start it with "npm start" on the queue\'s host, then call again; if it runs with another data folder, which it prints when it starts, this program needs --data-dir.',
  );
}
