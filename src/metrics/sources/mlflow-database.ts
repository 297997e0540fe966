import type { FileState, RunFiles } from '../../core/queue.ts';
import { ownProgram } from '../../processes/own-program.ts';
import { run } from '../../processes/run.ts';
import { isUnchanged } from '../file-state.ts';
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
/** Where the header has the size of a page, how many there are, and at which count of changes that was so. */
const [PAGE_SIZE, PAGES, VALID_FOR, HEADER_BYTES] = [16, 28, 92, 100];
const IN_CHANGE =
  'is in the midst of a change, for which a journal stands beside it: it is read once that is over';
const IN_LOG =
  'is written by way of a log beside it (WAL): what is in that is read once SQLite has taken it over';
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
  let seen: FileState | null = null;
  let nextAt = Number.NEGATIVE_INFINITY;
  let known = 0;
  let settings: Record<string, string> = {};
  const isMeant = (runId: string) =>
    (loggedAt.get(runId) ?? 0) >= (keeping.since ?? Number.NEGATIVE_INFINITY);
  let problem: string | null = null;
  let isLogged = false;

  async function read(): Promise<boolean> {
    const found = await files.stat(path);
    // What is written to a log beside it changes nothing of the file itself.
    const hasLog = ((await files.stat(`${path}-wal`))?.size ?? 0) > 0;
    const isNews = hasLog !== isLogged;
    isLogged = hasLog;
    if (isUnchanged(seen, found) || (found && performance.now() < nextAt)) return isNews;
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
    if (!bytes) {
      // At the next look.
      const isKnown = problem === IN_CHANGE;
      problem = IN_CHANGE;
      return !isKnown;
    }
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
    if (await isInChange()) return null;
    const counter = () => files.read(path, COUNTER.from, COUNTER.to);
    const before = await counter();
    const bytes = await files.read(path, 0, size);
    return !(await isInChange()) && before.equals(await counter()) ? bytes : null;
  }

  /** Whether a journal is there with which a change could be undone: one that is over is gone, empty, or begins with zeros. */
  async function isInChange(): Promise<boolean> {
    const journal = `${path}-journal`;
    if (!((await files.stat(journal))?.size ?? 0)) return false;
    return (await files.read(journal, 0, MAGIC.length).catch(() => Buffer.alloc(0))).some(
      (byte) => byte !== 0,
    );
  }

  /** Takes in the rows that follow; resolves to whether there are more. */
  async function take(bytes: Buffer): Promise<boolean> {
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
      problem = 'is no SQLite database';
      return false;
    }
    const whole = wholeSize(bytes);
    if (bytes.length < whole) {
      problem = `has ${bytes.length} of its ${whole} bytes: it is being copied, or was cut off`;
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
    problem: () => problem ?? (isLogged ? IN_LOG : null),
  };
}

const PROGRAM = ownProgram('./mlflow-process', import.meta.url, [`--max-old-space-size=${PROCESS_MAX_MB}`]);

/** Its bytes by its header: pages, which are told where both counts of changes are the same, of a size of which 1 stands for 65536. */
function wholeSize(bytes: Buffer): number {
  if (bytes.length < HEADER_BYTES) return HEADER_BYTES;
  const isTold = bytes.readUInt32BE(COUNTER.from) === bytes.readUInt32BE(VALID_FOR);
  const pageSize = bytes.readUInt16BE(PAGE_SIZE);
  return isTold ? bytes.readUInt32BE(PAGES) * (pageSize === 1 ? 65_536 : pageSize) : 0;
}

function numberMeant(value: number | 'nan'): number {
  if (value === 'nan') return Number.NaN;
  return Math.abs(value) >= INFINITE ? Math.sign(value) * Number.POSITIVE_INFINITY : value;
}

/** What an error of the process says, without where it was thrown. */
function wordsOf(stderr: string): string {
  return /Error: (.+)/.exec(stderr)?.[1] ?? 'could not be read';
}
