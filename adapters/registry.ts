import { discord } from './discord/kind.ts';
import type { AdapterKind } from './kind.ts';
import { mcp } from './mcp/kind.ts';
import { slack } from './slack/kind.ts';
import { terminal } from './terminal/kind.ts';
import { web } from './web/kind.ts';

/**
 * Every adapter, in the order in which they are opened and listed. The first with channels is what a channel of
 * xaxbot.yaml is of that names no platform.
 */
export const ADAPTERS: readonly AdapterKind[] = [web, slack, discord, terminal, mcp];
