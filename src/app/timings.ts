import { QUESTION_TIMINGS } from '../chat/questions.ts';
import { BACKUP_TIMINGS } from '../control/backups.ts';
import { HEARTBEAT_TIMINGS } from '../control/heartbeat.ts';
import { OBSERVER_TIMINGS } from '../control/observer.ts';
import { TENSORBOARD_TIMINGS } from '../control/tensorboards.ts';
import { EXPERIMENT_LOG_FILE_TIMINGS } from '../experiments/experiment-log-file.ts';
import { FOLLOWING_TIMINGS } from '../ingest/following.ts';
import { INTAKE_TIMINGS } from '../ingest/intake.ts';
import { LAUNCH_TIMINGS } from '../launch/service.ts';
import { ELSEWHERE_TIMINGS } from '../metrics/elsewhere.ts';
import { ABSENCE_TIMINGS } from '../notify/absence.ts';
import { DELIVERY_TIMINGS } from '../notify/deliverer.ts';
import { LIVE_CHART_TIMINGS } from '../notify/live-charts.ts';
import { NOTIFY_TIMINGS } from '../notify/notifier.ts';
import { FOLLOWED_TIMINGS } from '../queue/followed/ending.ts';
import { SUPERVISE_TIMINGS } from './supervise.ts';

const APP_TIMINGS = {
  /** How long a terminal command waits for another writer of the same folder. */
  lockWaitMs: 5_000,
  /** How long a stop waits for running commands. What takes longer, as a launch may, is taken up by the next start. */
  stopWaitMs: 2_000,
  /** How long any other part may take to stop before the rest is stopped without it. */
  partStopMs: 1_500,
  /** How long all of them may take: who stops a service, or turns off a host, waits for seconds and not longer. */
  allStopMs: 4_000,
  /** The interval of periodic work. */
  tickMs: 10_000,
};

/** All configurable waits, milliseconds; each default is declared in its module. */
export const TIMINGS = {
  app: APP_TIMINGS,
  intake: INTAKE_TIMINGS,
  following: FOLLOWING_TIMINGS,
  elsewhere: ELSEWHERE_TIMINGS,
  launch: LAUNCH_TIMINGS,
  logFile: EXPERIMENT_LOG_FILE_TIMINGS,
  notify: NOTIFY_TIMINGS,
  liveCharts: LIVE_CHART_TIMINGS,
  delivery: DELIVERY_TIMINGS,
  absence: ABSENCE_TIMINGS,
  supervise: SUPERVISE_TIMINGS,
  questions: QUESTION_TIMINGS,
  observer: OBSERVER_TIMINGS,
  heartbeat: HEARTBEAT_TIMINGS,
  tensorboard: TENSORBOARD_TIMINGS,
  backup: BACKUP_TIMINGS,
  followed: FOLLOWED_TIMINGS,
};

export type Timings = typeof TIMINGS;
/** Those that differ from the defaults. */
export type SomeTimings = { [Group in keyof Timings]?: Partial<Timings[Group]> };

export function timingsWith(some: SomeTimings = {}): Timings {
  const groups = Object.entries(TIMINGS).map(([group, defaults]) => [
    group,
    { ...defaults, ...some[group as keyof Timings] },
  ]);
  return Object.fromEntries(groups) as Timings;
}
