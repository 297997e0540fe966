import type { Offered } from '../../adapters/mcp/index.ts';
import { COMMANDS } from '../../commands/index.ts';
import { isForAgents } from '../chat/authorise.ts';
import type { Config } from '../config/config.ts';
import { type AgentSettings, withoutChannel, withQueues } from '../core/offered.ts';
import type { QueueCapability } from '../core/queue.ts';

/** What of the settings decides what agents are offered. */
export function agentSettingsOf({
  presets,
  queues,
  agents,
  people,
}: Pick<Config, 'presets' | 'queues' | 'agents' | 'people'>): AgentSettings {
  return {
    presets,
    queues: queues.map(({ name, kind: { capabilities } }) => ({ name, capabilities })),
    mayPropose: agents.mayPropose,
    agents: people.filter(({ role }) => role === 'agent').map(({ id, name }) => ({ id, name })),
  };
}

/** What agents are offered with these settings. An agent asks in no channel. */
export function offeredWith({ queues, mayPropose, presets }: Omit<AgentSettings, 'agents'>): Offered {
  const canAny = (capability: QueueCapability) =>
    queues.some(({ capabilities }) => capabilities.includes(capability));
  return {
    commands: COMMANDS.map((command) => withoutChannel(withQueues(command, queues))),
    isOffered: (command) => isForAgents(command, mayPropose) && (!command.needs || canAny(command.needs)),
    presets,
    queue: queues.length > 1 ? queues.map(({ name }) => name) : queues[0]!.name,
  };
}
