import { COMMANDS } from '../../commands/index.ts';
import { createPictures, type Pictures } from '../charts/pictures.ts';
import type { Config } from '../config/config.ts';
import type { Adapter } from '../core/adapter.ts';
import type { Adapters } from '../core/adapter-traits.ts';
import type { Command } from '../core/command.ts';
import { createTyping } from '../core/command-line.ts';
import type { Log } from '../core/log.ts';
import { createMask } from '../core/masked.ts';
import { maskedCommand } from '../core/masked-ports.ts';
import { ableAs, isOffered, withQueues } from '../core/offered.ts';
import type { Queue } from '../core/queue.ts';
import { createQueues } from '../core/queues.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { Clock } from '../core/time.ts';
import type { Experiments } from '../experiments/service.ts';
import type { Launches } from '../launch/service.ts';
import { apart } from '../queue/apart.ts';
import { createFollowedQueue } from '../queue/followed/index.ts';
import { maskedQueue } from '../queue/masked.ts';
import { timely } from '../queue/timely.ts';
import { createUserNames, type UserNames } from '../queue/user-names.ts';
import { type Adoption, createAdoption } from '../runs/adoption.ts';
import { watchCondition } from '../store/condition.ts';
import type { Db } from '../store/db.ts';
import { createFollowedRunStore } from '../store/followed-runs.ts';
import type { Base } from './context/base.ts';
import { buildChat, type Chat } from './context/chat.ts';
import { buildControl, type Control } from './context/control.ts';
import { buildExperiments } from './context/experiments.ts';
import { buildFeed, type Feed } from './context/feed.ts';
import { buildIngest, type Ingest } from './context/ingest.ts';
import { buildLaunches } from './context/launch.ts';
import { buildMeasures, type Measures } from './context/measures.ts';
import { buildNotify, type Notify } from './context/notify.ts';
import { buildRuns, type Runs } from './context/runs.ts';
import { buildServices, type Services } from './context/services.ts';
import { buildStarts, type Starts } from './context/starts.ts';
import { buildStores, type Stores } from './context/stores.ts';
import { buildWatch, type Watch } from './context/watch.ts';
import { createEvents, type Events } from './events.ts';
import { type Settings, unchanging } from './settings.ts';
import { type SomeTimings, timingsWith } from './timings.ts';

/** What an adapter may be built from. */
export interface AdapterParts
  extends Pick<Stores, 'files' | 'people' | 'webLogins'>,
    Pick<Base, 'mask'>,
    Pick<Pictures, 'fileAt'> {
  db: Db;
  /** An adapter reaches its platform no more. */
  lost(adapter: string): void;
  /** An adapter is open again: its waiting messages are delivered. */
  resume(adapter: string): void;
  health(): readonly HealthItem[];
}

/** Every part, one capability each. */
export interface Context extends Base {
  userName: UserNames;
  stores: Stores;
  adapterParts: AdapterParts;
  adapters: readonly Adapter[];
  ingest: Ingest;
  feed: Feed;
  experiments: Experiments;
  launches: Launches;
  runs: Runs;
  notify: Notify;
  control: Control;
  starts: Starts;
  watch: Watch;
  adoption: Adoption;
  /** When this process began, epoch milliseconds: what was under way before was cut off. */
  begunAt: number;
  services: Services;
  chat: Chat;
}

/** What a context is built from: an open database, a queue, and any overrides. */
export interface Overrides {
  db: Db;
  /** At least one. */
  queues: readonly Queue[];
  log: Log;
  /** What the settings are as time goes by; by default what they are at the start. */
  settings?: Settings;
  /** By default the list in commands/index.ts. */
  commands?: readonly Command[];
  /** The time, epoch milliseconds; by default the system's. */
  clock?: Clock;
  timings?: SomeTimings;
  events?: Events;
  userName?: UserNames;
  stores?: Partial<Stores>;
  /** Creates the adapters; none for a single terminal command. */
  adapters?(parts: AdapterParts): readonly Adapter[];
  ingest?: Partial<Ingest>;
  experiments?: Experiments;
  measures?: Partial<Measures>;
  launches?: Launches;
  runs?: Partial<Runs>;
  notify?: Partial<Notify>;
  control?: Partial<Control>;
  starts?: Partial<Starts>;
  watch?: Partial<Watch>;
  chat?: Partial<Chat>;
}

/**
 * Creates every part from the earlier ones, and starts none: nothing is written, opened or started before
 * `lifecycle.ts` does it. An earlier part notifies a later one through events (`subscriptions.ts`).
 */
export function buildContext(config: Config, overrides: Overrides): Context {
  const { db, log, clock = Date.now, settings = unchanging(config) } = overrides;
  const begunAt = clock();
  const mask = createMask(config.secrets);
  const clean = overrides.queues.map((queue) => maskedQueue(queue, mask));
  // Of several, one that hangs holds up none of the others.
  const timings = timingsWith(overrides.timings);
  const followed = createFollowedQueue({
    runs: createFollowedRunStore(db),
    env: config.childEnv,
    ...{ clock, log, timings: timings.followed },
  });
  const queues = createQueues([
    ...(clean.length > 1 ? apart(clean, { clock, log }).map((queue) => timely(queue)) : clean),
    timely(maskedQueue(followed, mask)),
  ]);
  const commands = (overrides.commands ?? COMMANDS).map((command) =>
    maskedCommand(withQueues(command, queues.ofSettings.map(ableAs)), mask),
  );
  const events = overrides.events ?? createEvents(log);
  const traits: Adapters = new Map([...config.adapters.values()].map(({ kind }) => [kind.name, kind]));
  const typing = createTyping(
    traits,
    commands.filter((command) => isOffered(command, queues)),
  );
  const condition = watchCondition(db, clock);
  const base: Base = {
    config,
    settings: settings.now,
    traits,
    typing,
    commands,
    db,
    condition,
    queues,
    followed,
    log,
    mask,
    clock,
    timings,
    events,
  };
  const userName = overrides.userName ?? createUserNames(config.childEnv);

  const stores = buildStores(base, overrides.stores);
  const { files, people, webLogins } = stores;
  const { fileAt } = createPictures({
    files,
    env: config.childEnv,
    compileCache: config.compileCache,
    quickChart: config.quickChartUrl,
    onTrouble: (words) => log.warn({ trouble: words }, 'a QuickChart server did not draw: drawn here'),
  });
  const lost = (adapter: string) => events.emit('adapterDown', { adapter });
  const resume = (adapter: string) => events.emit('adapterOpen', { adapter });
  const adapterParts: AdapterParts = {
    ...{ db, files, fileAt, people, webLogins, mask, lost, resume },
    // Of parts that are made after the adapters, who ask once all have started.
    health: () => services.health(),
  };
  const adapters = overrides.adapters?.(adapterParts) ?? [];

  const ingest = buildIngest({ ...base, stores }, overrides.ingest);
  const feed = buildFeed({ ...base, ingest });
  const experiments = overrides.experiments ?? buildExperiments({ ...base, stores });
  const measures = buildMeasures({ ...base, stores, ingest }, overrides.measures);
  const known = { ...base, stores, ingest, feed, experiments, measures };
  const launches = overrides.launches ?? buildLaunches(known);
  const runs = buildRuns({ ...known, launches }, overrides.runs);
  const measured = { ...known, launches, runs, adapters, userName };
  const notify = buildNotify(measured, overrides.notify);
  const control = buildControl(measured, overrides.control);
  const able = { ...measured, notify, control };
  const starts = buildStarts(able, overrides.starts);
  const watch = buildWatch(able, overrides.watch);
  const adoption = createAdoption({ ...runs, jobs: stores.jobs, log });
  const services = buildServices({ ...able, watch, begunAt, settingsHealth: settings.health });
  const chat = buildChat({ ...able, ...services }, overrides.chat);
  return { ...able, begunAt, adapterParts, starts, watch, adoption, services, chat };
}
