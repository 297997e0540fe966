import { homedir } from 'node:os';
import { join } from 'node:path';
import { createBackups } from '../../control/backups.ts';
import { createEditsService } from '../../control/edits.ts';
import { createFollowService } from '../../control/follow.ts';
import { createKillService } from '../../control/kills.ts';
import { createObserverControl } from '../../control/observer.ts';
import type { Adapter } from '../../core/adapter.ts';
import { FOLLOWED } from '../../core/followed.ts';
import type { GpusService } from '../../core/gpus.ts';
import type { EditsService, ObserverControl } from '../../core/services/control.ts';
import type { FollowService } from '../../core/services/follow.ts';
import { hostGpus } from '../../gpus/host.ts';
import { createGpusService } from '../../gpus/service.ts';
import { processFacts } from '../../queue/process-facts.ts';
import type { UserNames } from '../../queue/user-names.ts';
import { DATABASE_FILE } from '../../store/db.ts';
import type { Base } from './base.ts';
import type { Ingest } from './ingest.ts';
import type { Stores } from './stores.ts';

/** What changes the queue and its host, and what monitors them. */
export interface Control {
  kills: ReturnType<typeof createKillService>;
  edits: EditsService;
  observer: ObserverControl;
  gpus: GpusService;
  follow: FollowService;
  backups: ReturnType<typeof createBackups>;
}

export function buildControl(
  made: Base & { stores: Stores; ingest: Ingest; userName: UserNames; adapters: readonly Adapter[] },
  given: Partial<Control> = {},
): Control {
  const { config, settings, queues, clock, log, timings, events, stores, ingest, userName } = made;
  const { jobs, kills, edits, people } = stores;
  return {
    kills: createKillService({
      queues,
      kills,
      jobOf: jobs.get,
      graceMs: () => settings().killGraceMs,
      onSignal: (key, { id: person }, signal) =>
        stores.audit.add({
          event: 'signal',
          person,
          adapter: '',
          channel: '',
          command: 'kill',
          jobs: [key],
          detail: signal,
        }),
      tell: (key, kill) => events.emit('killRecovered', { key, kill }),
      clock,
      log,
    }),
    edits: createEditsService({
      queues,
      edits,
      settle: ({ queue }) => ingest.following.read(queues.of({ queue }).name),
      onCertain: (key) => events.emit('editCertain', key),
    }),
    observer: createObserverControl({ queues, kills, log, timings: timings.observer }),
    gpus: createGpusService({ queues, ...hostGpus(config.childEnv), userName }),
    follow: createFollowService({
      queue: made.followed,
      processStartedAt: (pid) => processFacts(pid)?.startedAt,
      userName,
      ownsAs: (person, unix) => people.owns(person, { person: null, unix }),
      nameOf: queues.nameOf,
      dataDir: config.dataDir,
      home: homedir(),
      silentMs: timings.followed.silentMs,
      isBot: made.adapters.length > 0,
      settle: () => ingest.following.read(FOLLOWED),
    }),
    backups: createBackups({
      path: join(config.dataDir, DATABASE_FILE),
      env: config.childEnv,
      onDamage: made.condition.damaged,
      clock,
      log,
      timings: timings.backup,
    }),
    ...given,
  };
}
