import type { Experiments } from '../../experiments/service.ts';
import { createDeferredStarts, type DeferredStarts } from '../../launch/deferred-starts.ts';
import { createJobStarts, type JobStarts } from '../../launch/job-starts.ts';
import { createOrphans, type OrphansOfAll, orphansOfAll } from '../../launch/orphans.ts';
import type { Launches } from '../../launch/service.ts';
import type { UserNames } from '../../queue/user-names.ts';
import type { Base } from './base.ts';
import type { Control } from './control.ts';
import type { Notify } from './notify.ts';
import type { Runs } from './runs.ts';
import type { Stores } from './stores.ts';

/** New and starting jobs: who launched them, and what is recorded and asked about them. */
export interface Starts {
  deferred: DeferredStarts;
  jobStarts: JobStarts;
  orphans: OrphansOfAll;
}

export function buildStarts(
  made: Base & {
    stores: Stores;
    experiments: Experiments;
    launches: Launches;
    runs: Runs;
    control: Control;
    notify: Notify;
    userName: UserNames;
  },
  given: Partial<Starts> = {},
): Starts {
  const { settings, queues, clock, log, events, stores, experiments, launches, runs, userName } = made;
  const { jobs, people } = stores;
  return {
    deferred: createDeferredStarts({
      launchesUnderWay: launches.underWay,
      onBegan: (recorded) => events.emit('jobsBegan', recorded),
    }),
    jobStarts: createJobStarts({
      experiments,
      launches,
      facts: runs.facts,
      gpus: made.control.gpus,
      jobs,
      notifier: made.notify.notifier,
      ownerOf: (job) => people.behind(job),
      log,
    }),
    orphans: orphansOfAll(
      new Map(
        queues.all.map((queue) => [
          queue.name,
          createOrphans({
            queue: queue.name,
            presets: () => settings().presets,
            launches: stores.launches,
            jobs: (limit) => jobs.list(queue.name, { limit }),
            settingsOf: (job) => runs.metrics.config(job),
            isOurs: async (job) => (await queue.ownerOf(job)) === (await userName(process.getuid?.() ?? -1)),
            join: launches.join,
            keep: launches.keep,
            tell: (launch, job, experimentId) =>
              events.emit('launchRecovered', { launch, job, experimentId }),
            clock,
            log,
          }),
        ]),
      ),
    ),
    ...given,
  };
}
