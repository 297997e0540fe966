import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BotError, errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { HealthItem } from '../core/services/health.ts';
import { type Clock, isoSeconds } from '../core/time.ts';
import { watchFolder } from '../files/watch-folder.ts';
import type { ParsedExperimentLog } from './csv.ts';
import { DISK_TIMINGS, type KnownFile, type ReplacedFile, replaceFile, setAside } from './disk-file.ts';
import { keepLeftOut } from './left-out.ts';
import { createLogOnDisk, digestOf } from './log-on-disk.ts';
import { LOG_NAME } from './session.ts';
import { makeTeamFolder } from './team-files.ts';

/** Milliseconds. */
export const EXPERIMENT_LOG_FILE_TIMINGS = {
  ...DISK_TIMINGS,
  /** Changes of this long are written together: the file follows within a second. */
  writeDelayMs: 250,
  /** How long a program that had the file open when we replaced it may take to write it. */
  replacedMs: 1_000,
  pollMs: 5_000,
  retryMs: 2_000,
  /** How long a stop waits for what is being taken in; the next start takes it in anew. */
  stopMs: 700,
};
/** Times the file may change under our hands before we leave it for the next round. */
const ATTEMPTS = 5;

/** What the file is kept in sync with. */
export interface ExperimentLogContent {
  /** The whole CSV as it should stand on disk, in pieces, and what to call with its digest once it does. */
  snapshot(): Promise<{ pieces: Buffer[]; agree(digest: string): Promise<void> }>;
  /** The digest of the file that says what the database does, null where none does; and how large it was when both agreed. */
  file(): { digest: string | null; bytes: number };
  /** Whether the file lacks rows that it held: deleted, or not yet written again. */
  lacksRows(disk: ParsedExperimentLog): Promise<boolean>;
  /**
   * Takes in what somebody else wrote; `isOnDisk` is false when our own writing has replaced it meanwhile. Returns the
   * lines that are no experiments. `goOn` is asked before each slice, and throws where there is no time left.
   */
  mergeFromDisk(disk: ParsedExperimentLog, isOnDisk: boolean, goOn: () => void): Promise<readonly string[]>;
  /** How many rows the database has. */
  rowsKnown(): number;
}

/** What ends the taking in of a file at a stop. */
class Stopped extends Error {}

/**
 * Keeps `experiment_log.csv` of a folder and the database in sync: reads what others wrote before each write, writes
 * atomically, and never writes over a file that it could not read.
 */
export function createExperimentLogFile(deps: {
  folder: string;
  /** The queue's folder. While it does not exist, nothing is made: it may be a mistake in the settings. */
  queueFolder: string;
  content: ExperimentLogContent;
  clock: Clock;
  log: Log;
  /** A notice for people. */
  onNotice(text: string): void;
  timings?: typeof EXPERIMENT_LOG_FILE_TIMINGS | undefined;
}) {
  const { folder, content, clock, log, onNotice, timings = EXPERIMENT_LOG_FILE_TIMINGS } = deps;
  const { settleMs, unchangedMs, writeDelayMs, replacedMs, pollMs, retryMs, stopMs } = timings;
  const path = join(folder, LOG_NAME);
  const disk = createLogOnDisk(path, content, timings);
  let timer: NodeJS.Timeout | undefined;
  let timerAt = 0;
  let watcher: ReturnType<typeof watchFolder> | undefined;
  let work: Promise<void> = Promise.resolve();
  /** The file's digest when both sides last agreed: what it says need not be read then. */
  let agreed = content.file().digest;
  /** The last foreign content that was merged. */
  let taken: string | undefined;
  /** Changes of the database so far, and how many of them are in the file. */
  let changes = 1;
  let written = agreed === null ? 0 : changes;
  let problem: string | null = null;
  /** What looks like half a file, since when (ms of the process's own clock). */
  let doubtful: { digest: string; since: number } | null = null;
  const replacedFiles: { file: ReplacedFile; held: string; at: number }[] = [];
  let stopped = false;
  /** When what is being taken in is given up, by the process's own clock. */
  let endsAt = Number.POSITIVE_INFINITY;
  const goOn = (): void => {
    if (performance.now() >= endsAt) throw new Stopped();
  };

  function schedule(delayMs: number): void {
    const at = performance.now() + delayMs;
    if (stopped || (timer && timerAt <= at)) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(() => {
      timer = undefined;
      void run();
    }, delayMs);
  }

  /** One round after those under way. What fails is told in health and tried again. */
  function run(): Promise<void> {
    work = work.then(sync).catch((error) => {
      if (error instanceof Stopped) return;
      const isTooLarge = error instanceof BotError && error.code === 'log-too-large';
      const text = isTooLarge
        ? `${path} is not read: ${errorText(error)} The database has everything else.`
        : `${path} cannot be kept in sync: ${errorText(error)}. It will be retried; the database has everything.`;
      // What a person can mend is told by its words; of anything else it matters where it came from.
      const fields = error instanceof BotError ? { problem: errorText(error) } : { err: error };
      if (text !== problem) log.warn({ ...fields, path }, 'the experiment log on disk is behind');
      if (text !== problem && isTooLarge) onNotice(text);
      problem = text;
      doubtful = null;
      // What is too large is looked at again when it changes.
      if (!isTooLarge) schedule(retryMs);
    });
    return work;
  }

  async function sync(): Promise<void> {
    await lookAtReplaced();
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const found = await disk.look({ agreed, taken });
      const isForeign = found !== undefined && found.digest !== agreed;
      // What could not be written over is found again and again; it says nothing new.
      if (isForeign && found.digest !== taken) {
        const theirs = await disk.parsed(found.bytes!, found.digest, goOn);
        // What is parsed need not be held twice while it is taken in.
        delete found.bytes;
        if (theirs.problem !== null) problem = `${path} cannot be read: ${theirs.problem}.`;
        const isHalf = theirs.problem !== null || !theirs.isWhole || (await content.lacksRows(theirs));
        const waitMs = isHalf ? unchangedIn(found.digest) : 0;
        if (waitMs > 0) return schedule(waitMs);
        if (theirs.problem !== null) {
          doubtful = null;
          await putAside(theirs.problem);
          continue;
        }
        await keepLeftOut(path, await content.mergeFromDisk(theirs, true, goOn), clock());
        taken = found.digest;
      }
      doubtful = null;
      if (isForeign || !found || written < changes) {
        const change = changes;
        const { pieces, agree } = await content.snapshot();
        const digest = await digestOf(pieces);
        if (found?.digest !== digest && !(await write(found, pieces, digest))) continue;
        agreed = digest;
        taken = undefined;
        await agree(digest);
        written = change;
      }
      problem = null;
      return;
    }
    schedule(retryMs);
  }

  async function write(found: KnownFile | undefined, pieces: Buffer[], digest: string): Promise<boolean> {
    if (!existsSync(deps.queueFolder))
      throw new BotError('no-queue-folder', `the queue's folder ${deps.queueFolder} does not exist`);
    const result = await replaceFile(path, found, pieces);
    // Whatever stands there now was not looked at.
    disk.stands(result ? { digest, state: result.state } : undefined);
    if (!result) return false;
    if (result.replaced)
      replacedFiles.push({ file: result.replaced, held: found!.digest, at: performance.now() });
    if (stopped) await lookAtReplaced();
    else if (result.replaced) schedule(replacedMs);
    return true;
  }

  /** Milliseconds until this content has stood unchanged for long enough; 0 when it has. */
  function unchangedIn(digest: string): number {
    if (doubtful?.digest !== digest) doubtful = { digest, since: performance.now() };
    return Math.max(0, doubtful.since + unchangedMs - performance.now());
  }

  async function putAside(reason: string): Promise<void> {
    const aside = await setAside(path, isoSeconds(clock()).replace(/[-:]/g, ''));
    onNotice(
      `${path} could not be read (${reason}). It was moved aside to ${aside}, and the experiment log is written again from the database.`,
    );
  }

  /** Takes in what programs wrote into a file that we replaced while they had it open. */
  async function lookAtReplaced(): Promise<void> {
    const isDue = (at: number) => stopped || performance.now() - at >= replacedMs;
    while (replacedFiles.length > 0 && isDue(replacedFiles[0]!.at)) {
      const { file, held } = replacedFiles[0]!;
      const bytes = await file.read(disk.mostBytes());
      const digest = bytes ? await digestOf([bytes]) : held;
      const theirs = digest === held ? null : await disk.parsed(bytes!, digest, goOn);
      if (theirs?.problem === null) {
        await keepLeftOut(path, await content.mergeFromDisk(theirs, false, goOn), clock());
        changes += 1;
      }
      if (theirs && !theirs.isWhole)
        log.warn({ path }, 'a program left half a log in a file that was replaced meanwhile');
      replacedFiles.shift();
      await file.close();
    }
    if (replacedFiles.length > 0) schedule(replacedMs);
  }

  /** Made anew, it is followed anew. */
  async function makeFolder(): Promise<void> {
    if (!existsSync(deps.queueFolder)) return;
    const made = await makeTeamFolder(folder).catch(() => undefined);
    if (made !== undefined) watcher?.listen();
  }

  return {
    path,
    /** Reads what is there, writes what should be, and follows both from then on. Trouble is told in health. */
    async start(): Promise<void> {
      await makeFolder();
      watcher = watchFolder({
        folder,
        names: [LOG_NAME],
        pollMs,
        onChange(isPoll) {
          if (isPoll) void makeFolder().then(() => schedule(0));
          else schedule(settleMs);
        },
        log,
      });
      await this.settled();
    },
    /** The database changed: update the file. */
    changed(): void {
      changes += 1;
      schedule(writeDelayMs);
    },
    /** Resolves when file and database are in sync, or cannot be for now. */
    async settled(): Promise<void> {
      await run();
      while (doubtful && !stopped) {
        await sleep(unchangedIn(doubtful.digest));
        await run();
      }
    },
    health: (): HealthItem => ({ name: 'experiment log', ok: problem === null, detail: problem ?? path }),
    /** Writes pending changes; where somebody else wrote so much that it is not taken in by then, the next start does both. */
    async stop(): Promise<void> {
      stopped = true;
      endsAt = performance.now() + stopMs;
      clearTimeout(timer);
      timer = undefined;
      watcher?.stop();
      await run();
    },
  };
}
