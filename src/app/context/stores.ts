import { loginName, type WebLogins } from '../../core/web-logins.ts';
import { createPeople, type People } from '../../identity/people.ts';
import { createProposalStore, type ProposalStore } from '../../store/approvals.ts';
import { type Audit, createAudit } from '../../store/audit.ts';
import { type Confirmations, createConfirmations } from '../../store/confirmations.ts';
import { createEditStore, type EditStore } from '../../store/edits.ts';
import { createFileStore, type FileStore } from '../../store/files.ts';
import { createFingerprintStore, type FingerprintStore } from '../../store/fingerprints.ts';
import { createIdentities, type Identities } from '../../store/identities.ts';
import { createJobStore, type JobStore } from '../../store/jobs.ts';
import { createKillStore, type KillStore } from '../../store/kills.ts';
import { createLaunchStore, type LaunchStore } from '../../store/launches.ts';
import { createOutbox, type Outbox } from '../../store/outbox.ts';
import { createPingStore, type PingStore } from '../../store/pings.ts';
import { createPressStore, type PressStore } from '../../store/presses.ts';
import { createPruning, type Pruning } from '../../store/prune.ts';
import { createRecovered, type RecoveredStore } from '../../store/recovered.ts';
import { createRunPlaceStore, type RunPlaceStore } from '../../store/run-places.ts';
import { createSubscriptions, type Subscriptions } from '../../store/subscriptions.ts';
import { createUnseenFailures, type UnseenFailures } from '../../store/unseen-failures.ts';
import { createWaitingLaunches, type WaitingLaunches } from '../../store/waiting-launches.ts';
import { createWatchStore, type WatchStore } from '../../store/watches.ts';
import { createWebLogins } from '../../store/web-logins.ts';
import type { Base } from './base.ts';

/** The stores that more than one part uses, and who is who. */
export interface Stores {
  files: FileStore;
  identities: Identities;
  people: People;
  jobs: JobStore;
  outbox: Outbox;
  launches: LaunchStore;
  waits: WaitingLaunches;
  kills: KillStore;
  edits: EditStore;
  proposals: ProposalStore;
  confirmations: Confirmations;
  audit: Audit;
  pruning: Pruning;
  recovered: RecoveredStore;
  presses: PressStore;
  subscriptions: Subscriptions;
  pings: PingStore;
  unseen: UnseenFailures;
  runPlaces: RunPlaceStore;
  watches: WatchStore;
  fingerprints: FingerprintStore;
  webLogins: WebLogins;
}

export function buildStores(
  { config, settings, db, queues, clock, events, mask }: Base,
  given: Partial<Stores> = {},
): Stores {
  const audit = createAudit(db, clock);
  const identities = given.identities ?? createIdentities(db, clock);
  const people = given.people ?? createPeople(settings, identities, config.sharedUnix);
  return {
    identities,
    people,
    files: createFileStore(config.dataDir),
    jobs: createJobStore(db, people.ownerOf, (key) => (queues.areSeveral ? queues.nameOf(key) : undefined)),
    outbox: createOutbox(db, clock, () => events.emit('outboxPending', undefined), mask),
    launches: createLaunchStore(db, clock),
    waits: createWaitingLaunches(db, clock, (job) => events.emit('waitingChanged', job)),
    kills: createKillStore(db, clock),
    edits: createEditStore(db, clock),
    proposals: createProposalStore(db),
    confirmations: createConfirmations(db, clock),
    audit,
    pruning: createPruning(db, clock),
    recovered: createRecovered(db),
    presses: createPressStore(db, clock),
    subscriptions: createSubscriptions(db, clock),
    pings: createPingStore(db, clock),
    unseen: createUnseenFailures(db),
    runPlaces: createRunPlaceStore(db),
    watches: createWatchStore(db),
    fingerprints: createFingerprintStore(db),
    webLogins: createWebLogins(db, clock, ({ id, person }) => {
      const where = { adapter: 'web', channel: '', command: null };
      audit.add({ event: 'signed-in', person, ...where, detail: loginName(id) });
    }),
    ...given,
  };
}
