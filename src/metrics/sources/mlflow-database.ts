import type { RunFiles } from '../../core/queue.ts';
import { ownProgram } from '../../processes/own-program.ts';
import { run } from '../../processes/run.ts';
import type { MlflowAnswer } from './mlflow-process.ts';
import {
  type Format,
  folderOf,
  type Keeping,
  type Logged,
  nameOf,
  type PointStore,
  pointsOf,
  type Source,
} from './source.ts';

/** A larger database is not read: it is held in memory while it is. */
const BYTES_MAX = 32 << 20;
/** A process is begun for each look at it; at most this part of the time goes into that. */
const SHARE = 1 / 50;
const ROWS_AT_ONCE = 50_000;
const PROCESS_TIMEOUT_MS = 20_000;
const PROCESS_MAX_MB = 128;
const OUTPUT_MAX_BYTES = 16 << 20;
/** Every SQLite file begins with it (sqlite.org/fileformat.html, 1.2). */
const MAGIC = 'SQLite format 3\0';
/** The header's count of changes, 4 bytes: it tells a copy that was made in the midst of one. */
const COUNTER = { from: 24, to: 28 };
/** MLflow keeps infinity as the largest number there is (sqlalchemy_store of 3.17). */
const INFINITE = 1.7976931348623157e308;

/** MLflow's default store, `mlflow.db`. Whoever writes it is never made to wait: the file is copied, not opened. */
export const MLFLOW_DATABASE: Format = {
  name: 'MLflow database',
  claims: (path) => nameOf(path) === 'mlflow.db',
  open: openDatabase,
};

function openDatabase<P extends PointStore>(files: RunFiles, path: string, keeping: Keeping<P>): Source<P> {
  const points = new Map<string, Map<string, P>>();
  const lastSteps = new Map<P, number>();
  /** When each run logged last, epoch milliseconds. */
  const loggedAt = new Map<string, number>();
  let seen: { size: number; mtimeMs: number; inode: number } | null = null;
  let nextAt = Number.NEGATIVE_INFINITY;
  let known = 0;
  let settings: Record<string, string> = {};
  const isMeant = (runId: string) =>
    (loggedAt.get(runId) ?? 0) >= (keeping.since ?? Number.NEGATIVE_INFINITY);
  let problem: string | null = null;

  async function read(): Promise<boolean> {
    const found = await files.stat(path);
    const isSame =
      seen?.size === found?.size && seen?.mtimeMs === found?.mtimeMs && seen?.inode === found?.inode;
    if (isSame || (found && performance.now() < nextAt)) return false;
    if (!found || (seen && found.inode !== seen.inode)) forget();
    if (!found) {
      seen = null;
      return true;
    }
    const from = performance.now();
    if (found.size > BYTES_MAX) {
      problem = `has ${found.size} bytes; at most ${BYTES_MAX} are read`;
      seen = found;
      return true;
    }
    const bytes = await copy(found.size);
    // In the midst of a change: at the next look.
    if (!bytes) return false;
    seen = found;
    while (await take(bytes));
    const until = performance.now();
    nextAt = until + (until - from) / SHARE;
    return true;
  }

  function forget(): void {
    points.clear();
    lastSteps.clear();
    loggedAt.clear();
    known = 0;
  }

  /** Its bytes at one moment; null where it is being written. */
  async function copy(size: number): Promise<Buffer | null> {
    const counter = () => files.read(path, COUNTER.from, COUNTER.to);
    const before = await counter();
    const bytes = await files.read(path, 0, size);
    const isWriting = await files.stat(`${path}-journal`);
    return !isWriting && before.equals(await counter()) ? bytes : null;
  }

  /** Takes in the rows that follow; resolves to whether there are more. */
  async function take(bytes: Buffer): Promise<boolean> {
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
      problem = 'is no SQLite database';
      return false;
    }
    const { exitCode, stdout, stderr, timedOut, startError } = await run({
      argv: [...PROGRAM, String(known), String(ROWS_AT_ONCE)],
      env: {},
      input: bytes,
      timeoutMs: PROCESS_TIMEOUT_MS,
      maxOutputBytes: OUTPUT_MAX_BYTES,
    });
    if (exitCode !== 0) {
      problem = startError ?? (timedOut ? 'took too long to read' : wordsOf(stderr));
      return false;
    }
    problem = null;
    const { rows, runs } = JSON.parse(stdout.toString('utf8')) as MlflowAnswer;
    // The newest run stands first.
    settings = runs[0]?.params ?? {};
    for (const row of rows) takeRow(row);
    return rows.length === ROWS_AT_ONCE;
  }

  function takeRow([row, runId, key, step, time, value]: MlflowAnswer['rows'][number]): void {
    known = row;
    loggedAt.set(runId, time);
    const own = points.get(runId) ?? new Map<string, P>();
    points.set(runId, own);
    const store = pointsOf(own, key, keeping);
    if (!store) return;
    if (step < (lastSteps.get(store) ?? step)) store.cutFrom(step);
    lastSteps.set(store, step);
    store.push(step, time / 1_000, numberMeant(value));
  }

  return {
    read,
    logged(): Logged<P>[] {
      const folder = folderOf(path);
      const meant = [...points].filter(([runId]) => isMeant(runId));
      return meant.map(([runId, own]) => ({
        subRun: meant.length === 1 ? folder : folder === '.' ? runId : `${folder}/${runId}`,
        ...{ file: path, points: own, stepName: 'step' },
      }));
    },
    damaged: () => 0,
    settings: () => settings,
    writtenAt: () => seen?.mtimeMs ?? null,
    problem: () => problem,
  };
}

const PROGRAM = ownProgram('./mlflow-process', import.meta.url, [`--max-old-space-size=${PROCESS_MAX_MB}`]);

function numberMeant(value: number | 'nan'): number {
  if (value === 'nan') return Number.NaN;
  return Math.abs(value) >= INFINITE ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
}

/** What an error of the process says, without where it was thrown. */
function wordsOf(stderr: string): string {
  return /Error: (.+)/.exec(stderr)?.[1] ?? 'could not be read';
}
