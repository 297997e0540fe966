import { type App, type AppOverrides, startApp } from '../app/app.ts';
import { unchanging } from '../app/settings.ts';
import { timingsWith } from '../app/timings.ts';
import type { Config } from '../config/config.ts';
import type { Entry } from '../core/adapter.ts';
import type { Log } from '../core/log.ts';
import type { Queue } from '../core/queue.ts';
import { entryOf, loadAdapters } from './adapters.ts';

export interface Running {
  app: App;
  /** The way into the chat that is served here; null while it is off. */
  web: Entry | null;
}

export type BotOverrides = Omit<AppOverrides, 'queues' | 'log' | 'adapters'>;

/** The whole bot with its adapters, on given queues. */
export async function startBot(
  config: Config,
  queues: readonly Queue[],
  log: Log,
  overrides: BotOverrides = {},
): Promise<Running> {
  const { clock = Date.now } = overrides;
  const { supervise: timings } = timingsWith(overrides.timings);
  const { now } = overrides.settings ?? unchanging(config);
  const makeAdapters = await loadAdapters(config, now, {
    simulated: queues.every(({ simulated }) => simulated),
    clock,
    log,
    timings,
  });
  let web: Running['web'] = null;
  const app = await startApp(config, {
    ...overrides,
    queues,
    log,
    adapters(parts) {
      const adapters = makeAdapters(parts);
      web = entryOf(adapters);
      return adapters;
    },
  });
  return { app, web };
}
