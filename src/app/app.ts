import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { AdapterHandlers } from '../core/adapter.ts';
import type { DigestService } from '../core/digest.ts';
import { errorText } from '../core/errors.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { Clock } from '../core/time.ts';
import { makeDataFolder } from '../files/data-folder.ts';
import { remarkText } from '../files/walls.ts';
import type { TellBySession } from '../notify/by-session.ts';
import { DATABASE_FILE, type Db } from '../store/db.ts';
import { acquireLock } from '../store/lock.ts';
import { keepOnlyQueue } from '../store/only-queue.ts';
import { CHECKED_AT_START_MAX, openWhole, suspect } from '../store/recovery.ts';
import { type AdapterParts, buildContext, type Overrides } from './context.ts';
import { createLifecycle, type Step } from './lifecycle.ts';
import type { SettingsNews } from './settings.ts';
import { stepsOf } from './steps.ts';
import { subscribe } from './subscriptions.ts';
import { timingsWith } from './timings.ts';

export interface AppOverrides extends Omit<Overrides, 'db'> {
  /** The steps of the context as they are to be: one more, or one instead of another. */
  steps?(steps: readonly Step[]): readonly Step[];
}

export interface App {
  handlers: AdapterHandlers;
  parts: AdapterParts;
  health(): HealthItem[];
  /** Who may do what, in a line. */
  roles(): string;
  /** Resolves when the queue's state is in the database and everything deliverable has been delivered. */
  settled(): Promise<void>;
  /** How many deliveries are still pending. */
  waiting(): number;
  digests: DigestService;
  /** Posts in every channel about its session; once per key. */
  announceBySession: TellBySession;
  now: Clock;
  /** Takes in what became of settings that were changed. */
  hearSettings(news: SettingsNews): void;
  /** Resolves to the reason when the database is found to be damaged: a new start goes on from a backup. */
  damaged: Promise<string>;
  /** Refuses new commands and waits a moment for running ones; then stops everything. */
  stop(): Promise<void>;
}

/**
 * Opens the data folder, builds everything on it and starts it in order; `stop` goes in reverse. What was started is
 * stopped again when a step fails. Throws BotError for problems that a person can fix.
 */
export async function startApp(config: Config, overrides: AppOverrides): Promise<App> {
  const { log, steps = (own) => own } = overrides;
  const { lockWaitMs, partStopMs, allStopMs } = timingsWith(overrides.timings).app;
  const lifecycle = createLifecycle({ stopWithinMs: partStopMs, allWithinMs: allStopMs, log });
  let lock: { release(): void } | undefined;
  let db: Db | undefined;
  try {
    await lifecycle.start([
      {
        name: 'the data folder',
        start() {
          for (const remark of makeDataFolder(config.dataDir))
            if (remark.act === 'mend') log.warn({ path: remark.path }, remarkText(remark));
        },
      },
      {
        name: 'the lock of the data folder',
        start() {
          lock = acquireLock(config.dataDir, lockWaitMs);
        },
        stop: () => lock?.release(),
      },
      {
        name: 'the database',
        start() {
          const opened = openWhole(config.dataDir);
          db = opened.db;
          const [only] = config.queues;
          if (only?.isUnnamed) keepOnlyQueue(db, only.name);
          if (opened.recovered) log.error(opened.recovered, 'the database was damaged, and is set aside');
        },
        stop: () => db?.close(),
      },
    ]);
    const context = buildContext(config, { ...overrides, db: db! });
    subscribe(context);
    const damaged = Promise.withResolvers<string>();
    context.condition.onDamage((reason) => {
      suspect(config.dataDir);
      damaged.resolve(reason);
    });
    await lifecycle.start(steps(stepsOf(context)));
    // A large one is checked while the bot works.
    if (statSync(join(config.dataDir, DATABASE_FILE)).size > CHECKED_AT_START_MAX)
      void context.control.backups.check();
    const { ingest, experiments, runs, notify, stores, services, chat } = context;
    return {
      handlers: chat.gate.handlers,
      parts: context.adapterParts,
      health: services.health,
      roles: services.roles,
      async settled() {
        await ingest.following.settled();
        await notify.deliverer.idle();
        await runs.results.settled();
        await experiments.settled();
      },
      waiting: stores.outbox.waitingCount,
      digests: services.digests,
      now: context.clock,
      hearSettings: (news) => context.events.emit('settingsNews', news),
      announceBySession: notify.tellBySession,
      damaged: damaged.promise,
      stop: lifecycle.stop,
    };
  } catch (error) {
    await lifecycle.stop().catch((stopError) => log.debug({ err: stopError }, errorText(stopError)));
    throw error;
  }
}
