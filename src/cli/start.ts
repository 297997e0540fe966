import { inLine, say } from '../../adapters/terminal/screen.ts';
import { loadConfig } from '../config/config.ts';
import { createMask } from '../core/masked.ts';
import { startSchedules } from '../digest/schedules.ts';
import { startBot } from './bot.ts';
import { createLog } from './log.ts';
import type { Place } from './place.ts';
import { openQueues, watched } from './queues.ts';
import { printEntry, toldToStop } from './serve.ts';

/** `xaxbot start`: runs until it is told to stop. Resolves to the exit code. */
export async function start(place: Place): Promise<number> {
  const config = loadConfig(place);
  const log = createLog(config.logLevel, createMask(config.secrets));
  // A platform's library may drop a promise; that must not end a process that others rely on.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise failed unseen'));
  const { app, web } = await startBot(config, await openQueues(config, log), log);
  try {
    const schedules = await startSchedules(config.schedules, config.timezone, app, log);
    try {
      say(`xaxbot watches ${watched(config)} and keeps its data in ${config.dataDir}`);
      say(inLine(`Who may do what: ${app.roles()}`));
      log.info({ roles: app.roles() }, 'who may do what');
      for (const { name, ok, detail } of app.health()) if (!ok) say(`  ${inLine(`${name}: ${detail}`)}`);
      if (web) printEntry(web, config);
      await toldToStop(log);
    } finally {
      schedules.stop();
    }
  } finally {
    await app.stop();
  }
  return 0;
}
