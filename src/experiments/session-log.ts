import { BotError } from '../core/errors.ts';
import {
  EXPECTED,
  type ExperimentRow,
  experimentRow,
  type LaunchPlan,
  type Objective,
} from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { NewPlan } from '../core/services.ts';
import { type Clock, isoSeconds } from '../core/time.ts';
import { hasVerdict } from '../core/verdict.ts';
import type { Log } from '../log.ts';
import type { ExperimentStore, StoredRow } from '../store/experiments.ts';
import type { PlanStore } from '../store/plans.ts';
import type { Session } from '../store/sessions.ts';
import type { MachineWords } from './from-job.ts';
import { createJobRows } from './job-rows.ts';
import { createLogFile } from './log-file.ts';
import { missingIds, takeIn } from './take-in.ts';

const EXPERIMENT_NAME = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** The experiments of one session: rows in the memory, and the CSV on disk in step with them. */
export function createSessionLog(deps: {
  session: Pick<Session, 'id' | 'folder'>;
  store: ExperimentStore;
  plans: PlanStore;
  /** The queue's folder. */
  queueFolder: string;
  /** A job as the memory holds it. */
  jobOf(key: JobKey): MachineWords | undefined;
  /** What the session is after, as it is now. */
  objective(): Objective | null;
  clock: Clock;
  log: Log;
  onNotice(text: string): void;
  /** Rows of these jobs changed by something else than the queue. */
  onEdited(key: JobKey): void;
}) {
  const { session, store, plans, clock } = deps;
  const rows = createJobRows(store, session, clock);
  const file = createLogFile({
    folder: session.folder,
    queueFolder: deps.queueFolder,
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
        const taken = store.transaction(() =>
          takeIn({ store, session, disk, now: clock(), isOnDisk, wordsOf: deps.jobOf }),
        );
        for (const notice of taken.notices) deps.onNotice(notice);
        for (const key of taken.edited) deps.onEdited(key);
      },
    },
  });

  function find(experimentId: string): StoredRow | undefined {
    const row = store.row(session, experimentId);
    return row && !row.replaced ? row : undefined;
  }

  function mustFind(experimentId: string): StoredRow {
    const row = find(experimentId);
    if (row) return row;
    throw new BotError(
      'unknown-experiment',
      `There is no experiment "${experimentId.slice(0, 60)}".`,
      '"experiment list" shows them.',
    );
  }

  /** The parent is known, and following parents from it does not lead back to the experiment. */
  function checkParent(experimentId: string, parent: string | undefined): void {
    if (!parent) return;
    if (!store.row(session, parent))
      throw new BotError(
        'unknown-parent',
        `There is no experiment "${parent.slice(0, 60)}" to be the parent.`,
        '"experiment list" shows them.',
      );
    const line = [experimentId];
    for (let at: string | undefined = parent; at; at = store.row(session, at)?.fields.parent_experiment_id) {
      if (line.includes(at))
        throw new BotError(
          'parent-loop',
          `${parent.slice(0, 60)} cannot be the parent: it follows ${experimentId} itself (${[...line, at].join(', ')}).`,
          'Nothing was changed.',
        );
      line.push(at);
    }
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
    session,
    path: file.path,
    start: () => file.start(),
    stop: () => file.stop(),
    settled: () => file.settled(),
    health: () => file.health(),
    changed: () => file.changed(),
    find,

    /** Gives a job to its row, or a row to a new job; inside the transaction that records it. */
    takeUp: (job: Parameters<typeof rows.takeUp>[0]): boolean => rows.takeUp(job),

    change(row: StoredRow, values: Partial<ExperimentRow>): boolean {
      const isChanged = rows.change(row, values);
      if (isChanged) file.changed();
      return isChanged;
    },

    plan({ name, hypothesis, parent, command, owner, changeSummary, launch }: NewPlan): ExperimentRow {
      const experiment_id = planId(name);
      checkParent(experiment_id, parent);
      const objective = deps.objective();
      const now = isoSeconds(clock());
      const fields = experimentRow({
        experiment_id,
        parent_experiment_id: parent ?? '',
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
        if (launch) plans.put(session.id, experiment_id, launch, clock());
      });
      file.changed();
      return fields;
    },

    planOf: (experimentId: string): LaunchPlan | undefined => plans.of(session.id, experimentId),

    edit(experimentId: string, values: Partial<ExperimentRow>): ExperimentRow {
      const row = mustFind(experimentId);
      checkParent(experimentId, values.parent_experiment_id);
      const given = Object.entries(values).filter(
        ([column, value]) => value !== undefined && column !== 'experiment_id',
      );
      if (!rows.change(row, Object.fromEntries(given))) return row.fields;
      file.changed();
      if (row.job) deps.onEdited(row.job);
      return row.fields;
    },

    joinPlan(experimentId: string, key: JobKey): void {
      const row = mustFind(experimentId);
      if (store.transaction(() => rows.join(row, key))) file.changed();
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

export type SessionLog = ReturnType<typeof createSessionLog>;
