import type { Experiments } from '../../experiments/service.ts';
import { createKeptRights } from '../../identity/kept-rights.ts';
import { createLaunchService, type Launches } from '../../launch/service.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';
import type { Measures } from './measures.ts';
import type { Stores } from './stores.ts';

/** Launches from chat. */
export function buildLaunches({
  settings,
  queues,
  clock,
  log,
  timings,
  events,
  stores,
  ingest,
  experiments,
  measures,
}: Base & { stores: Stores; ingest: Ingest; experiments: Experiments; measures: Measures }): Launches {
  return createLaunchService({
    queues,
    nextStart: measures.starts.next,
    presets: () => settings().presets,
    launches: stores.launches,
    waits: stores.waits,
    keep: createKeptRights({ settings, people: stores.people }).keep,
    jobs: stores.jobs,
    experimentsOf: (session) => (session === null ? experiments : experiments.ofSession(session)),
    nameOf: stores.people.nameOf,
    personsOf: (person) => stores.people.spellingsOf(person).persons,
    clock,
    log,
    timings: timings.launch,
    settle: ingest.following.read,
    onAnswered: (key) => events.emit('launchAnswered', key),
    onEnded: () => events.emit('launchEnded', undefined),
    onTakenBack: (launch, by) => events.emit('launchTakenBack', { launch, by }),
  });
}
