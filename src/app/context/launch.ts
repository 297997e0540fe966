import type { Experiments } from '../../experiments/service.ts';
import { createLaunchService, type Launches } from '../../launch/service.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';
import type { Stores } from './stores.ts';

/** Launches from chat. */
export function buildLaunches({
  config,
  queue,
  clock,
  log,
  timings,
  events,
  stores,
  ingest,
  experiments,
}: Base & { stores: Stores; ingest: Ingest; experiments: Experiments }): Launches {
  return createLaunchService({
    queue,
    presets: config.presets,
    launches: stores.launches,
    jobs: stores.jobs,
    experimentsOf: (session) => (session === null ? experiments : experiments.ofSession(session)),
    nameOf: stores.people.nameOf,
    clock,
    log,
    timings: timings.launch,
    settle: ingest.readQueue,
    onAnswered: (key) => events.emit('launchAnswered', key),
    onEnded: () => events.emit('launchEnded', undefined),
  });
}
