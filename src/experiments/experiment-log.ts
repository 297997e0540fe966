import {
  EXPECTED,
  type ExperimentRow,
  experimentRow,
  type LaunchPlan,
  type Objective,
} from '../core/experiment.ts';
import { type HowFar, howFarText } from '../core/how-far.ts';
import type { JobKey } from '../core/job.ts';
import type { Log } from '../core/log.ts';
import type { HealthItem } from '../core/services/health.ts';
import type { NewPlan } from '../core/services/plans.ts';
import { inSlices } from '../core/slices.ts';
import { type Clock, isoSeconds } from '../core/time.ts';
import type { StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { PlanStore } from '../store/plans.ts';
import type { Session } from '../store/sessions.ts';
import { createExperimentLogFile, type EXPERIMENT_LOG_FILE_TIMINGS } from './experiment-log-file.ts';
import { experimentIdFor, type MachineWords } from './from-job.ts';
import { createJobRows } from './job-rows.ts';
import { missingIds } from './lacking.ts';
import { mergeFromDisk } from './merge-from-disk.ts';
import { createReferences } from './references.ts';

/** The experiments of one session: rows in the database, and the CSV on disk in sync with them. */
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
  /** How much of a file has been taken in that is being merged. */
  let taking: HowFar | null = null;
  const inTransaction = <T>(slice: () => T) => store.transaction(slice);
  const rows = createJobRows(store, session, clock, deps.ownQueue);
  const { find, mustFind, named, checkedParent, checkName } = createReferences(deps);
  const file = createExperimentLogFile({
    folder: session.folder,
    queueFolder: deps.queueFolder,
    clock,
    log: deps.log,
    onNotice: deps.onNotice,
    timings: deps.timings,
    content: {
      async snapshot() {
        const { pieces, agree } = await inSlices(store.snapshot(session));
        return { pieces, agree: (digest) => inSlices(agree(clock(), digest), inTransaction) };
      },
      file: () => store.file(session),
      async lacksRows({ rows: onDisk }) {
        const inFile = await inSlices(store.idsInFile(session));
        return (await inSlices(missingIds(inFile, onDisk))).length > 0;
      },
      rowsKnown: () => store.count(session),
      async mergeFromDisk(disk, isOnDisk, goOn) {
        const merging = mergeFromDisk({ store, session, disk, now: clock(), isOnDisk, wordsOf: deps.jobOf });
        const inTime = <T>(slice: () => T): T => {
          goOn();
          return inTransaction(slice);
        };
        const taken = await inSlices(merging, inTime, (far) => {
          taking = far;
        }).finally(() => {
          taking = null;
        });
        for (const notice of taken.notices) deps.onNotice(notice);
        for (const key of taken.edited) deps.onEdited(key);
        return taken.leftOut;
      },
    },
  });

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
    /** How far a merge is that goes on; null while none does. */
    howFar: () => taking,
    health(): HealthItem {
      const found = file.health();
      return taking && found.ok
        ? { ...found, detail: `${found.detail}: ${howFarText(taking)} taken in` }
        : found;
    },
    changed: () => file.changed(),
    find,
    named,
    checkName,
    checkedParent,

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
  };
}

export type ExperimentLog = ReturnType<typeof createExperimentLog>;
