import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { COMMANDS } from '../../commands/index.ts';
import { createPerform } from '../approvals/perform.ts';
import { createPropose } from '../approvals/propose.ts';
import { createApprovals } from '../approvals/service.ts';
import { createStanding } from '../approvals/standing.ts';
import { cutOffKillPost } from '../cards/kill-post.ts';
import { agentActPost, proposalCard, proposalPointer } from '../cards/proposal.ts';
import { sessionCard } from '../cards/session-card.ts';
import { watchPost } from '../cards/watch-post.ts';
import { createChartService } from '../charts/service.ts';
import { createContexts, type SharedServices } from '../chat/context.ts';
import { createGate } from '../chat/gate.ts';
import { type NamedExperiments, resolveJob } from '../chat/job-reference.ts';
import { createRouter } from '../chat/router.ts';
import { createRunner } from '../chat/runner.ts';
import type { Config } from '../config/config.ts';
import { createEditsService } from '../control/edits.ts';
import { healthOf } from '../control/health.ts';
import { createKillService } from '../control/kills.ts';
import { createObserverControl } from '../control/observer.ts';
import { createTensorBoards } from '../control/tensorboards.ts';
import type { Adapter, AdapterHandlers } from '../core/adapter.ts';
import type { DigestService } from '../core/digest.ts';
import { errorText } from '../core/errors.ts';
import type { SessionInfo } from '../core/experiment.ts';
import { isEnded, type JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import { type Message, type PersonId, textMessage } from '../core/message.ts';
import type { Queue } from '../core/queue.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { SessionsService } from '../core/services/sessions.ts';
import type { Clock } from '../core/time.ts';
import { createDigests } from '../digest/service.ts';
import { LOG_LINES } from '../experiments/csv.ts';
import { createReports } from '../experiments/reports.ts';
import { createExperiments } from '../experiments/service.ts';
import { countGpus as countHostGpus } from '../gpus/driver.ts';
import { readGpuProcesses, readGpus } from '../gpus/nvidia-smi.ts';
import { createGpusService } from '../gpus/service.ts';
import { createLinks } from '../identity/links.ts';
import { createPeople } from '../identity/people.ts';
import { createSubscriptionsService, directChannel } from '../identity/subscriptions.ts';
import { createIntake } from '../ingest/intake.ts';
import { createJobsService } from '../ingest/jobs.ts';
import { createTracker } from '../ingest/tracker.ts';
import { createDeferredStarts } from '../launch/deferred-starts.ts';
import { createJobStarts } from '../launch/job-starts.ts';
import { createOrphans } from '../launch/orphans.ts';
import { createLaunchService } from '../launch/service.ts';
import { createRunConfig } from '../metrics/run-config.ts';
import { createMetricsService } from '../metrics/service.ts';
import { createCauses, createCausesService, diagnosisVersion } from '../notify/causes.ts';
import { createDeliverer } from '../notify/deliverer.ts';
import { createFacts } from '../notify/facts.ts';
import { createNotifier } from '../notify/notifier.ts';
import { createRenderers } from '../notify/renderers.ts';
import { createUserNames } from '../queue/user-names.ts';
import { createAnalyses } from '../runs/analysis.ts';
import { createFingerprints } from '../runs/fingerprints.ts';
import { createResults } from '../runs/results.ts';
import { createRunsService } from '../runs/service.ts';
import { createProposalStore } from '../store/approvals.ts';
import { createAudit } from '../store/audit.ts';
import { createCauseStore } from '../store/causes.ts';
import { createConfirmations } from '../store/confirmations.ts';
import { type Db, openDb } from '../store/db.ts';
import { createEditStore } from '../store/edits.ts';
import { createExperimentStore } from '../store/experiments.ts';
import { createFileStore, type FileStore } from '../store/files.ts';
import { createFingerprintStore } from '../store/fingerprints.ts';
import { createIdentities } from '../store/identities.ts';
import { createJobStore } from '../store/jobs.ts';
import { createKillStore } from '../store/kills.ts';
import { createLaunchStore, type Launch } from '../store/launches.ts';
import { acquireLock } from '../store/lock.ts';
import { createNotes } from '../store/notes.ts';
import { createOutbox } from '../store/outbox.ts';
import { createPlanStore } from '../store/plans.ts';
import { createRecomputedValues } from '../store/recomputed-values.ts';
import { createRunSettingsStore } from '../store/run-settings.ts';
import { createSessionStore } from '../store/sessions.ts';
import { createSubscriptions } from '../store/subscriptions.ts';
import { createWatchStore } from '../store/watches.ts';
import { createRunSettings } from '../suggest/run-settings.ts';
import { createSuggestService } from '../suggest/service.ts';
import { createIdleHost } from '../watch/idle-host.ts';
import { createWatches } from '../watch/rules.ts';
import { createTakenGpus } from '../watch/taken-gpus.ts';
import { createWatcher } from '../watch/watcher.ts';

/** How long a terminal command waits for another writer of the same folder, milliseconds. */
const LOCK_WAIT_MS = 5_000;
/** How long a stop waits for commands under way, milliseconds: a launch takes 5 to 10 s; systemd ends us after 90 s. */
const STOP_WAIT_MS = 30_000;
/** How often cards of running jobs are looked at for progress, milliseconds. */
const PROGRESS_MS = 10_000;
/** Jobs of a queue's history that are looked into at a start. */
const ADOPTED_MAX = 500;

export interface AppDeps {
  config: Config;
  queue: Queue;
  log: Log;
  clock: Clock;
  /** Adapters to open; each is given what it needs of the app. None for a single terminal command. */
  adapters(app: AppParts): Adapter[];
}

/** What an adapter may be built from. */
export interface AppParts {
  db: Db;
  files: FileStore;
  people: ReturnType<typeof createPeople>;
  /** An adapter is open again: what waited for it is said. */
  resume(adapter: string): void;
}

export interface App {
  handlers: AdapterHandlers;
  parts: AppParts;
  health(): HealthItem[];
  /** Resolves when what the queue says is in the database and all that could be said has been said. */
  settled(): Promise<void>;
  /** How much is still to be said. */
  waiting(): number;
  digests: DigestService;
  /** Tells every channel what is to be said of its session; a key is told once. */
  announceBySession(key: string, make: (experiments: ExperimentsService) => Promise<Message>): Promise<void>;
  now: Clock;
  /** Waits for commands under way, half a minute at most, and refuses others; then everything stops. */
  stop(): Promise<void>;
}

/** Wires everything and starts it in order; `stop` goes the other way. Throws BotError for what a person can mend. */
export async function startApp(deps: AppDeps): Promise<App> {
  const { config, queue, log, clock } = deps;
  const lock = acquireLock(config.dataDir, LOCK_WAIT_MS);
  const db = openDb(config.dataDir);
  const files = createFileStore(config.dataDir);
  const identities = createIdentities(db, clock);
  const people = createPeople(config.people, identities);
  const subscriptions = createSubscriptions(db, clock);
  const jobs = createJobStore(db, people.ownerOf);
  const kills = createKillStore(db, clock);
  const edits = createEditStore(db, clock);
  const outbox = createOutbox(db, clock);
  const metrics = createMetricsService({ runFiles: (job) => queue.runFiles(job), clock });
  const charts = createChartService({
    files,
    env: config.childEnv,
    compileCache: config.compileCache,
    quickChart: config.quickChartUrl,
    onTrouble: (words) => log.warn({ trouble: words }, 'a QuickChart server did not draw: drawn here'),
  });
  const fingerprintStore = createFingerprintStore(db);
  const experiments = createExperiments({
    store: createExperimentStore(db, LOG_LINES),
    sessionStore: createSessionStore(db),
    plans: createPlanStore(db),
    notes: createNotes(db),
    xaxHome: config.xaxHome,
    session: config.session,
    jobOf: (key) => jobs.get(key),
    nameOf: people.nameOf,
    fingerprints: fingerprintStore,
    clock,
    log,
    onNotice: (text) => {
      log.warn({ notice: text }, 'about the experiment log');
      notifier.announce(`log:${clock()}:${text}`, { blocks: [{ kind: 'text', text }], tone: 'warning' });
      deliverer.kick();
    },
    onEdited: refreshCards,
    onObjective: (session, before) => results.recompute(session, before),
  });
  const jobsService = createJobsService(jobs, queue.name, people);
  const causes = createCauses({
    store: createCauseStore(db),
    readLog: queue.readLog,
    version: diagnosisVersion(),
    log,
  });
  const launchStore = createLaunchStore(db, clock);
  const launches = createLaunchService({
    queue,
    presets: config.presets,
    launches: launchStore,
    jobs,
    experimentsOf: (session) => (session === null ? experiments : experiments.ofSession(session)),
    nameOf: people.nameOf,
    clock,
    log,
    settle: readQueue,
    onAnswered(key) {
      const job = jobs.get(key);
      // A run that has ended already was measured before it was known whose it is.
      if (job && isEnded(job.status)) void results.record(job);
      notifier.launchAnswered(key);
      deliverer.kick();
    },
    onEnded() {
      if (launches.underWay() === 0) notifier.launchesEnded();
      began.launchEnded();
      deliverer.kick();
    },
  });
  const began = createDeferredStarts({
    launchesUnderWay: () => launches.underWay(),
    onBegan(recorded) {
      beginnings.describeChanges(recorded);
      beginnings.askWhy(recorded);
    },
  });
  const userName = createUserNames(config.childEnv);
  const interrupted = createOrphans({
    queue: queue.name,
    presets: config.presets,
    launches: launchStore,
    jobs: (limit) => jobs.list(queue.name, { limit }),
    settingsOf: (job) => metrics.config(job),
    isOurs: async (job) => (await queue.ownerOf(job)) === (await userName(process.getuid?.() ?? -1)),
    join: launches.join,
    keep: launches.keep,
    tell: tellInterrupted,
    clock,
    log,
  });
  const runs = createRunsService({
    jobs: jobsService,
    experimentsOf: experiments.inSessionOf,
    metrics,
    runFiles: (job) => queue.runFiles(job),
    clock,
    timezone: config.timezone,
  });
  const fingerprints = createFingerprints({
    store: fingerprintStore,
    jobOf: jobs.get,
    metrics,
    runFiles: (job) => queue.runFiles(job),
  });
  const analyses = createAnalyses({
    jobs: jobsService,
    experimentsOf: experiments.inSessionOf,
    metrics,
    fingerprints,
  });
  const facts = createFacts({
    queue,
    runs,
    jobs: jobsService,
    experiments,
    metrics,
    charts,
    launches,
    clock,
    log,
    causes,
    setOwner: jobs.setOwner,
  });
  const notifier = createNotifier({
    outbox,
    jobs,
    // What is said to an adapter that is off would never be delivered, and be a flood when it is opened.
    channels: config.channels
      .filter(({ adapter }) => config[adapter] !== null)
      .map(({ owners, ...channel }) => ({ ...channel, owners: owners?.map(people.nameOf) })),
    subscriptions,
    ownerOf: (job) => ownerOf(job)?.id,
    launchesUnderWay: () => launches.underWay(),
    editUnderWay: edits.isUnderWay,
    sessionIn: (adapter, channel) => experiments.inChannel({ adapter, channel }).session.info().name,
    clock,
  });
  const proposals = createProposalStore(db);
  const adapters = new Map<string, Adapter>();
  const deliverer = createDeliverer({
    outbox,
    adapters,
    render: createRenderers({
      jobs,
      facts,
      ownerOf,
      async analysisOf(job) {
        await results.recorded(job);
        return analyses.of(job);
      },
      sessionCard(name) {
        const known = experiments.inSession(name);
        return known && sessionCard(known.session.info(), known.session.spent());
      },
      proposalCard(id) {
        const proposal = proposals.get(id);
        return proposal && proposalCard(proposal);
      },
    }),
    clock,
    log,
  });
  const track = createTracker({
    db,
    jobs,
    edits,
    clock,
    onJobs: (changed) => experiments.jobsChanged(changed),
    onTransitions(recorded, reading) {
      notifier.transitions(recorded, reading);
      for (const { job } of recorded) notifier.refreshSession(experiments.session.of(job).name);
      began.take(recorded);
      beginnings.countGpus(recorded);
      if (recorded.some(({ transition }) => ['enqueued', 'started'].includes(transition.kind)))
        setImmediate(() => void interrupted.jobsCame());
    },
    onEnded(ended) {
      for (const { job } of ended) {
        void results.record(job);
        void causes.text(job);
      }
    },
    onQueue: ({ snapshot, orderChanged }) => {
      notifier.board(queue.name);
      if (orderChanged) notifier.refreshSoon(snapshot.order.map((id) => snapshot.jobs.get(id)!));
    },
  });
  const intake = createIntake({
    queue,
    track,
    isKnown: () => jobs.waiting(queue.name) !== undefined,
    isNew: (job) => jobs.get(job) === undefined,
    onTaken: () => deliverer.kick(),
    log,
  });
  const audit = createAudit(db, clock);
  const links = createLinks({
    identities,
    people,
    tell(side, key, message) {
      const channel = directChannel(side);
      if (channel === undefined) return;
      notifier.tellOne(key, side.adapter, channel, message);
      deliverer.kick();
    },
    onLinked: subscriptions.rename,
  });
  const killService = createKillService({
    queue,
    kills,
    jobOf: jobs.get,
    graceMs: config.killGraceMs,
    tell(key, kill) {
      const job = jobs.get(kill.job);
      if (job) notifier.aboutJob(key, job, cutOffKillPost(kill));
      deliverer.kick();
    },
    clock,
    log,
  });
  const editsService = createEditsService({
    queue,
    edits,
    settle: readQueue,
    onCertain(key) {
      notifier.editEnded(key);
      deliverer.kick();
    },
  });
  const observer = createObserverControl({ queue, kills });
  const gpus = createGpusService({
    queue,
    // What is simulated is not on this host's GPUs.
    readGpus: async () => (queue.simulated ? { gpus: null, trouble: null } : readGpus(config.childEnv)),
    countGpus: async () => (queue.simulated ? null : countHostGpus()),
    readProcesses: async () => (queue.simulated ? null : readGpuProcesses(config.childEnv)),
    userName,
  });
  const beginnings = createJobStarts({
    experiments,
    launches,
    facts,
    gpus,
    jobs,
    notifier,
    ownerOf,
    log,
  });
  const watchStore = createWatchStore(db);
  const watches = createWatches({ store: watchStore, settings: config.watch, clock });
  const watcher = createWatcher({
    store: watchStore,
    watches,
    jobs: jobsService,
    experiments,
    metrics,
    idleHost: createIdleHost({ gpus: async () => (await readGpus(config.childEnv)).gpus, clock }),
    takenGpus: createTakenGpus({ takers: gpus.takers, clock }),
    kills: killService,
    killOnNan(job) {
      const preset = launches.origin(job)?.preset;
      return config.presets.find(({ name }) => name === preset)?.killOnNan ?? null;
    },
    draw: facts.drawChart,
    tell(key, news) {
      const job = news.job && jobs.get(news.job);
      if (job) notifier.aboutJob(key, job, watchPost(news, clock(), ownerOf(job)));
      else notifier.announce(key, watchPost(news, clock()));
    },
    onTold: () => deliverer.kick(),
    clock,
    log,
  });
  const results = createResults({
    facts,
    fingerprints,
    experiments,
    jobOf: jobs.get,
    recentlyEnded: jobsService.recentlyEnded,
    valuesAnew: createRecomputedValues(db),
    log,
  });
  const tensorboards = createTensorBoards({ queue, clock, log });
  const approvals = createApprovals({
    store: proposals,
    waitMs: config.agents.approvalMs,
    roleFor: (command) => COMMANDS.find(({ name }) => name === command)?.role ?? null,
    perform: (...asked) => perform(...asked),
    mustStillBe: createStanding({
      commands: COMMANDS,
      mayPropose: config.agents.mayPropose,
      personOf: people.byId,
      sessionOf: (name) => experiments.inSession(name)?.session.info(),
    }),
    show(proposal) {
      const { id, state, job, session } = proposal;
      const pointer = state === 'waiting' ? proposalPointer(proposal) : undefined;
      const record = job ? jobs.get(job) : undefined;
      return notifier.showProposal(id, record, session ?? experiments.session.info().name, pointer);
    },
    tell: (key, { id }, message) => notifier.aboutProposal(key, id, message),
    onTold: () => deliverer.kick(),
    clock,
    log,
  });
  const suggestions = createSuggestService({
    jobs: jobsService,
    launches,
    resolvedOf: createRunSettings({
      store: createRunSettingsStore(db),
      jobOf: jobs.get,
      // Not through the metrics, which keep the curves of the few runs that were asked for last.
      read: (job) => createRunConfig(queue.runFiles(job)).read(),
    }),
    clock,
  });
  const digests = createDigests({
    queue,
    jobs: jobsService,
    gpus,
    causeOf: causes.text,
    suggestions,
    clock,
  });
  const services: SharedServices = {
    now: clock,
    queue,
    jobs: jobsService,
    sessions: shownSessions(),
    suggestions,
    reports: createReports(clock),
    digests,
    metrics,
    charts,
    runs,
    analyses,
    launches,
    kills: killService,
    edits: editsService,
    causes: createCausesService(causes, jobs.get),
    nameOf: people.nameOf,
    observer,
    gpus,
    watches,
    tensorboards,
    hostLabel: config.hostLabel,
    subscriptions: createSubscriptionsService(subscriptions),
    links,
    approvals: approvals.service,
    redactAudit: audit.redact,
    health: () => health(),
    status: () => facts.status(),
    jobFacts: async (key) => (await facts.job(key))!,
    saveFile: files.save,
    aboutJob(key, name, message, except) {
      const job = jobs.get(key);
      if (job) notifier.aboutJob(name, job, message, except);
      deliverer.kick();
    },
  };
  const contextOf = createContexts({
    commands: COMMANDS,
    services,
    experimentsIn: experiments.inChannel,
    log,
  });
  const run = createRunner({ audit, now: clock });
  const jobNamed = (reference: string, among?: NamedExperiments, last?: 'began') =>
    resolveJob(reference, queue, jobs, among, last);
  const perform = createPerform({
    commands: COMMANDS,
    contextOf,
    run,
    resolveJob: jobNamed,
    experimentsOf: experiments.inSession,
  });
  const router = createRouter({
    commands: COMMANDS,
    services,
    jobs: jobsService,
    contextOf,
    run,
    experimentsIn: experiments.inChannel,
    resolveJob: jobNamed,
    outbox,
    confirmations: createConfirmations(db, clock),
    notes: experiments.notes,
    propose: createPropose(approvals),
    experimentsOf: experiments.inSession,
    onAgentActed({ request: { person, adapter, channel }, command, job, session, message }) {
      const isSeen = notifier.channels().some((each) => each.adapter === adapter && each.channel === channel);
      if (isSeen) return;
      const record = job ? jobs.get(job) : undefined;
      notifier.aboutWork(`act:${randomUUID()}`, record, session, agentActPost(person, command, message));
      deliverer.kick();
    },
    mayPropose: config.agents.mayPropose,
    log,
  });

  const gate = createGate(router);
  const { handlers } = gate;

  /** Whose job it is, where that is somebody we know: who launched it from chat, else the owner of its run folder. */
  function ownerOf(job: JobRecord): { id: PersonId; name: string } | undefined {
    const { ownerPerson: id, owner } = job;
    if (id === null) return undefined;
    return people.byId(id) ?? { id, name: owner ?? id };
  }

  /** Reads the queue now; resolves when the database has taken what it says. */
  async function readQueue(): Promise<void> {
    await queue.refresh();
    await intake.settled();
  }

  /** Sessions whose cards follow what becomes of them. */
  function shownSessions(): SessionsService {
    const shown = (session: SessionInfo) => {
      notifier.refreshSession(session.name);
      deliverer.kick();
      return session;
    };
    const { sessions } = experiments;
    return {
      ...sessions,
      change: (name, settings) => shown(sessions.change(name, settings)),
      close: (name) => shown(sessions.close(name)),
    };
  }

  function refreshCards(key: JobKey): void {
    notifier.refresh(key);
    deliverer.kick();
  }

  /** What has become of a launch whose answer nobody heard, as far as it is certain. */
  function tellInterrupted(launch: Launch, job: JobKey | null, experimentId: string | undefined): void {
    const { id, preset, personId, hypothesis } = launch;
    const which = `The launch of ${preset} by ${people.nameOf(personId)} was under way when xaxbot stopped.`;
    if (job) {
      const as = experimentId === undefined || experimentId === job.jobId ? '' : ` as ${experimentId}`;
      notifier.announce(`launched:${id}`, textMessage(`${which} It is queued: ${job.jobId}${as}.`, 'good'));
      const record = jobs.get(job);
      if (record && isEnded(record.status)) void results.record(record);
      notifier.launchAnswered(job);
    } else {
      const what =
        hypothesis === null || launch.experimentId !== null ? 'It was to be' : 'Its hypothesis is kept as';
      const plan = experimentId === undefined ? '' : ` ${what} ${experimentId}, which is still planned.`;
      const text = `${which} If a job came of it, it is in the queue.${plan}`;
      notifier.announce(`launch:${id}`, textMessage(text, 'warning'));
    }
    deliverer.kick();
  }

  const health = (): HealthItem[] =>
    healthOf({
      config,
      queue,
      others: [intake.health(), experiments.health()],
      outbox,
      adapters: adapters.values(),
    });

  /** Looks up what runs of before reached, why they failed and whose they are; the newest first. */
  async function adopt(): Promise<void> {
    await results.adopt();
    await causes.adopt(jobsService.recentlyEnded(ADOPTED_MAX));
    for (const job of jobsService.list({ limit: ADOPTED_MAX })) {
      if (isStopping) return;
      await facts.findOwner(job);
    }
  }

  let isStopping = false;
  let watching: Promise<void> | null = null;
  /** One look at what is watched, unless one is still under way. */
  function watchOnce(): void {
    const snapshot = queue.snapshot();
    if (!snapshot) return;
    const running = snapshot.running.flatMap((id) => snapshot.jobs.get(id) ?? []);
    const isBusy = running.length > 0 || snapshot.order.length > 0;
    watching ??= watcher
      .look(running, isBusy)
      .catch((error) => log.warn({ err: error }, 'running jobs were not watched'))
      .finally(() => {
        watching = null;
      });
  }

  let progressTimer: NodeJS.Timeout | undefined;
  let adopting: Promise<void> | undefined;
  const app: App = {
    handlers,
    parts: {
      db,
      files,
      people,
      resume(adapter) {
        notifier.foldWaiting(adapter);
        deliverer.resume(adapter);
      },
    },
    health,
    async settled() {
      await intake.settled();
      deliverer.kick();
      await deliverer.idle();
      await results.settled();
      await experiments.settled();
    },
    waiting: () => outbox.waitingCount(),
    digests,
    now: clock,
    async announceBySession(key, make) {
      const made = new Map<string, Promise<Message>>();
      for (const { adapter, channel } of notifier.channels()) {
        const theirs = experiments.inChannel({ adapter, channel });
        const { name } = theirs.session.info();
        const message = made.get(name) ?? make(theirs);
        made.set(name, message);
        notifier.tellOne(key, adapter, channel, await message);
      }
      deliverer.kick();
    },
    async stop() {
      isStopping = true;
      clearInterval(progressTimer);
      // Whoever only waits is answered at once; what is under way is finished, and said, while all still works.
      approvals.stop();
      const left = await gate.close(STOP_WAIT_MS);
      if (left > 0) log.warn({ left }, 'commands were still under way when xaxbot stopped');
      await killService.stop();
      await nextTurn();
      causes.stop();
      await results.stop();
      await adopting;
      await interrupted.settled();
      await watching;
      await tensorboards.stop();
      await queue.stop();
      await intake.stop();
      await deliverer.stop();
      for (const adapter of [...adapters.values()].reverse()) await adapter.stop();
      await experiments.stop();
      db.close();
      lock.release();
    },
  };

  try {
    await experiments.start();
    for (const adapter of deps.adapters(app.parts)) {
      adapters.set(adapter.name, adapter);
      await adapter.start(handlers);
    }
    await queue.start((change) => intake.take(change));
    await intake.settled();
    await interrupted.recover();
    for (const job of edits.closeCutOff(queue.name)) notifier.editEnded(job);
    // A single command leaves what a bot was at to the next bot.
    if (adapters.size > 0) killService.recover();
    adopting = adopt();
    approvals.recover();
    notifier.board(queue.name);
    deliverer.kick();
  } catch (error) {
    await app.stop().catch((stopError) => log.debug({ err: stopError }, errorText(stopError)));
    throw error;
  }
  progressTimer = setInterval(() => {
    const running = queue.snapshot()?.running ?? [];
    for (const id of running) {
      const job = queue.snapshot()?.jobs.get(id);
      if (job) notifier.refresh(job);
    }
    if (running.length > 0) notifier.board(queue.name);
    watchOnce();
    approvals.expire();
    outbox.giveUp();
    deliverer.kick();
  }, PROGRESS_MS);
  return app;
}
