import { BotError } from '../core/errors.ts';
import { type ExperimentRow, experimentRow, type Objective, type ObjectiveMode } from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { ExperimentsService, HealthItem, JobRecord } from '../core/services.ts';
import { type Clock, isoSeconds } from '../core/time.ts';
import type { Log } from '../log.ts';
import type { ExperimentStore, Session, StoredRow } from '../store/experiments.ts';
import type { Notes } from '../store/notes.ts';
import { isMachineText } from './from-job.ts';
import { createJobRows } from './job-rows.ts';
import { createLogFile } from './log-file.ts';
import { pythonFloat, pythonJson } from './python-text.ts';
import { defaultSessionName, experimentsDir, latestSession, sessionFolder } from './session.ts';
import { missingIds, takeIn } from './take-in.ts';

const EXPERIMENT_NAME = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export interface Experiments extends ExperimentsService {
  /** Reads the file that is there; call it before the first jobs come, so that they find their rows. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves when the file on disk holds what the memory holds, or cannot for now (see `health`). */
  settled(): Promise<void>;
  /** Gives jobs that changed to their rows, and new jobs a row; call inside the transaction that records them. */
  jobsChanged(jobs: readonly JobRecord[]): void;
  /** What an ended run reached: `latest` are its last values by tag, the objective's among them. */
  setResult(
    key: JobKey,
    objective: { metric: string; mode: ObjectiveMode; value: number } | null,
    latest: Record<string, number>,
  ): void;
  /** A planned row becomes this job's row: it keeps its id and what was planned. Nothing happens when it is another job's. */
  joinPlan(experimentId: string, key: JobKey): void;
  health(): HealthItem;
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

/** The experiment log of the session in use: rows in the memory, and the CSV on disk in step with them. */
export function createExperiments(deps: {
  store: ExperimentStore;
  notes: Notes;
  /** The queue's folder, which says where sessions are. */
  xaxHome: string;
  session: { name?: string | undefined; objective?: Objective | undefined };
  clock: Clock;
  log: Log;
  onNotice(text: string): void;
  /** Rows of these jobs changed by something else than the queue. */
  onEdited(key: JobKey): void;
}): Experiments {
  const { store, notes, clock } = deps;
  const session = useSession();
  const objective = deps.session.objective ?? null;
  const rows = createJobRows(store, session, clock);
  const file = createLogFile({
    folder: session.folder,
    queueFolder: deps.xaxHome,
    clock,
    log: deps.log,
    onNotice: deps.onNotice,
    content: {
      snapshot() {
        const { text, agree } = store.snapshot(session);
        return { text, agree: () => agree(clock()) };
      },
      lacksRows(disk) {
        const ids = disk.rows.map(({ fields }) => fields.experiment_id);
        return missingIds(store.texts(session), ids).length > 0;
      },
      takeIn(disk, isOnDisk) {
        const taken = store.transaction(() => takeIn({ store, session, disk, now: clock(), isOnDisk }));
        for (const notice of taken.notices) deps.onNotice(notice);
        for (const key of taken.edited) deps.onEdited(key);
      },
    },
  });

  /** The session of the given name, else the one that was used last, else a new one. */
  function useSession(): Session {
    const last = store.lastSession();
    if (last && (deps.session.name ?? last.name) === last.name)
      return store.useSession(last.name, last.folder, clock());
    const dir = experimentsDir(deps.xaxHome);
    const name = deps.session.name ?? latestSession(dir) ?? defaultSessionName(clock());
    return store.useSession(name, sessionFolder(dir, name), clock());
  }

  function mustFind(experimentId: string): StoredRow {
    const row = store.row(session, experimentId);
    if (row && !row.replaced) return row;
    throw new BotError(
      'unknown-experiment',
      `There is no experiment "${experimentId.slice(0, 60)}".`,
      '"hypothesis list" shows them.',
    );
  }

  function mustBeKnown(parent: string | undefined): void {
    if (!parent || store.row(session, parent)) return;
    throw new BotError(
      'unknown-parent',
      `There is no experiment "${parent.slice(0, 60)}" to be the parent.`,
      '"hypothesis list" shows them.',
    );
  }

  /** The id of a new plan. */
  function planId(name: string | undefined): string {
    if (name === undefined) {
      let count = 1;
      while (store.row(session, `plan-${count}`)) count += 1;
      return `plan-${count}`;
    }
    if (!EXPERIMENT_NAME.test(name)) {
      throw new BotError(
        'experiment-name',
        `"${name.slice(0, 60)}" cannot name an experiment.`,
        'Use letters, digits, ".", "_" and "-", at most 100, without "..".',
      );
    }
    if (!store.row(session, name)) return name;
    throw new BotError(
      'experiment-exists',
      `There is an experiment ${name} already.`,
      'Give another name; ids are never used again.',
    );
  }

  return {
    start: () => file.start(),
    stop: () => file.stop(),
    settled: () => file.settled(),
    health: () => file.health(),
    session: () => ({ name: session.name, folder: session.folder, csvPath: file.path, objective }),
    rows: () => store.rows(session).map(({ fields }) => fields),
    count: () => store.count(session),
    newest: (limit, withHypothesis = false) =>
      store.newest(session, limit, withHypothesis).map(({ fields }) => fields),
    get(experimentId) {
      const row = store.row(session, experimentId);
      return row && !row.replaced ? row.fields : undefined;
    },
    ofJob: (key) => store.ofJob(key)?.fields,
    jobOf: (experimentId) => store.row(session, experimentId)?.job ?? undefined,
    csv: () => store.csv(session),

    jobsChanged(jobs) {
      const changed = store.transaction(() => jobs.filter((job) => rows.takeUp(job)));
      if (changed.length > 0) file.changed();
    },

    plan({ name, hypothesis, parent, command, owner }) {
      const experiment_id = planId(name);
      mustBeKnown(parent);
      const now = isoSeconds(clock());
      const fields = experimentRow({
        experiment_id,
        parent_experiment_id: parent ?? '',
        status: 'planned',
        command: command ?? '',
        objective_metric: objective?.metric ?? '',
        objective_mode: objective?.mode ?? '',
        hypothesis,
        owner,
        created_at: now,
        updated_at: now,
      });
      store.add(session, { fields, extra: {} }, null);
      file.changed();
      return fields;
    },

    edit(experimentId, values) {
      const row = mustFind(experimentId);
      mustBeKnown(values.parent_experiment_id);
      const given = Object.entries(values).filter(
        ([column, value]) => value !== undefined && column !== 'experiment_id',
      );
      if (!rows.change(row, Object.fromEntries(given))) return row.fields;
      file.changed();
      if (row.job) deps.onEdited(row.job);
      return row.fields;
    },

    joinPlan(experimentId, key) {
      const row = mustFind(experimentId);
      if (store.transaction(() => rows.join(row, key))) file.changed();
    },

    setResult(key, reached, latest) {
      const row = store.ofJob(key);
      if (!row) return;
      const { objective_value, objective_metric, objective_mode, metrics_json } = row.fields;
      const values: Partial<ExperimentRow> = {};
      if (
        reached &&
        objective_value === '' &&
        (objective_metric === '' || objective_metric === reached.metric)
      ) {
        values.objective_metric = reached.metric;
        values.objective_mode = objective_mode || reached.mode;
        values.objective_value = pythonFloat(reached.value);
      }
      if (metrics_json === '' && Object.keys(latest).length > 0) values.metrics_json = pythonJson(latest);
      if (rows.change(row, values)) file.changed();
    },

    addNote(key, note) {
      const added = store.transaction(() => {
        const noted = notes.add(key, note);
        const row = store.ofJob(key);
        if (!row || !noted.isNew) return noted;
        const { notes: before } = row.fields;
        const line = noteLine(note);
        rows.change(row, { notes: isMachineText('notes', before) ? line : `${before}\n${line}` });
        return noted;
      });
      file.changed();
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
        if (row) rows.change(row, { notes: withoutLine(row.fields.notes, line) });
      });
      file.changed();
      deps.onEdited(note.job);
      if (row) file.settled().then(() => store.scrub(row, line, `${note.author}: [${state}]`), ignore);
    },

    withoutVerdict: () =>
      store
        .rows(session)
        .filter(
          ({ job, fields }) =>
            job !== null &&
            fields.hypothesis !== '' &&
            (fields.status === 'completed' || fields.status === 'failed') &&
            isMachineText('result_summary', fields.result_summary),
        )
        .map(({ fields }) => fields)
        .sort((a, b) => (a.ended_at < b.ended_at ? 1 : -1)),
    verdictOn(key) {
      const text = store.ofJob(key)?.fields.result_summary ?? '';
      return isMachineText('result_summary', text) ? undefined : text;
    },
    best: () => (objective ? store.best(session, objective)?.fields : undefined),
    bestBesides: (experimentId) =>
      objective ? store.best(session, objective, experimentId)?.fields : undefined,
  };
}
