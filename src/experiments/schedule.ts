import type { ScheduledTask } from 'node-cron';
import type { App } from '../app.ts';
import type { Log } from '../log.ts';

/** Brings the log on disk in step at set times too, for those who copy it away by a timer of their own. */
export async function scheduleExport(
  expression: string | null,
  app: App,
  log: Log,
): Promise<ScheduledTask | undefined> {
  if (expression === null) return undefined;
  const { schedule } = await import('node-cron');
  return schedule(expression, () => {
    app.settled().then(
      () => log.info('the experiment log was exported on schedule'),
      (error) => log.warn({ err: error }, 'the scheduled export failed'),
    );
  });
}
