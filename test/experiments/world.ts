import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import {
  EXPERIMENT_COLUMNS,
  type ExperimentLogRow,
  type ExperimentRow,
  experimentRow,
  type Objective,
} from '../../src/core/experiment.ts';
import { type JobKey, jobKeyText } from '../../src/core/job.ts';
import type { JobRecord } from '../../src/core/services/jobs.ts';
import { EXPERIMENT_LOG_LINES } from '../../src/experiments/csv.ts';
import { EXPERIMENT_LOG_FILE_TIMINGS } from '../../src/experiments/experiment-log-file.ts';
import { createExperiments } from '../../src/experiments/service.ts';
import { parseJob } from '../../src/queue/xax/state-schema.ts';
import { openDb } from '../../src/store/db.ts';
import { createExperimentStore } from '../../src/store/experiments.ts';
import { createFingerprintStore } from '../../src/store/fingerprints.ts';
import { createNotes } from '../../src/store/notes.ts';
import { createPlanStore } from '../../src/store/plans.ts';
import { createSessionStore } from '../../src/store/sessions.ts';
import { parseExperimentLog } from '../parsing.ts';

export const FIXTURES = join(import.meta.dirname, '../fixtures/xax');

export const fixture = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');

/** The jobs of a recorded `xax queue status --json`, in its order. */
export function recordedJobs(
  name: 'running' | 'idle' | 'after_kill',
  owner: string | null = null,
): JobRecord[] {
  const { jobs } = JSON.parse(fixture(`status/${name}.json`)) as { jobs: { job_id: string }[] };
  return jobs.map((job) => ({
    ...parseJob('gpu1', job.job_id, job),
    owner,
    ownerPerson: null,
    killedBy: null,
    removed: false,
    gpus: null,
  }));
}

/** A job number `index`, with what a test wants different. */
export function job(index: number, values: Partial<JobRecord> = {}): JobRecord {
  const jobId = `job-${String(index).padStart(7, '0')}`;
  return {
    ...recordedJobs('idle')[0]!,
    jobId,
    enqueuedAt: 1_795_000_000 + index,
    runDir: `/srv/a/runs/${index}`,
    ...values,
  };
}

export const row = (values: Partial<ExperimentRow>): ExperimentLogRow => ({
  fields: experimentRow(values),
  extra: {},
});

/** What writes in tests has written within a few milliseconds. */
export const QUICK_LOG_FILE = {
  ...EXPERIMENT_LOG_FILE_TIMINGS,
  settleMs: 20,
  unchangedMs: 200,
  writeDelayMs: 30,
  pollMs: 500,
  retryMs: 200,
};

/** A queue's folder, a database and a session in a temporary folder. The clock stands at a time that the test sets. */
export function createWorld(timings: Partial<typeof EXPERIMENT_LOG_FILE_TIMINGS> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'xaxbot-experiments-'));
  const xaxHome = join(dir, 'xax');
  mkdirSync(xaxHome);
  const notices: string[] = [];
  const edited: string[] = [];
  const opened: { stop(): Promise<void> }[] = [];
  let db = openDb(join(dir, 'data'));
  let now = Date.parse('2026-11-23T15:24:03Z');

  return {
    dir,
    xaxHome,
    notices,
    edited,
    db: () => db,
    csvPath: join(xaxHome, 'experiments/s1/experiment_log.csv'),
    setTime(iso: string) {
      now = Date.parse(iso);
    },
    /** As after a restart: everything is opened anew. */
    open(session: { name?: string; objective?: Objective } = { name: 's1' }) {
      const experiments = createExperiments({
        store: createExperimentStore(db, EXPERIMENT_LOG_LINES),
        sessionStore: createSessionStore(db),
        plans: createPlanStore(db),
        notes: createNotes(db),
        xaxHome,
        ofEvery: () => session,
        jobOf: () => ({ queue: 'g1', error: 'Failed to launch: [Errno 2]', launcher: 'cluster' }),
        nameOf: (person) => person,
        fingerprints: createFingerprintStore(db),
        clock: () => now,
        log: pino({ level: 'silent' }),
        onNotice: (text) => notices.push(text),
        onEdited: (key: JobKey) => edited.push(jobKeyText(key)),
        onObjective: () => {},
        onSession: () => {},
        timings: { ...QUICK_LOG_FILE, ...timings },
      });
      opened.push(experiments);
      return experiments;
    },
    loseMemory() {
      db.close();
      rmSync(join(dir, 'data'), { recursive: true });
      db = openDb(join(dir, 'data'));
    },
    async close() {
      for (const each of opened) await each.stop();
      db.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export type World = ReturnType<typeof createWorld>;

/** The rows of a CSV on disk by id. */
export function rowsOf(path: string): Map<string, ExperimentRow> {
  const { rows } = parseExperimentLog(readFileSync(path, 'utf8'));
  return new Map(rows.map(({ fields }) => [fields.experiment_id!, experimentRow(fields)]));
}

/** Numbers in [0, 1) that are the same at every run. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

export const HEADER = `${EXPERIMENT_COLUMNS.join(',')}\r\n`;
