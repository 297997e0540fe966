import {
  EXPERIMENT_COLUMNS,
  type ExperimentRow,
  type Objective,
  type SessionInfo,
  type Spent,
} from '../core/experiment.ts';
import type { JobKey } from '../core/job.ts';
import type { ExperimentsService } from '../core/services/experiments.ts';
import type { JobRecord } from '../core/services/jobs.ts';
import { isoSeconds } from '../core/time.ts';
import { hasVerdict } from '../core/verdict.ts';
import type { StoredRow } from '../store/experiment-rows.ts';
import type { ExperimentStore } from '../store/experiments.ts';
import type { FingerprintStore } from '../store/fingerprints.ts';
import type { Notes } from '../store/notes.ts';
import type { PlanStore } from '../store/plans.ts';
import type { Session } from '../store/sessions.ts';
import { formatTable } from './csv.ts';
import type { ExperimentLog } from './experiment-log.ts';
import { isMachineText } from './from-job.ts';
import { latest } from './latest.ts';
import { createNotesService } from './notes.ts';

export interface PortDeps {
  store: ExperimentStore;
  plans: PlanStore;
  notes: Notes;
  fingerprints: Pick<FingerprintStore, 'repeated'>;
  /** A job as the database holds it. */
  jobOf(job: JobKey): Pick<JobRecord, 'queue' | 'error' | 'launcher'> | undefined;
  infoOf(session: number): SessionInfo;
  spentOf(session: Pick<Session, 'id'>): Spent;
  /** The log of the session that a row is of. */
  logOf(row: StoredRow): ExperimentLog;
  /** Rows of this job changed by something else than the queue. */
  onEdited(key: JobKey): void;
}

const asItIs = (row: ExperimentRow): ExperimentRow => row;

/** Whether a run ended of which nobody has said what it showed. */
function isUnjudged({ status, hypothesis, result_summary }: ExperimentRow): boolean {
  return (status === 'completed' || status === 'failed') && hypothesis !== '' && !hasVerdict(result_summary);
}

/** The experiments as seen from where `log` is the session. */
export function experimentPorts(deps: PortDeps, log: () => ExperimentLog): ExperimentsService {
  const { store, plans, infoOf, logOf } = deps;
  const session = () => log().session;
  const info = () => infoOf(session().id);
  const objective = (): Objective | null => info().objective;
  return {
    session: {
      info,
      spent: () => deps.spentOf(session()),
      of(key) {
        const row = store.ofJob(key);
        return row ? infoOf(row.session) : info();
      },
    },
    rows: {
      pages: () => store.fieldPages(session()),
      pagesBackwards: (before) => store.fieldPagesBackwards(session(), before),
      launchedPages: () => store.launchedPages(session()),
      count: () => store.count(session()),
      newest: (limit, withHypothesis = false) =>
        store.newest(session(), limit, withHypothesis).map(({ fields }) => fields),
      get: (experimentId) => log().find(experimentId)?.fields,
      named: (reference) => log().named(reference).fields,
      ofJob: (key) => store.ofJob(key)?.fields,
      jobOf: (experimentId) => store.row(session(), experimentId)?.job ?? undefined,
    },
    editor: {
      checkName: (name) => log().checkName(name),
      checkedParent: (experimentId, parent) => log().checkedParent(experimentId, parent),
      edit: (experimentId, values) => log().edit(experimentId, values),
      editOfJob(key, values) {
        const row = store.ofJob(key);
        return row ? logOf(row).edit(row.fields.experiment_id, values) : undefined;
      },
      takeJob(key) {
        const own = store.ofJob(key);
        if (!own || own.session === session().id) return;
        log().takeJob(key, own);
        logOf(own).changed();
      },
    },
    plans: {
      add: (values) => log().plan(values),
      of: (experimentId) => log().planOf(experimentId),
      join(experimentId, key) {
        const own = store.ofJob(key);
        log().joinPlan(experimentId, key);
        if (own && own.session !== session().id) logOf(own).changed();
      },
    },
    notes: createNotesService({ ...deps, log }),
    dismissals: {
      add: (suggestion) => plans.dismiss(session().id, suggestion),
      all: () => plans.dismissed(session().id),
      restore: (id) => plans.restoreDismissed(session().id, id),
    },
    verdicts: {
      *missing(limit = 0) {
        const ids = yield* latest(
          store.hypothesisPages(session()),
          'ended_at',
          isUnjudged,
          (row) => row.experiment_id,
        );
        return { ids, rows: ids.slice(0, limit).flatMap((id) => log().find(id)?.fields ?? []) };
      },
      // Another change of the row is no news.
      since: (at) =>
        latest(
          store.changedPages(session(), isoSeconds(at)),
          'updated_at',
          (row) => {
            if (!hasVerdict(row.result_summary)) return false;
            const stored = store.row(session(), row.experiment_id)!;
            return store.stateAt(stored, at)?.result_summary !== row.result_summary;
          },
          asItIs,
        ),
      of(key) {
        const text = store.ofJob(key)?.fields.result_summary ?? '';
        return isMachineText('result_summary', text, deps.jobOf(key)) ? undefined : text;
      },
    },
    results: {
      endedSince: (at) => latest(store.endedPages(session(), isoSeconds(at)), 'ended_at', () => true, asItIs),
      best() {
        const wanted = objective();
        return wanted ? store.best(session(), wanted)?.fields : undefined;
      },
      bestBefore({ experiment_id, ended_at }) {
        const wanted = objective();
        return wanted ? store.bestBefore(session(), wanted, experiment_id, ended_at)?.fields : undefined;
      },
      repeated: (metric) => deps.fingerprints.repeated(session().id, metric),
    },
    csv: {
      text: () => store.csv(session()),
      *table() {
        const own = session();
        const added = store.extraColumns(own);
        const lines: string[][] = [[...EXPERIMENT_COLUMNS, ...added]];
        for (const page of store.pages(own)) {
          for (const { fields, extra } of page)
            lines.push([
              ...EXPERIMENT_COLUMNS.map((column) => fields[column]),
              ...added.map((name) => extra[name] ?? ''),
            ]);
          yield;
        }
        return lines;
      },
      format: formatTable,
    },
  };
}
