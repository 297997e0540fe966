import { z } from 'zod';
import type { RunFiles } from '../../core/queue.ts';

/** What the wrapper of our scripts writes when its program has ended (wrapper.ts). Times are epoch seconds. */
const exitRecord = z.object({
  job: z.string(),
  /** The number of a task of an array; empty: it is none. */
  task: z.string(),
  restarts: z.int(),
  /** What the shell tells: 128 and its number of a signal. */
  code: z.int().min(0).max(255),
  startedAt: z.int(),
  endedAt: z.int(),
});
export type ExitRecord = z.output<typeof exitRecord>;

/** It is some hundred bytes; whatever else lies there is none. */
const RECORD_MAX = 4_096;

/** The name of the record of one life of a job or a task, in its run folder. */
export function exitRecordName({ task, restarts }: Pick<ExitRecord, 'task' | 'restarts'>): string {
  return `xaxbot-exit${task === '' ? '' : `-${task}`}.${restarts}.json`;
}

/** The record of this life; null where none was written, as after SIGKILL, or it is another's. */
export async function readExitRecord(
  files: RunFiles,
  life: { jobId: string; task: string; restarts: number },
): Promise<ExitRecord | null> {
  const name = exitRecordName(life);
  try {
    const found = await files.stat(name);
    if (!found || found.size > RECORD_MAX) return null;
    const record = exitRecord.safeParse(JSON.parse((await files.read(name, 0, found.size)).toString('utf8')));
    return record.success && record.data.job === life.jobId && record.data.task === life.task
      ? record.data
      : null;
  } catch {
    return null;
  }
}
