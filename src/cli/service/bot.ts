import { askRunningBot, NotRunning } from '../../../adapters/terminal/client.ts';
import type { Reply } from '../../core/adapter.ts';
import type { HealthItem } from '../../core/services/health.ts';
import { botSocket } from '../bot-socket.ts';

/** How the bot that uses a data folder is; null where none runs. */
export async function botHealth(dataDir: string): Promise<{ parts: number; problems: string[] } | null> {
  let last: Reply | undefined;
  try {
    await askRunningBot(botSocket(dataDir), { argv: ['health'], yes: false }, (reply) => {
      last = reply;
    });
  } catch (error) {
    if (error instanceof NotRunning) return null;
    throw error;
  }
  const items = (last?.data as { items?: HealthItem[] } | undefined)?.items ?? [];
  const problems = items.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  return { parts: items.length, problems };
}

/** Whether one runs. */
export async function isBotThere(dataDir: string): Promise<boolean> {
  return (await botHealth(dataDir)) !== null;
}
