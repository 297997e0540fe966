import { createDiscordAdapter } from '../../adapters/discord/index.ts';
import type { DiscordSettings } from '../../adapters/discord/settings.ts';
import { supervise } from '../../src/app/supervise.ts';
import type { Adapter } from '../../src/core/adapter.ts';
import type { AdapterPorts } from '../../src/core/adapter-ports.ts';
import { createHouse } from '../contract/adapter-harness.ts';
import { type DiscordWorld, openDiscord } from '../discord-world.ts';

/** Pauses of a test, milliseconds. */
export const QUICK = { firstMs: 20, longestMs: 100, declareFirstMs: 50, declareLongestMs: 200 };

export type DiscordHouse = Awaited<ReturnType<typeof openDiscordHouse>>;

/** A Discord, and bots on it as the app keeps them open; each is stopped with it. */
export async function openDiscordHouse() {
  const discord: DiscordWorld = await openDiscord();
  const house = createHouse();
  const adapters: Adapter[] = [];
  const lines: string[] = [];
  const note =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };

  /** An adapter that nobody keeps open. */
  function create(options: Partial<DiscordSettings> = {}, ports: Partial<AdapterPorts> = {}): Adapter {
    const adapter = createDiscordAdapter(
      { token: discord.token, apiUrl: discord.api, commands: 'guild', timings: QUICK, ...options },
      { ...house.ports('discord', discord.people.ada.id, discord.channels.queue), log, ...ports },
    );
    adapters.push(adapter);
    return adapter;
  }

  /** One that keeps itself open. */
  async function keep(
    options: Partial<DiscordSettings> = {},
    ports: Partial<AdapterPorts> = {},
  ): Promise<Adapter> {
    const adapter = supervise('discord', (onLost) => create(options, { ...ports, onLost }), {
      clock: ports.clock ?? Date.now,
      log,
      timings: { firstMs: 20, longestMs: 100, closeMs: 1_000, steadyMs: 60_000 },
      onUp: () => {},
    });
    adapters.push(adapter);
    await adapter.start(house.handlers);
    return adapter;
  }

  return {
    discord,
    house,
    create,
    keep,
    /** What was logged at this level. */
    logged: (level: string) => lines.filter((line) => line.startsWith(`${level} `)),
    async stop() {
      for (const adapter of adapters.toReversed()) await adapter.stop();
      await discord.stop();
    },
  };
}
