import type { ScheduledTask } from 'node-cron';
import { digestMessage } from '../cards/digest.ts';
import type { DigestService, Period } from '../core/digest.ts';
import type { Log } from '../core/log.ts';
import type { Message } from '../core/message.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { Clock } from '../core/time.ts';

/** Scheduled work: a cron expression each, in the team's zone; null for never. */
export interface Schedules {
  export: string | null;
  digest: Record<Period, string | null>;
}

/** What happens at those times, and who is notified. */
export interface ScheduledWork {
  now: Clock;
  /** Resolves once everything known is in the log's files. */
  settled(): Promise<void>;
  digests: DigestService;
  /** Says something once to the channels of each session. */
  announceBySession(
    key: string,
    messageOf: (experiments: ExperimentsService) => Promise<Message>,
  ): Promise<unknown>;
}

/** Keeps to the schedules of the settings: `look` when they may be others. */
export function keepSchedules(
  settings: () => { schedules: Schedules; timezone: string },
  work: ScheduledWork,
  log: Log,
): { look(): void; stop(): Promise<void> } {
  const begin = () => startSchedules(settings().schedules, settings().timezone, work, log);
  let running = begin();
  return {
    look() {
      running = running.then((before) => {
        before.stop();
        return begin();
      });
    },
    stop: async () => (await running).stop(),
  };
}

/**
 * Also writes the log on disk on a schedule, for those who copy it away with their own timer, and posts in the
 * channels the summary of a day or a week.
 */
export async function startSchedules(
  { export: exportAt, digest }: Schedules,
  timezone: string,
  work: ScheduledWork,
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
    await work.settled();
    log.info({}, 'the experiment log was exported on schedule');
  }

  async function told(period: Period): Promise<void> {
    // Named by its minute: told once, however often the clock is set back.
    const key = `digest:${period}:${new Date(work.now()).toISOString().slice(0, 16)}`;
    await work.announceBySession(key, async (experiments) =>
      digestMessage(await work.digests.make(period, experiments)),
    );
  }
}
