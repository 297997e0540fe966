import type { WatchesService } from '../../core/watch.ts';
import type { Experiments } from '../../experiments/service.ts';
import { readGpus } from '../../gpus/nvidia-smi.ts';
import type { Launches } from '../../launch/service.ts';
import { createIdleHost } from '../../watch/idle-host.ts';
import { createLookout, type Lookout } from '../../watch/lookout.ts';
import { createWatches } from '../../watch/rules.ts';
import { createTakenGpus } from '../../watch/taken-gpus.ts';
import { createWatcher } from '../../watch/watcher.ts';
import type { Base } from './base.ts';
import type { Control } from './control.ts';
import type { Ingest } from './ingest.ts';
import type { Runs } from './runs.ts';
import type { Stores } from './stores.ts';

/** The watches and the watcher. */
export interface Watch {
  watches: WatchesService;
  lookout: Lookout;
}

export function buildWatch(
  made: Base & {
    stores: Stores;
    ingest: Ingest;
    experiments: Experiments;
    launches: Launches;
    runs: Runs;
    control: Control;
  },
  given: Partial<Watch> = {},
): Watch {
  const { config, queues, clock, log, events, launches, runs, control } = made;
  const store = made.stores.watches;
  const watches = given.watches ?? createWatches({ store, settings: () => made.settings().watch, clock });
  const watcher = createWatcher({
    store,
    watches,
    jobs: made.ingest.jobs,
    experiments: made.experiments,
    metrics: runs.metrics,
    idleHost: createIdleHost({ gpus: async () => (await readGpus(config.childEnv)).gpus, clock }),
    takenGpus: createTakenGpus({ takers: control.gpus.takers, clock }),
    kills: control.kills,
    killOnNan: (job) => launches.presetOf(job)?.killOnNan ?? null,
    draw: runs.facts.drawChart,
    tell: (key, news) => events.emit('watchNews', { key, news }),
    clock,
    log,
  });
  return { watches, lookout: createLookout({ queues, watcher, log }), ...given };
}
