import { join } from 'node:path';
import type { AdapterKind } from '../kind.ts';
import { SOCKET_NAME } from './protocol.ts';

/** The terminal of the bot's own user, always open. */
export const terminal: AdapterKind<object> = {
  name: 'terminal',
  title: 'the terminal',
  isOwn: true,
  commandPrefix: () => '',
  hasDirectMessages: false,
  showsThreadsInChannel: false,
  showsWhole: true,
  variables: [],
  settings: () => ({}),
  async load() {
    const { createTerminalAdapter } = await import('./server.ts');
    return ({ dataDir, hostPerson, agent, agentSettings, fileAt, timezone, entryLink }) =>
      createTerminalAdapter({
        socketPath: join(dataDir, SOCKET_NAME),
        person: hostPerson,
        agent,
        agentSettings,
        fileAt,
        timezone,
        webLink: entryLink,
      });
  },
};
