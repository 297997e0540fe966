import type { FixedConfig, LiveConfig } from '../../config/live.ts';
import type { Adapters } from '../../core/adapter-traits.ts';
import type { Command } from '../../core/command.ts';
import type { Typing } from '../../core/command-line.ts';
import type { Log } from '../../core/log.ts';
import type { Mask } from '../../core/masked.ts';
import type { Queues } from '../../core/queues.ts';
import type { Clock } from '../../core/time.ts';
import type { FollowedQueue } from '../../queue/followed/index.ts';
import type { Condition } from '../../store/condition.ts';
import type { Db } from '../../store/db.ts';
import type { Events } from '../events.ts';
import type { Timings } from '../timings.ts';

/** The base of everything else. */
export interface Base {
  /** What only a restart changes. */
  config: FixedConfig;
  /** What the settings are now: read it whenever it is needed. */
  settings(): LiveConfig;
  traits: Adapters;
  /** How commands are called at each. */
  typing: Typing;
  commands: readonly Command[];
  db: Db;
  /** Whether the database can be read and written. */
  condition: Condition;
  queues: Queues;
  /** Of those, the runs that no queue started. */
  followed: FollowedQueue;
  log: Log;
  /** Hides the secrets of a text, those that the bot holds among them. */
  mask: Mask;
  clock: Clock;
  timings: Timings;
  events: Events;
}
