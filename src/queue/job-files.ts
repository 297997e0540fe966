import { stat } from 'node:fs/promises';
import type { Job } from '../core/job.ts';
import type { RunFiles } from '../core/queue.ts';
import { runFileErrors } from './run-file-errors.ts';
import { createRunFiles } from './run-files.ts';

/**
 * Reads a folder that a job writes to besides its run folder. Whoever launches a job names that folder, in an argument or in
 * what the job prints: that leads to files of the job's owner and to nobody else's, the bot's own least of all, which it
 * alone might be let into.
 */
export function createJobFiles({ runDir }: Pick<Job, 'runDir'>, folder: string): RunFiles {
  const owner = async () => (await stat(runDir).catch(() => null))?.uid ?? null;
  const files = createRunFiles(folder, owner);
  const mayBeRead = async () => {
    const there = await stat(folder).catch(() => null);
    if (!there || there.uid === (await owner())) return;
    throw runFileErrors.othersFolder(folder);
  };
  const guarded =
    <A extends unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await mayBeRead();
      return work(...args);
    };
  return {
    exists: guarded(files.exists),
    list: guarded(files.list),
    entries: guarded(files.entries),
    changedAt: guarded(files.changedAt),
    isLink: guarded(files.isLink),
    stat: guarded(files.stat),
    read: guarded(files.read),
    readParts: guarded(files.readParts),
  };
}
