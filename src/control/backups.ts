import { BotError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { BackupsService, MadeBackup } from '../core/services/backups.ts';
import type { Clock } from '../core/time.ts';
import { ownProgram } from '../processes/own-program.ts';
import { run } from '../processes/run.ts';
import { type Backup, databaseBytes, lastBackup, unfinishedBytes } from '../store/backup.ts';
import { timeOfCopy } from '../store/copy-time.ts';

/** Of so many days the last backup is kept. */
const DAYS_KEPT = 7;
/** Milliseconds. */
export const BACKUP_TIMINGS = {
  everyMs: 24 * 3_600_000,
  /** A bot that has just started has other things to do. */
  firstMs: 10 * 60_000,
  /** How long after a failure it is tried again. */
  againMs: 3_600_000,
  /** How long one may take: 4 s for a gigabyte on an SSD. */
  limitMs: 15 * 60_000,
};
const OUTPUT_MAX_BYTES = 100_000;
const PROGRAM = ownProgram('../store/backup-process', import.meta.url);

/** What the process answers. */
interface Answer {
  backup?: Backup;
  flaw?: string;
  error?: string;
}

/** Backs the database up each day, and when somebody asks, in a process of its own, which checks it first. */
export function createBackups(deps: {
  /** The database's file. */
  path: string;
  env: NodeJS.ProcessEnv;
  /** The database is damaged. */
  onDamage(flaw: string): void;
  clock: Clock;
  log: Log;
  timings?: typeof BACKUP_TIMINGS;
}): BackupsService & {
  /** Makes one if it is time. */
  tick(): void;
  /** Looks for damage. */
  check(): Promise<void>;
  stop(): Promise<void>;
} {
  const { path, clock, log, timings = BACKUP_TIMINGS } = deps;
  const stopping = new AbortController();
  let notBefore = clock() + timings.firstMs;
  let underWay: Promise<MadeBackup> | undefined;
  let problem: string | null = null;

  async function asked(days: number): Promise<Answer> {
    const result = await run({
      argv: [...PROGRAM, path, String(days)],
      env: { PATH: deps.env.PATH },
      timeoutMs: timings.limitMs,
      maxOutputBytes: OUTPUT_MAX_BYTES,
      cancel: stopping.signal,
    });
    if (stopping.signal.aborted) return { error: 'xaxbot is shutting down' };
    if (result.timedOut) return { error: `it took more than ${timings.limitMs / 60_000} minutes` };
    try {
      const answer = JSON.parse(result.stdout.toString()) as Answer;
      if (answer.flaw !== undefined) deps.onDamage(answer.flaw);
      return answer;
    } catch {
      return {
        error: result.startError ?? (result.stderr.trim().slice(-300) || 'the process ended without a word'),
      };
    }
  }

  async function made(): Promise<MadeBackup> {
    const began = performance.now();
    const { backup, flaw, error } = await asked(DAYS_KEPT);
    if (backup) {
      problem = null;
      const { bytes } = lastBackup(path)!;
      return {
        path: backup.path,
        at: timeOfCopy(backup.at),
        bytes,
        seconds: (performance.now() - began) / 1000,
      };
    }
    problem =
      flaw === undefined ? (error ?? '') : `The database is damaged (${flaw}), so no backup was made.`;
    throw new BotError('no-backup', problem, 'The earlier backups are as they were.');
  }

  function make(): Promise<MadeBackup> {
    underWay ??= made().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  function last(): MadeBackup | undefined {
    const found = lastBackup(path);
    return found && { path: found.path, at: timeOfCopy(found.at), bytes: found.bytes };
  }

  return {
    make,
    howFar() {
      const done = underWay ? unfinishedBytes(path) : 0;
      const of = databaseBytes(path);
      return done === 0 ? null : { done: Math.min(done, of), of, unit: 'bytes' };
    },
    last,
    problem: () => problem,
    tick() {
      const now = clock();
      if (underWay || now < notBefore) return;
      // The folder is looked at again once what it holds may be too old.
      notBefore = (last()?.at ?? 0) + timings.everyMs;
      if (now < notBefore) return;
      notBefore = now + timings.againMs;
      make().then(
        ({ path: to, bytes, seconds }) => log.info({ to, bytes, seconds }, 'the database was backed up'),
        (error) => log.error({ error: String(error) }, 'the database was not backed up'),
      );
    },
    async check() {
      const { error } = await asked(0);
      if (error !== undefined) log.warn({ error }, 'the database could not be checked');
    },
    async stop() {
      stopping.abort();
      await underWay?.catch(() => {});
    },
  };
}
