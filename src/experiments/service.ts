import { isDeepStrictEqual } from 'node:util';
import type { Objective, SessionInfo, SessionSettings } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { Destination } from '../core/request.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { SessionsService } from '../core/services/sessions.ts';
import type { Clock } from '../core/time.ts';
import type { StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { FingerprintStore } from '../store/fingerprints.ts';
import type { Notes } from '../store/notes.ts';
import type { PlanStore } from '../store/plans.ts';
import type { Session, SessionStore } from '../store/sessions.ts';
import { createExperimentLog, type ExperimentLog } from './experiment-log.ts';
import type { EXPERIMENT_LOG_FILE_TIMINGS } from './experiment-log-file.ts';
import { firstSession } from './first-session.ts';
import { experimentPorts } from './ports.ts';
import { type Reached, resultFields } from './result-fields.ts';
import { experimentsDir, sessionFolder } from './session.ts';
import { sessionInfo } from './session-info.ts';
import { createSessions } from './sessions.ts';
import { spentBy } from './spent.ts';

/** What the settings say of sessions. */
export type SessionsSettings = SessionSettings & { name?: string | undefined };

export interface Experiments extends ExperimentsService {
  /** Reads the existing files; call it before the first jobs arrive, so that they find their rows. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when the files on disk hold what the database holds, or cannot for now (see `health`). */
  settled(): Promise<void>;
  /** Updates the rows of changed jobs and creates rows for new ones; call it inside the transaction that records them. */
  jobsChanged(jobs: readonly JobRecord[]): void;
  /**
   * What an ended run reached: `latest` are its last values by tag, the objective's among them. `before` and
   * `latestBefore`: what was made of it by an earlier objective or reading, which gives way; any other value that stands
   * there is a person's.
   */
  setResult(
    key: JobKey,
    objective: Reached | null,
    latest: Record<string, number>,
    before?: Reached | null,
    latestBefore?: Record<string, number>,
  ): void;
  /** The jobs of a session, newest first. */
  jobsOf(session: string): JobKey[];
  health(): HealthItem;
  /** What the settings say of every session was `before`. */
  settingsChanged(before: SessionsSettings): void;
  /** The experiments as a channel sees them: of its own session, if it has one. */
  inChannel(at: Destination): ExperimentsService;
  /** As seen from the session that a job belongs to. */
  inSessionOf(key: JobKey): ExperimentsService;
  /** Those of one session, whichever is in use. */
  ofSession(id: number): ExperimentsService;
  /** As a session of that name has them; undefined when the database knows none. */
  inSession(name: string): ExperimentsService | undefined;
  sessions: SessionsService;
}

/** The experiments of all sessions: each session has its log on disk, and every job belongs to one session. */
export function createExperiments(deps: {
  store: ExperimentStore;
  sessionStore: SessionStore;
  plans: PlanStore;
  notes: Notes;
  /** The queue's folder, which says where sessions are. */
  xaxHome: string;
  /** Of several, the queue whose jobs go by their ids alone. */
  ownQueue?: string | undefined;
  /** What the settings say of every session; `name` is the one to begin with. */
  ofEvery(): SessionsSettings;
  /** A job as the database holds it. */
  jobOf(job: JobKey): Pick<JobRecord, 'queue' | 'error' | 'launcher'> | undefined;
  /** The one name of a person, however they are written. */
  nameOf(person: string): string;
  fingerprints: Pick<FingerprintStore, 'repeated'>;
  clock: Clock;
  log: Log;
  onNotice(text: string): void;
  /** Rows of these jobs changed by something else than the queue. */
  onEdited(key: JobKey): void;
  /** A session's objective was this before it was changed. */
  onObjective(session: string, before: Objective | null): void;
  /** A session's settings changed, or it was closed. */
  onSession(session: string): void;
  timings?: typeof EXPERIMENT_LOG_FILE_TIMINGS;
}): Experiments {
  const { store, sessionStore, plans, clock } = deps;
  const logs = new Map<number, ExperimentLog>();
  const dir = experimentsDir(deps.xaxHome);
  const infoOf = (session: Session, ofEvery = deps.ofEvery()): SessionInfo =>
    sessionInfo(session, ofEvery, deps.nameOf);
  let isStarted = false;
  let current: ExperimentLog | undefined;
  /** The log to go on with. */
  const chosen = () => open(firstSession(sessionStore, dir, deps.ofEvery().name, clock));
  /** The log in use, chosen when it is first asked for. */
  const inUse = (): ExperimentLog => {
    current ??= chosen();
    return current;
  };

  const sessions = createSessions({
    store: sessionStore,
    experiments: store,
    dir,
    clock,
    infoOf,
    spentOf,
    opened: (session, isCurrent) => {
      const log = open(session);
      if (isCurrent) current = log;
      return log.settled();
    },
    current: () => inUse().session.id,
    howFar: () => [...logs.values()].map((log) => log.howFar()).find((far) => far !== null) ?? null,
    onObjective: deps.onObjective,
    onChanged: deps.onSession,
    experimentsOf: ofSession,
    inSessionOf,
  });

  /** A session's log, kept in sync from now on. */
  function open(session: Session): ExperimentLog {
    const known = logs.get(session.id);
    if (known) return known;
    const opened = createExperimentLog({
      session,
      store,
      plans,
      queueFolder: deps.xaxHome,
      ownQueue: deps.ownQueue,
      jobOf: deps.jobOf,
      othersWith: (experimentId) =>
        sessionStore
          .all()
          .filter((other) => other.id !== session.id && store.row(other, experimentId)?.replaced === false)
          .map(({ name }) => name),
      objective: () => infoOf(sessionStore.get(session.id)!).objective,
      clock,
      log: deps.log,
      onNotice: deps.onNotice,
      onEdited: deps.onEdited,
      timings: deps.timings,
    });
    logs.set(session.id, opened);
    if (isStarted) void opened.start();
    return opened;
  }

  /** How much of the budget the session's runs have used. */
  function spentOf(session: Pick<Session, 'id'>) {
    return spentBy(store.spans(session), clock(), store.spent(session));
  }

  const logOf = ({ session }: StoredRow): ExperimentLog => open(sessionStore.get(session)!);

  const sessionNamed = (name: string) => sessionStore.byFolder(sessionFolder(dir, name));

  function ofSession(id: number): ExperimentsService {
    return portsOf(() => open(sessionStore.get(id)!));
  }

  function inSessionOf(key: JobKey): ExperimentsService {
    return portsOf(() => {
      const row = store.ofJob(key);
      return row ? logOf(row) : inUse();
    });
  }

  /** The service as seen from where `log` is the session. */
  function portsOf(log: () => ExperimentLog): ExperimentsService {
    return experimentPorts({ ...deps, infoOf: (id) => infoOf(sessionStore.get(id)!), spentOf, logOf }, log);
  }

  const all = () => [...logs.values()];

  return {
    ...portsOf(inUse),
    sessions,
    inSessionOf,
    ofSession,
    inChannel: ({ adapter, channel }) =>
      portsOf(() => {
        const own = sessionStore.ofChannel(adapter, channel);
        return own ? open(own) : inUse();
      }),

    inSession(name) {
      const named = sessionNamed(name);
      return named && portsOf(() => open(named));
    },

    async start() {
      inUse();
      for (const id of store.unfinished()) open(sessionStore.get(id)!);
      for (const { session } of sessionStore.channels()) open(sessionStore.get(session)!);
      isStarted = true;
      await Promise.all(all().map((log) => log.start()));
    },
    async stop() {
      await Promise.all(all().map((log) => log.stop()));
    },
    async settled() {
      await Promise.all(all().map((log) => log.settled()));
    },
    health() {
      const found = all().map((log) => log.health());
      return found.find(({ ok }) => !ok) ?? inUse().health();
    },

    settingsChanged(before) {
      if (deps.ofEvery().name !== before.name) current = chosen();
      for (const session of sessionStore.all()) {
        const [was, is] = [infoOf(session, before), infoOf(session)];
        if (!isDeepStrictEqual(was.objective, is.objective)) deps.onObjective(is.name, was.objective);
        if (!isDeepStrictEqual(was, is)) deps.onSession(is.name);
      }
    },

    jobsChanged(jobs) {
      const changed = new Set<ExperimentLog>();
      store.transaction(() => {
        for (const job of jobs) {
          const known = store.ofJob(job);
          const log = known ? logOf(known) : inUse();
          if (log.takeUp(job)) changed.add(log);
        }
      });
      for (const log of changed) log.changed();
    },

    jobsOf(name) {
      const session = sessionNamed(name);
      return session ? store.jobsOf(session) : [];
    },

    setResult(key, reached, latest, before = null, latestBefore = undefined) {
      const row = store.ofJob(key);
      if (!row) return;
      const values = resultFields(row.fields, reached, latest, before, latestBefore);
      logOf(row).change(row, values);
    },
  };
}
