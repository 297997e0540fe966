import { createRule } from '../../chat/authorise.ts';
import { commandNamed } from '../../core/command-names.ts';
import { BotError } from '../../core/errors.ts';
import { WATCHER } from '../../core/watch.ts';
import type { Experiments } from '../../experiments/service.ts';
import { whatIsSpent } from '../../experiments/spent.ts';
import { createKeptRights } from '../../identity/kept-rights.ts';
import { createDeferredStarts, type DeferredStarts } from '../../launch/deferred-starts.ts';
import { createDue, type Due } from '../../launch/due.ts';
import { createJobStarts, type JobStarts } from '../../launch/job-starts.ts';
import { createOrphans, type OrphansOfAll, orphansOfAll } from '../../launch/orphans.ts';
import { createRetries, type Retries } from '../../launch/retries.ts';
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
  due: Due;
  retries: Retries;
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
  const keptRights = createKeptRights({ settings, people });
  // A launch is about no job that is there already, so that nobody's own is asked for.
  const rule = createRule({ mayPropose: () => [], owns: () => false, queueOf: ({ queue }) => queue });
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
    due: createDue({
      waits: stores.waits,
      jobs,
      queues,
      launchStore: stores.launches,
      launch: launches.launch,
      presets: launches.presets,
      experimentsOf: experiments.ofSession,
      personNow({ id, name, rights }) {
        // A retry is the settings' own word, in the name of whoever launched the job.
        if (rights === null) return { id, name, role: WATCHER.role };
        const person = keptRights.now({ id, name, rights });
        const queue = commandNamed('queue', made.commands);
        if (!queue || rule.offers(person, queue)) return person;
        throw new BotError('not-allowed', `${name} may not queue runs any more.`);
      },
      spentOf(session) {
        const { info, spent } = experiments.ofSession(session).session;
        return whatIsSpent(info().budget, spent(), clock());
      },
      notifier: made.notify.notifier,
      log,
    }),
    retries: createRetries({
      waits: stores.waits,
      launches: stores.launches,
      presetOf: launches.presetOf,
      experimentsOf: experiments.inSessionOf,
      nameOf: people.nameOf,
      notifier: made.notify.notifier,
    }),
    ...given,
  };
}
