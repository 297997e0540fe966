import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveMcp } from '../../adapters/mcp/index.ts';
import { askAgentSettings, askAsAgent, NotRunning } from '../../adapters/terminal/client.ts';
import { SOCKET_NAME } from '../../adapters/terminal/protocol.ts';
import { agentNamed } from '../approvals/agent.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { loadDataDir } from '../config/data-dir.ts';
import { secretsAround } from '../config/environment.ts';
import { noTeamFile, teamFilePlaces } from '../config/paths.ts';
import { BotError } from '../core/errors.ts';
import type { AgentSettings } from '../core/offered.ts';
import type { Person } from '../core/person.ts';
import { shellCommand } from '../core/shell-command.ts';
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
  const dataDir = loadDataDir(place);
  const ask = async () => askAgentSettings(botSocket(dataDir), SETTINGS_WITHIN_MS);
  const { own, agent } = await ownSettings(place, flags.as as string | undefined, ask);
  const { pathOf } = createFileStore(dataDir);
  const offered = createOffered({ own, socketPath: join(dataDir, SOCKET_NAME), ask });
  await serveMcp({
    offered: () => offeredWith(offered.now()),
    lookAgain: offered.look,
    onOffered: offered.watch,
    secrets: secretsAround(place.env, place.cwd),
    version: VERSION,
    ask: async (command, given, onReply, signal) =>
      askAsAgent(botSocket(dataDir), { agent: agent.id, command, ...given }, onReply, signal).catch((error) =>
        notRunning(error, dataDir, place),
      ),
    async readFile(ref) {
      const path = pathOf(ref);
      return path === undefined ? undefined : readFile(path).catch(() => undefined);
    },
  });
  return 0;
}

/**
 * What agents are offered and which of them this is, by the settings on disk, or by the running bot's where those cannot be used
 * just now. Errors `config`, `no-config`, and those of `agentNamed`.
 */
async function ownSettings(
  place: Place,
  wanted: string | undefined,
  ask: () => Promise<AgentSettings>,
): Promise<{ own: AgentSettings; agent: Person }> {
  let config: Config;
  try {
    config = loadConfig(place);
  } catch (error) {
    const own = await ask().catch(() => Promise.reject(error));
    const agents = own.agents.map((each) => ({ ...each, role: 'agent' as const }));
    return { own, agent: agentNamed(agents, wanted) };
  }
  if (config.configPath === null) throw noSettings(place);
  return { own: agentSettingsOf(config), agent: agentNamed(config.people, wanted) };
}

/** An agent is named in the settings: without them there is none. Its program may start us in any folder. */
function noSettings({ env, cwd }: Place): BotError {
  return new BotError(
    'no-config',
    `There is ${noTeamFile(env, cwd)}.`,
    `Name the running bot's own: ${shellCommand('mcp --config FILE [--data-dir FOLDER]')}.`,
  );
}

/** The bot may be restarted while an agent works: each call says so, and the next one finds it again. */
function notRunning(error: unknown, dataDir: string, { env, cwd }: Place): never {
  if (!(error instanceof NotRunning)) throw error;
  throw new BotError(
    'not-running',
    `xaxbot is not running with the data folder ${dataDir} (settings: ${teamFilePlaces(env, cwd).join(' or ')}), so it cannot answer.`,
    `Ask a person to start it with "${shellCommand('start')}" on the queue's host, then call again; if it runs with another data folder, which it prints when it starts, this program needs --data-dir.`,
  );
}
