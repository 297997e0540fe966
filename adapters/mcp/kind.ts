import type { AdapterKind } from '../kind.ts';

/**
 * Coding agents, by the Model Context Protocol. `xaxbot mcp` serves each in a process of its own, which asks the running
 * bot through the terminal's socket: there is nothing to open.
 */
export const mcp: AdapterKind<never> = {
  name: 'mcp',
  title: 'a coding agent',
  isOwn: true,
  commandPrefix: () => '',
  hasDirectMessages: false,
  showsThreadsInChannel: false,
  variables: [],
  settings: () => null,
};
