import type { SharedServices } from '../../chat/context.ts';
import { backupItem, healthOf, recoveredItem, toldBy, withSize } from '../../control/health.ts';
import { rolesInForce } from '../../control/roles-in-force.ts';
import type { Adapter } from '../../core/adapter.ts';
import type { DigestService } from '../../core/digest.ts';
import type { Mask } from '../../core/masked.ts';
import type { ApprovalsService } from '../../core/proposal.ts';
import type { HealthItem } from '../../core/services/health.ts';
import { createDigests } from '../../digest/service.ts';
import { createReports } from '../../experiments/reports.ts';
import type { Experiments } from '../../experiments/service.ts';
import { createWordsService } from '../../experiments/words.ts';
import { maskLong } from '../../files/mask-long.ts';
import { wallsHealth } from '../../files/walls.ts';
import { createAuditService } from '../../identity/audit.ts';
import { createLinks } from '../../identity/links.ts';
import { createSubscriptionsService } from '../../identity/subscriptions.ts';
import type { Launches } from '../../launch/service.ts';
import { createCausesService } from '../../notify/causes.ts';
import { databaseBytes } from '../../store/backup.ts';
import { createWordsStore } from '../../store/words.ts';
import type { Base } from './base.ts';
import type { Control } from './control.ts';
import type { Feed } from './feed.ts';
import type { Ingest } from './ingest.ts';
import type { Notify } from './notify.ts';
import type { Runs } from './runs.ts';
import type { Stores } from './stores.ts';
import type { Watch } from './watch.ts';

/** The services of commands. Approving runs commands, so that the chat brings the service of approvals. */
export type BuildServices = (approvals: ApprovalsService) => SharedServices;

export interface Services {
  digests: DigestService;
  health(): HealthItem[];
  /** Who may do what, in a line. */
  roles(): string;
  servicesWith: BuildServices;
}

export function buildServices(
  made: Base & {
    stores: Stores;
    ingest: Ingest;
    feed: Feed;
    experiments: Experiments;
    launches: Launches;
    runs: Runs;
    notify: Notify;
    control: Control;
    watch: Watch;
    adapters: readonly Adapter[];
    begunAt: number;
    settingsHealth(): HealthItem;
  },
): Services {
  const { config, settings, queues, clock, mask, stores, ingest, experiments, launches, runs, control } =
    made;
  const { notifier } = made.notify;
  const { people, outbox } = stores;
  const digests = createDigests({
    queues,
    jobs: ingest.jobs,
    gpus: control.gpus,
    causeOf: runs.causes.text,
    suggestions: runs.suggestions,
    clock,
  });
  const roles = () => rolesInForce({ ...config, ...settings() }, made.adapters);
  const health = () => {
    const [database, ...others] = ingest.following.health();
    return healthOf({
      config: { ...config, ...settings() },
      queues,
      others: [
        ...wallsHealth(config.relied),
        ...toldBy('database', () => [
          withSize(
            made.condition.health() ?? recoveredItem(stores.recovered.last(), clock()) ?? database!,
            databaseBytes(made.db.name),
          ),
        ]),
        ...toldBy('backup', () => [backupItem(control.backups)]),
        ...others,
        experiments.health(),
        { name: 'roles', ok: true, detail: roles() },
        made.settingsHealth(),
      ],
      outbox,
      lastDelayMs: made.notify.deliverer.lastDelayMs(),
      adapters: made.adapters,
      begunAt: made.begunAt,
    }).map((item) => ({ ...item, detail: mask(item.detail) }));
  };
  const links = createLinks({
    typing: made.typing,
    traits: made.traits,
    identities: stores.identities,
    people,
    tell: notifier.tellOne,
    onLinked(before, after) {
      stores.subscriptions.rename(before, after);
      stores.pings.rename(before, after);
    },
  });
  return {
    digests,
    health,
    roles,
    servicesWith: (approvals) => ({
      now: clock,
      queues,
      jobs: ingest.jobs,
      sessions: experiments.sessions,
      suggestions: runs.suggestions,
      reports: createReports(clock, mask),
      digests,
      metrics: runs.metrics,
      charts: runs.charts,
      runs: runs.runs,
      analyses: runs.analyses,
      launches,
      kills: control.kills,
      edits: control.edits,
      causes: createCausesService(runs.causes, stores.jobs.get),
      nameOf: people.nameOf,
      observer: control.observer,
      gpus: control.gpus,
      watches: made.watch.watches,
      follow: control.follow,
      tensorboards: runs.tensorboards,
      hostLabel: () => settings().hostLabel,
      subscriptions: createSubscriptionsService(stores.subscriptions, made.traits),
      pings: { ...stores.pings, zone: () => made.settings().timezone },
      links,
      webLogins: stores.webLogins,
      approvals,
      words: createWordsService({
        store: createWordsStore(made.db),
        experiments,
        writerOf(person) {
          const { persons, unix } = people.spellingsOf(person);
          const name = people.nameOf(person);
          return {
            persons,
            names: [...new Set([name, ...persons, ...unix])],
            id: persons[0] ?? person,
            name,
          };
        },
      }),
      backups: control.backups,
      audit: createAuditService(stores.audit, people),
      feed: made.feed.service,
      health,
      status: () => runs.facts.status(),
      jobFacts: async (key) => (await runs.facts.job(key))!,
      saveFile: async (bytes, extension) => stores.files.save(await withoutSecrets(bytes, mask), extension),
      aboutJob: (key, name, message, except) => notifier.aboutJob(name, key, message, except),
    }),
  };
}

/** A file of text for readers; charts are none. */
async function withoutSecrets(bytes: Uint8Array, mask: Mask): Promise<Uint8Array> {
  return Buffer.from(await maskLong(Buffer.from(bytes).toString('utf8'), mask));
}
