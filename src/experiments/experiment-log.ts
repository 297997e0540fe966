import { clip } from '../core/clip.ts';
import { BotError } from '../core/errors.ts';
import {
  EXPECTED,
  type ExperimentRow,
  experimentKeyText,
  experimentRow,
  type LaunchPlan,
  type Objective,
  parseExperimentKey,
} from '../core/experiment.ts';
import { type JobKey, jobIdMeant } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import { nearest } from '../core/nearest.ts';
import type { NewPlan } from '../core/services/plans.ts';
import { type Clock, isoSeconds } from '../core/time.ts';
import { hasVerdict } from '../core/verdict.ts';
import type { ExperimentStore, StoredRow } from '../store/experiments.ts';
import type { PlanStore } from '../store/plans.ts';
import type { Session } from '../store/sessions.ts';
import { createExperimentLogFile, type EXPERIMENT_LOG_FILE_TIMINGS } from './experiment-log-file.ts';
import { experimentIdFor, type MachineWords } from './from-job.ts';
import { createJobRows } from './job-rows.ts';
import { missingIds } from './lacking.ts';
import { mergeFromDisk } from './merge-from-disk.ts';

/** Words that people use for a job, or for none. */
const RESERVED: ReadonlySet<string> = new Set(['last', 'running', 'none']);
/** How many experiments a wrong name is compared with. */
const CANDIDATES = 500;
/** How many ids of a line of parents are named. */
const CHAIN_SHOWN = 6;

const EXPERIMENT_NAME = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The experiments of one session: rows in the database, and the CSV on disk in step with them. */
export function createExperimentLog(deps: {
  session: Pick<Session, 'id' | 'name' | 'folder'>;
  store: ExperimentStore;
  plans: PlanStore;
  /** The queue's folder. */
  queueFolder: string;
  /** A job as the database holds it. */
  jobOf(key: JobKey): MachineWords | undefined;
  /** The names of other sessions that have an experiment of this id. */
  othersWith(experimentId: string): string[];
  /** What the session is after, as it is now. */
  objective(): Objective | null;
  clock: Clock;
  /** Of several, the queue whose jobs go by their ids alone. */
  ownQueue?: string | undefined;
  log: Log;
  onNotice(text: string): void;
  /** Rows of these jobs changed by something else than the queue. */
  onEdited(key: JobKey): void;
  timings?: typeof EXPERIMENT_LOG_FILE_TIMINGS | undefined;
}) {
  const { session, store, plans, clock } = deps;
  const rows = createJobRows(store, session, clock, deps.ownQueue);
  const file = createExperimentLogFile({
    folder: session.folder,
    queueFolder: deps.queueFolder,
    clock,
    log: deps.log,
    onNotice: deps.onNotice,
    timings: deps.timings,
    content: {
      snapshot() {
        const { text, agree } = store.snapshot(session);
        return { text, agree: () => agree(clock()) };
      },
      lacksRows(disk) {
        const ids = disk.rows.map(({ fields }) => fields.experiment_id);
        return missingIds(store.texts(session), ids).length > 0;
      },
      mergeFromDisk(disk, isOnDisk) {
        const taken = store.transaction(() =>
          mergeFromDisk({ store, session, disk, now: clock(), isOnDisk, wordsOf: deps.jobOf }),
        );
        for (const notice of taken.notices) deps.onNotice(notice);
        for (const key of taken.edited) deps.onEdited(key);
        return taken.leftOut;
      },
    },
  });

  function find(experimentId: string): StoredRow | undefined {
    const row = store.row(session, experimentId);
    return row && !row.replaced ? row : undefined;
  }

  /** The row that somebody means; undefined where there is none. Error `other-session`. */
  function meant(reference: string): StoredRow | undefined {
    const key = parseExperimentKey(reference);
    const own = key?.session === session.name ? find(key.experimentId) : undefined;
    const found = own ?? find(reference);
    if (found) return found;
    if (key && deps.othersWith(key.experimentId).includes(key.session))
      throw new BotError(
        'other-session',
        `${key.experimentId} is an experiment of the session ${key.session}, and this is ${session.name}.`,
        'Nothing was changed.',
      );
    const jobId = jobIdMeant(reference);
    return jobId === undefined ? undefined : store.ofJobId(session, jobId);
  }

  function unknown(reference: string): BotError {
    const [other] = deps.othersWith(reference);
    if (other !== undefined)
      return new BotError(
        'unknown-experiment',
        `There is no experiment "${clip(reference, 60)}" in the session ${session.name}.`,
        `The session ${other} has one: ${experimentKeyText(other, reference)}.`,
      );
    const close = nearest(reference.slice(0, 60), store.newestIds(session, CANDIDATES), 3);
    return new BotError(
      'unknown-experiment',
      `There is no experiment "${clip(reference, 60)}".`,
      close.length === 0
        ? 'Plan one with "plan".'
        : `Nearest: ${close.join(', ')}. "experiment list" shows all.`,
    );
  }

  function mustFind(experimentId: string): StoredRow {
    const row = find(experimentId);
    if (row) return row;
    throw unknown(experimentId);
  }

  /** The parent's id: it is known, and following parents from it does not lead to the experiment (null: a new one). */
  function checkedParent(experimentId: string | null, reference: string): string {
    const parent = meant(reference)?.fields.experiment_id;
    if (parent === undefined) {
      const { message, hint } = unknown(reference);
      throw new BotError('unknown-parent', message, hint, 'parent');
    }
    if (experimentId === null) return parent;
    const line = new Set<string>();
    let at: string | undefined = parent;
    while (at !== undefined && at !== experimentId && !line.has(at)) {
      line.add(at);
      at = store.parentOf(session, at);
    }
    if (at !== experimentId) return parent;
    throw new BotError(
      'parent-loop',
      parent === experimentId
        ? `${parent} cannot be the parent of itself.`
        : `${parent} cannot be the parent: it follows ${experimentId} itself (${chainText([...line, experimentId])}).`,
      'Nothing was changed.',
      'parent',
    );
  }

  /** Refuses what cannot name a new experiment. Errors `experiment-name`, `experiment-exists`. */
  function checkName(name: string): void {
    if (!EXPERIMENT_NAME.test(name)) {
      throw new BotError(
        'experiment-name',
        `"${clip(name, 60)}" cannot name an experiment.`,
        'Use letters, digits, ".", "_" and "-", at most 100, without "..".',
        'name',
      );
    }
    if (jobIdMeant(name) !== undefined || RESERVED.has(name.toLowerCase()))
      throw new BotError(
        'experiment-name',
        `"${name}" cannot name an experiment: it names a job or has a meaning of its own.`,
        'Give another name.',
        'name',
      );
    if (!store.row(session, name)) return;
    throw new BotError(
      'experiment-exists',
      `There is an experiment ${name} already.`,
      'Give another name; ids are never used again.',
      'name',
    );
  }

  /**
   * What a row says of the objective when it becomes a job's: what is aimed at now, not when it was planned. A value that
   * the job's row in this session has already stands; one of another session was measured by that one's objective.
   */
  function reachedSoFar(own: StoredRow | undefined): Partial<ExperimentRow> {
    if (own && own.session === session.id && own.fields.objective_value !== '') {
      const { objective_metric, objective_mode, objective_value } = own.fields;
      return { objective_metric, objective_mode, objective_value };
    }
    const objective = deps.objective();
    return {
      objective_metric: objective?.metric ?? '',
      objective_mode: objective?.mode ?? '',
      objective_value: '',
    };
  }

  /** A number that no plan of any session has: buttons and people name plans by it. */
  function nextPlanId(): string {
    let count = store.highestPlan() + 1;
    while (store.row(session, `plan-${count}`)) count += 1;
    return `plan-${count}`;
  }

  return {
    session,
    path: file.path,
    start: () => file.start(),
    stop: () => file.stop(),
    settled: () => file.settled(),
    health: () => file.health(),
    changed: () => file.changed(),
    find,
    checkName,
    checkedParent,

    /** The row that somebody means by its id, `session/id` or a job. Errors `unknown-experiment`, `other-session`. */
    named(reference: string): StoredRow {
      const row = meant(reference);
      if (row) return row;
      throw unknown(reference);
    },

    /** Gives a job to its row, or a row to a new job; inside the transaction that records it. */
    takeUp: (job: Parameters<typeof rows.takeUp>[0]): boolean => rows.takeUp(job),

    change(row: StoredRow, values: Partial<ExperimentRow>): boolean {
      const isChanged = rows.change(row, values);
      if (isChanged) file.changed();
      return isChanged;
    },

    plan({ name, hypothesis, parent, command, owner, changeSummary, launch }: NewPlan): ExperimentRow {
      if (name !== undefined) checkName(name);
      const experiment_id = name ?? nextPlanId();
      const objective = deps.objective();
      const now = isoSeconds(clock());
      const fields = experimentRow({
        experiment_id,
        parent_experiment_id: parent === undefined ? '' : checkedParent(experiment_id, parent),
        status: 'planned',
        command: command ?? '',
        objective_metric: objective?.metric ?? '',
        objective_mode: objective?.mode ?? '',
        hypothesis,
        change_summary: changeSummary ?? '',
        owner,
        notes: launch && launch.expected !== '' ? `${EXPECTED}${launch.expected}` : '',
        created_at: now,
        updated_at: now,
      });
      store.transaction(() => {
        store.add(session, { fields, extra: {} }, null);
        if (launch) plans.put(session.id, experiment_id, { ...launch, changes: changeSummary }, clock());
      });
      file.changed();
      return fields;
    },

    planOf: (experimentId: string): LaunchPlan | undefined => plans.of(session.id, experimentId),

    edit(experimentId: string, values: Partial<ExperimentRow>): ExperimentRow {
      const row = mustFind(experimentId);
      const { parent_experiment_id: parent } = values;
      const checked = parent
        ? { ...values, parent_experiment_id: checkedParent(experimentId, parent) }
        : values;
      const given = Object.entries(checked).filter(
        ([column, value]) => value !== undefined && column !== 'experiment_id',
      );
      if (!rows.change(row, Object.fromEntries(given))) return row.fields;
      file.changed();
      if (row.job) deps.onEdited(row.job);
      return row.fields;
    },

    joinPlan(experimentId: string, key: JobKey): void {
      const row = mustFind(experimentId);
      const { objective_value: before } = row.fields;
      const isJoined = store.transaction(() => {
        const own = store.ofJob(key);
        if (!rows.join(row, key)) return false;
        if (before === '') rows.change(row, reachedSoFar(own));
        return true;
      });
      if (isJoined) file.changed();
    },

    /** A job that has its row in another session gets one here instead, with all that stands there. */
    takeJob(key: JobKey, own: StoredRow): void {
      store.transaction(() => {
        const experiment_id = experimentIdFor(
          key,
          (id) => store.row(session, id) !== undefined,
          deps.ownQueue,
        );
        const fields = { ...own.fields, ...reachedSoFar(own), experiment_id, parent_experiment_id: '' };
        store.add(session, { fields, extra: own.extra }, null);
        store.linkJob(store.row(session, experiment_id)!, key, own);
      });
      file.changed();
    },

    /** Rows with a hypothesis whose run ended and of which nobody has given a verdict; the latest end first. */
    withoutVerdict: (): ExperimentRow[] =>
      store
        .endedWithHypothesis(session)
        .filter(({ fields }) => !hasVerdict(fields.result_summary))
        .map(({ fields }) => fields),

    /** Rows whose verdict was given, or changed, after this time (epoch ms): another change of the row is no news. */
    judgedSince: (at: number): ExperimentRow[] =>
      store
        .updatedSince(session, isoSeconds(at))
        .filter(
          (row) =>
            hasVerdict(row.fields.result_summary) &&
            store.stateAt(row, at)?.result_summary !== row.fields.result_summary,
        )
        .map(({ fields }) => fields),
  };
}

/** `a, b, c and 40 more, z`: a line of parents as one can read it. */
function chainText(ids: readonly string[]): string {
  if (ids.length <= CHAIN_SHOWN) return ids.join(', ');
  const shown = ids.slice(0, CHAIN_SHOWN - 2).join(', ');
  return `${shown} and ${ids.length - CHAIN_SHOWN + 1} more, ${ids.at(-1)}`;
}

export type ExperimentLog = ReturnType<typeof createExperimentLog>;
