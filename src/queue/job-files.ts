import { stat } from 'node:fs/promises';
import { BotError } from '../core/errors.ts';
import type { Job } from '../core/job.ts';
import type { RunFiles } from '../core/queue.ts';
import { createRunFiles } from './run-files.ts';

/**
 * Reads a folder that a job writes to besides its run folder. Whoever launches a job names that folder, in an argument or in
 * what the job prints: one of somebody else, which the bot alone might be let into, is not read.
 */
export function createJobFiles({ runDir }: Pick<Job, 'runDir'>, folder: string): RunFiles {
  const files = createRunFiles(folder);
  const mayBeRead = async () => {
    const [there, own] = await Promise.all([stat(folder).catch(() => null), stat(runDir).catch(() => null)]);
    if (!there || there.uid === own?.uid || there.uid === process.getuid?.()) return;
    throw new BotError(
      'run-file',
      `The folder ${folder} belongs to somebody else than the job.`,
      'Nothing there is read.',
    );
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
