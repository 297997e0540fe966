import type { Config } from '../config/config.ts';
import type { AgentSettings } from '../core/offered.ts';

/** What of the settings decides what agents are offered. */
export function agentSettingsOf({ presets, queues, agents }: Config): AgentSettings {
  return {
    presets,
    queues: queues.map(({ name, kind: { capabilities } }) => ({ name, capabilities })),
    mayPropose: agents.mayPropose,
  };
}
