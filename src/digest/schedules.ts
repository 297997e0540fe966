import type { ScheduledTask } from 'node-cron';
import type { App } from '../app/app.ts';
import { digestMessage } from '../cards/digest.ts';
import type { Period } from '../core/digest.ts';
import type { Log } from '../core/log.ts';

/** What is done at set times: a cron expression each, in the team's zone; null for never. */
export interface Schedules {
  export: string | null;
  digest: Record<Period, string | null>;
}

/**
 * Brings the log on disk in step at set times too, for those who copy it away by a timer of their own, and tells the
 * channels what a day or a week has come to.
 */
export async function startSchedules(
  { export: exportAt, digest }: Schedules,
  timezone: string,
  app: Pick<App, 'settled' | 'digests' | 'announceBySession' | 'now'>,
  log: Log,
): Promise<{ stop(): void }> {
  const wanted: [string | null, () => Promise<void>][] = [
    [exportAt, exported],
    [digest.day, () => told('day')],
    [digest.week, () => told('week')],
  ];
  if (wanted.every(([expression]) => expression === null)) return { stop() {} };
  const { schedule } = await import('node-cron');
  const tasks = wanted.flatMap(([expression, run]): ScheduledTask[] =>
    expression === null
      ? []
      : [
          schedule(
            expression,
            () => {
              run().catch((error) => log.warn({ err: error }, 'what was scheduled failed'));
            },
            { timezone },
          ),
        ],
  );
  return {
    stop() {
      for (const task of tasks) void task.stop();
    },
  };

  async function exported(): Promise<void> {
    await app.settled();
    log.info({}, 'the experiment log was exported on schedule');
  }

  async function told(period: Period): Promise<void> {
    // Named by its minute: told once, however often the clock is set back.
    const key = `digest:${period}:${new Date(app.now()).toISOString().slice(0, 16)}`;
    await app.announceBySession(key, async (experiments) =>
      digestMessage(await app.digests.make(period, experiments)),
    );
  }
}
