import { EXPERIMENT_LOG_LINES } from '../../experiments/csv.ts';
import { createExperiments, type Experiments } from '../../experiments/service.ts';
import { createExperimentStore } from '../../store/experiments.ts';
import { createNotes } from '../../store/notes.ts';
import { createPlanStore } from '../../store/plans.ts';
import { createSessionStore } from '../../store/sessions.ts';
import type { Base } from './base.ts';
import type { Stores } from './stores.ts';

/** The experiments of all sessions, and their logs on disk. */
export function buildExperiments({
  config,
  settings,
  db,
  queues,
  clock,
  log,
  timings,
  events,
  stores: { jobs, people, fingerprints },
}: Base & { stores: Stores }): Experiments {
  return createExperiments({
    store: createExperimentStore(db, EXPERIMENT_LOG_LINES),
    sessionStore: createSessionStore(db),
    plans: createPlanStore(db),
    notes: createNotes(db),
    xaxHome: config.xaxHome,
    ownQueue: queues.areSeveral ? queues.ofSettings[0]!.name : undefined,
    ofEvery: () => settings().session,
    jobOf: jobs.get,
    nameOf: people.nameOf,
    fingerprints,
    clock,
    log,
    timings: timings.logFile,
    onNotice: (text) => events.emit('logNotice', text),
    onEdited: (key) => events.emit('experimentEdited', key),
    onObjective: (session, before) => events.emit('objectiveChanged', { session, before }),
    onSession: (session) => events.emit('sessionChanged', session),
  });
}
