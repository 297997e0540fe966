import { join } from 'node:path';
import {
  EXPERIMENT_COLUMNS,
  type Objective,
  type ObjectiveMode,
  type SessionInfo,
  type SessionSettings,
} from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import { parseValue } from '../core/objective.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import type { SessionsService } from '../core/services/sessions.ts';
import { type Clock, isoSeconds } from '../core/time.ts';
import type { ExperimentStore, StoredRow } from '../store/experiments.ts';
import type { FingerprintStore } from '../store/fingerprints.ts';
import type { Notes } from '../store/notes.ts';
import type { PlanStore } from '../store/plans.ts';
import type { Session, SessionStore } from '../store/sessions.ts';
import { isMachineText } from './from-job.ts';
import type { LOG_FILE_TIMINGS } from './log-file.ts';
import { pythonFloat, pythonJson } from './python-text.ts';
import {
  defaultSessionName,
  experimentsDir,
  LOG_NAME,
  latestSession,
  mustBeInside,
  sessionFolder,
} from './session.ts';
import { createSessionLog, type SessionLog } from './session-log.ts';
import { createSessions } from './sessions.ts';
import { spentBy } from './spent.ts';

/** A value of an objective. */
export interface Reached {
  metric: string;
  mode: ObjectiveMode;
  value: number;
}

export interface Experiments extends ExperimentsService {
  /** Reads the files that are there; call it before the first jobs come, so that they find their rows. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when the files on disk hold what the database holds, or cannot for now (see `health`). */
  settled(): Promise<void>;
  /** Gives jobs that changed to their rows, and new jobs a row; call inside the transaction that records them. */
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
  /** The same experiments as a channel sees them: those of its own session, where it has one. */
  inChannel(adapter: string, channel: string): ExperimentsService;
  /** As seen from the session that a job belongs to. */
  inSessionOf(key: JobKey): ExperimentsService;
  /** Those of one session, whatever is in use. */
  ofSession(id: number): ExperimentsService;
  /** As a session of that name has them; undefined when the database knows none. */
  inSession(name: string): ExperimentsService | undefined;
  sessions: SessionsService;
}

/** A note as it stands in the log. */
function noteLine({ author, text }: { author: string; text: string }): string {
  return `${author}: ${text}`;
}

/** A field's text without one entry, which may have several lines. */
function withoutLine(text: string, entry: string): string {
  const without = `\n${text}\n`.replace(`\n${entry}\n`, () => '\n');
  return without.replace(/^\n|\n$/g, '');
}

/** What failed is said by the log file's own health. */
function ignore(): void {}

/** Experiments of all sessions: each has its log on disk, and every job belongs to one. */
export function createExperiments(deps: {
  store: ExperimentStore;
  sessionStore: SessionStore;
  plans: PlanStore;
  notes: Notes;
  /** The queue's folder, which says where sessions are. */
  xaxHome: string;
  /** What xaxbot.yaml says of every session; `name` is the one to begin with. */
  session: SessionSettings & { name?: string | undefined };
  /** A job as the database holds it. */
  jobOf(job: JobKey): Pick<JobRecord, 'error' | 'launcher'> | undefined;
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
  timings?: typeof LOG_FILE_TIMINGS;
}): Experiments {
  const { store, sessionStore, plans, notes, clock } = deps;
  const logs = new Map<number, SessionLog>();
  let isStarted = false;
  let current = open(firstSession());
  for (const id of store.unfinished()) open(sessionStore.get(id)!);
  for (const { session } of sessionStore.channels()) open(sessionStore.get(session)!);

  const sessions = createSessions({
    store: sessionStore,
    experiments: store,
    dir: experimentsDir(deps.xaxHome),
    clock,
    infoOf,
    spentOf,
    opened: (session, isCurrent) => {
      const log = open(session);
      if (isCurrent) current = log;
      return log.settled();
    },
    current: () => current.session.id,
    onObjective: deps.onObjective,
    experimentsOf: ofSession,
    inSessionOf,
  });

  /**
   * The one that was used last, else a new one. The settings' name counts when there is none yet, and once each time that
   * it is another than it was: what people have chosen since is theirs.
   */
  function firstSession(): Session {
    const last = sessionStore.last();
    const { name: wanted } = deps.session;
    const isKnown = wanted !== undefined && sessionStore.all().some(({ name }) => name === wanted);
    const heeded = sessionStore.namedBySettings() ?? (isKnown ? wanted : undefined);
    const isNewName = wanted !== undefined && wanted !== heeded;
    const dir = experimentsDir(deps.xaxHome);
    const use = (name: string) => {
      const folder = sessionFolder(dir, name);
      mustBeInside(dir, name);
      return sessionStore.use(name, folder, clock());
    };
    const first =
      last && !isNewName
        ? sessionStore.use(last.name, last.folder, clock())
        : use(wanted ?? latestSession(dir) ?? defaultSessionName(clock()));
    if (wanted !== undefined) sessionStore.setNamedBySettings(wanted);
    return first;
  }

  /** A session's log, kept in step from now on. */
  function open(session: Session): SessionLog {
    const known = logs.get(session.id);
    if (known) return known;
    const opened = createSessionLog({
      session,
      store,
      plans,
      queueFolder: deps.xaxHome,
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

  /** A target of the settings is of the objective that stands beside it, and of no other. */
  function infoOf({ id, name, folder, settings, createdAt, closedAt }: Session): SessionInfo {
    const { objective, budget, owner } = { ...deps.session, ...present(settings) };
    const isTheirs = objective !== undefined && isSameGoal(objective, deps.session.objective);
    const target = settings.target === undefined && isTheirs ? deps.session.target : settings.target;
    return {
      id,
      name,
      folder,
      csvPath: join(folder, LOG_NAME),
      objective: objective ?? null,
      target: target ?? null,
      budget: budget ?? {},
      owner: deps.nameOf(owner ?? ''),
      createdAt,
      closedAt,
    };
  }

  /** What the session's runs have taken of its budget. */
  function spentOf(session: Pick<Session, 'id'>) {
    return spentBy(store.spans(session), clock());
  }

  const logOf = ({ session }: StoredRow): SessionLog => open(sessionStore.get(session)!);

  const sessionNamed = (name: string) =>
    sessionStore.byFolder(sessionFolder(experimentsDir(deps.xaxHome), name));

  function ofSession(id: number): ExperimentsService {
    return serviceOf(() => open(sessionStore.get(id)!));
  }

  function inSessionOf(key: JobKey): ExperimentsService {
    return serviceOf(() => {
      const row = store.ofJob(key);
      return row ? logOf(row) : current;
    });
  }

  /** The service as seen from where `log` is the session. */
  function serviceOf(log: () => SessionLog): ExperimentsService {
    const session = () => log().session;
    const info = () => infoOf(sessionStore.get(session().id)!);
    const objective = (): Objective | null => info().objective;
    return {
      session: info,
      spent: () => spentOf(session()),
      rows: () => store.rows(session()).map(({ fields }) => fields),
      withLaunches: () => store.withLaunches(session()),
      count: () => store.count(session()),
      newest: (limit, withHypothesis = false) =>
        store.newest(session(), limit, withHypothesis).map(({ fields }) => fields),
      get: (experimentId) => log().find(experimentId)?.fields,
      named: (reference) => log().named(reference).fields,
      checkName: (name) => log().checkName(name),
      checkedParent: (experimentId, parent) => log().checkedParent(experimentId, parent),
      ofJob: (key) => store.ofJob(key)?.fields,
      jobOf: (experimentId) => store.row(session(), experimentId)?.job ?? undefined,
      sessionOf(key) {
        const row = store.ofJob(key);
        return row ? infoOf(sessionStore.get(row.session)!) : info();
      },
      csv: () => store.csv(session()),
      table() {
        const added = store.extraColumns(session());
        const rows = store
          .rows(session())
          .map(({ fields, extra }) => [
            ...EXPERIMENT_COLUMNS.map((column) => fields[column]),
            ...added.map((name) => extra[name] ?? ''),
          ]);
        return [[...EXPERIMENT_COLUMNS, ...added], ...rows];
      },
      plan: (values) => log().plan(values),
      planOf: (experimentId) => log().planOf(experimentId),
      notesOf(experimentId) {
        const row = log().find(experimentId);
        const job = row?.job ? deps.jobOf(row.job) : undefined;
        return !row || isMachineText('notes', row.fields.notes, job) ? '' : row.fields.notes;
      },
      edit: (experimentId, values) => log().edit(experimentId, values),
      editOfJob(key, values) {
        const row = store.ofJob(key);
        return row ? logOf(row).edit(row.fields.experiment_id, values) : undefined;
      },
      joinPlan(experimentId, key) {
        const own = store.ofJob(key);
        log().joinPlan(experimentId, key);
        if (own && own.session !== session().id) logOf(own).changed();
      },
      takeJob(key) {
        const own = store.ofJob(key);
        if (!own || own.session === session().id) return;
        log().takeJob(key, own);
        logOf(own).changed();
      },
      dismiss: (suggestion) => plans.dismiss(session().id, suggestion),
      dismissed: () => plans.dismissed(session().id),
      restoreDismissed: (id) => plans.restoreDismissed(session().id, id),

      addNote(key, note) {
        const row = store.ofJob(key);
        const added = store.transaction(() => {
          const noted = notes.add(key, note);
          if (!row || !noted.isNew) return noted;
          const { notes: before } = row.fields;
          const line = noteLine(note);
          logOf(row).change(row, { notes: isMachineText('notes', before) ? line : `${before}\n${line}` });
          return noted;
        });
        deps.onEdited(key);
        return added;
      },
      notes: (key) => notes.ofJob(key),
      note: (id) => notes.byId(id),
      takeBackNote(id, state) {
        const note = notes.byId(id);
        if (note?.state !== 'kept') return;
        const line = noteLine(note);
        const row = store.ofJob(note.job);
        store.transaction(() => {
          notes.takeBack(id, state);
          if (row) logOf(row).change(row, { notes: withoutLine(row.fields.notes, line) });
        });
        deps.onEdited(note.job);
        if (!row) return;
        const scrub = () => store.scrub(row, line, `${note.author}: [${state}]`);
        logOf(row).settled().then(scrub, ignore);
      },

      withoutVerdict: () => log().withoutVerdict(),
      judgedSince: (at) => log().judgedSince(at),
      endedSince: (at) => store.endedSince(session(), isoSeconds(at)).map(({ fields }) => fields),
      saidOf(key) {
        const text = store.ofJob(key)?.fields.result_summary ?? '';
        return isMachineText('result_summary', text, deps.jobOf(key)) ? undefined : text;
      },
      best() {
        const wanted = objective();
        return wanted ? store.best(session(), wanted)?.fields : undefined;
      },
      bestBefore({ experiment_id, ended_at }) {
        const wanted = objective();
        return wanted ? store.bestBefore(session(), wanted, experiment_id, ended_at)?.fields : undefined;
      },
      repeated: (metric) => deps.fingerprints.repeated(session().id, metric),
    };
  }

  const all = () => [...logs.values()];

  return {
    ...serviceOf(() => current),
    sessions,
    inSessionOf,
    ofSession,
    inChannel: (adapter, channel) =>
      serviceOf(() => {
        const own = sessionStore.ofChannel(adapter, channel);
        return own ? open(own) : current;
      }),

    inSession(name) {
      const named = sessionNamed(name);
      return named && serviceOf(() => open(named));
    },

    async start() {
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
      return found.find(({ ok }) => !ok) ?? current.health();
    },

    jobsChanged(jobs) {
      const changed = new Set<SessionLog>();
      store.transaction(() => {
        for (const job of jobs) {
          const known = store.ofJob(job);
          const log = known ? logOf(known) : current;
          if (log.takeUp(job)) changed.add(log);
        }
      });
      for (const log of changed) log.changed();
    },

    jobsOf(name) {
      const session = sessionNamed(name);
      const rows = session ? store.rows(session) : [];
      return rows.flatMap(({ job }) => job ?? []).reverse();
    },

    setResult(key, reached, latest, before = null, latestBefore = undefined) {
      const row = store.ofJob(key);
      if (!row) return;
      const { objective_value, objective_metric, objective_mode, metrics_json } = row.fields;
      const values: Record<string, string> = {};
      const isOurs =
        before !== null &&
        objective_metric === before.metric &&
        (objective_value === '' || parseValue(objective_value) === before.value);
      const isOpen =
        objective_value === '' && (objective_metric === '' || objective_metric === reached?.metric);
      if (reached && (isOpen || isOurs)) {
        values.objective_metric = reached.metric;
        values.objective_mode = isOurs ? reached.mode : objective_mode || reached.mode;
        values.objective_value = pythonFloat(reached.value);
      }
      const isOurJson = metrics_json === '' || (latestBefore && metrics_json === pythonJson(latestBefore));
      if (isOurJson && Object.keys(latest).length > 0) values.metrics_json = pythonJson(latest);
      logOf(row).change(row, values);
    },
  };
}

/** Whether two objectives are of the same tag and direction, so that a target of one is one of the other. */
function isSameGoal(a: Objective, b: Objective | undefined): boolean {
  return a.metric === b?.metric && a.mode === b.mode;
}

function present(settings: SessionSettings): SessionSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
