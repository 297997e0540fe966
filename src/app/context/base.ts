import type { Config } from '../../config/config.ts';
import type { Command } from '../../core/command.ts';
import type { Log } from '../../core/log.ts';
import type { Queue } from '../../core/queue.ts';
import type { Clock } from '../../core/time.ts';
import type { Db } from '../../store/db.ts';
import type { Events } from '../events.ts';
import type { Timings } from '../timings.ts';

/** The base of everything else. */
export interface Base {
  config: Config;
  commands: readonly Command[];
  db: Db;
  queue: Queue;
  log: Log;
  clock: Clock;
  timings: Timings;
  events: Events;
}
