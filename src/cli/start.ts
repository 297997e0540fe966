import { setTimeout as sleep } from 'node:timers/promises';
import { complainOf, inLine, say } from '../../adapters/terminal/screen.ts';
import { isOnlyLate } from '../app/lifecycle.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { pauseAfter } from '../core/backoff.ts';
import { errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createMask } from '../core/masked.ts';
import { keepSchedules } from '../digest/schedules.ts';
import { isPassing } from '../store/condition.ts';
import { type Running, startBot } from './bot.ts';
import { type KeptSettings, keepSettings } from './kept-settings.ts';
import { createLog } from './log.ts';
import type { Place } from './place.ts';
import { openQueues, underKnownName, watched } from './queues.ts';
import { printEntry } from './serve.ts';
import { stopApp } from './stop-app.ts';
import { toldToStop } from './told-to-stop.ts';

/** Pauses before a start is tried again, milliseconds. */
const AGAIN = { firstMs: 2_000, longestMs: 60_000 };

/** `xaxbot start`: runs until it is told to stop. Resolves to the exit code. */
export async function start(place: Place): Promise<number> {
  const config = underKnownName(loadConfig(place));
  const log = createLog(config.logLevel, createMask(config.secrets));
  // A platform's library may drop a promise; that must not end a process that others rely on.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise failed unseen'));
  const told = toldToStop(log);
  const kept = keepSettings(place, config, log);
  try {
    for (let failures = 0; ; failures += 1) {
      const running = await startedUnless(told, config, kept, log);
      if (!running) return 0;
      const began = performance.now();
      const isOver = await running.untilOver;
      if (isOver) return 0;
      // One that was well for a while is no sign that the next start fails too.
      if (performance.now() - began > AGAIN.longestMs) failures = 0;
      if (await isStoppedWithin(told, pauseAfter(AGAIN, failures))) return 0;
    }
  } finally {
    kept.stop();
  }
}

/** A bot that runs. What a disk or a lock keeps it from is waited for; undefined when it is told to stop meanwhile. */
async function startedUnless(
  told: Promise<unknown>,
  config: Config,
  kept: KeptSettings,
  log: Log,
): Promise<{ untilOver: Promise<boolean> } | undefined> {
  for (let failures = 1, said = ''; ; failures += 1) {
    try {
      const { settings } = kept;
      const running = await startBot(config, await openQueues(config, log), log, { settings });
      return { untilOver: work(running, told, config, kept, log) };
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (errorText(error) !== said) {
        complainOf(error, createMask(config.secrets));
        say('xaxbot waits until that is over, and starts then. Ctrl+C ends it.');
      }
      said = errorText(error);
      if (await isStoppedWithin(told, pauseAfter(AGAIN, failures))) return undefined;
    }
  }
}

/** Works until it is told to stop, or its database is found to be damaged; whether it was told to stop. */
async function work(
  { app, web }: Running,
  told: Promise<unknown>,
  config: Config,
  { settings, tell }: KeptSettings,
  log: Log,
): Promise<boolean> {
  let isTold = false;
  try {
    const schedules = keepSchedules(settings.now, app, log);
    tell((news) => {
      app.hearSettings(news);
      schedules.look();
    });
    try {
      say(`xaxbot watches ${watched(config)} and keeps its data in ${config.dataDir}`);
      say(inLine(`Who may do what: ${app.roles()}`));
      for (const { name, ok, detail } of app.health()) if (!ok) say(`  ${inLine(`${name}: ${detail}`)}`);
      if (web) printEntry(web, config);
      isTold = await Promise.race([told.then(() => true), app.damaged.then(() => false)]);
      if (!isTold) log.error({ reason: await app.damaged }, 'the database is damaged: starting anew');
    } finally {
      tell(undefined);
      await schedules.stop();
    }
  } finally {
    // Of a damaged database nothing more can be written in order.
    await stopApp(app, log, (error) => !isTold || isOnlyLate(error));
  }
  return isTold;
}

async function isStoppedWithin(told: Promise<unknown>, pauseMs: number): Promise<boolean> {
  const waiting = new AbortController();
  const paused = sleep(pauseMs, false, { signal: waiting.signal }).catch(() => false);
  const isStopped = await Promise.race([told.then(() => true), paused]);
  waiting.abort();
  return isStopped;
}
