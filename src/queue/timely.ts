import { BotError } from '../core/errors.ts';
import type { Queue, RunFiles } from '../core/queue.ts';
import { within } from '../core/within.ts';

/** How long a read may take that others wait behind: a cold disk takes seconds; a file server that is gone, for ever. */
const READ_WITHIN_MS = 15_000;

/** The queue whose reads end in time, so that one whose disk or host hangs holds up nothing that is about another. */
export function timely(queue: Queue, withinMs = READ_WITHIN_MS): Queue {
  const inTime = <T>(work: Promise<T>): Promise<T> =>
    within(withinMs, work, () => {
      throw new BotError(
        'queue-hangs',
        `The queue ${queue.name} has not answered within ${withinMs / 1000} s.`,
        'Look at its disk or host; the other queues go on.',
      );
    });

  const timelyFiles = (files: RunFiles): RunFiles => ({
    exists: () => inTime(files.exists()),
    list: (folder) => inTime(files.list(folder)),
    entries: (folder, most) => inTime(files.entries(folder, most)),
    changedAt: (folder) => inTime(files.changedAt(folder)),
    isLink: (path) => inTime(files.isLink(path)),
    stat: (path) => inTime(files.stat(path)),
    read: (...which) => inTime(files.read(...which)),
    readParts: (path, parts) => inTime(files.readParts(path, parts)),
  });

  return {
    ...queue,
    refresh: () => inTime(queue.refresh()),
    readJobLog: (job, kind, lines, before) => inTime(queue.readJobLog(job, kind, lines, before)),
    readJobLogNews: (...which) => inTime(queue.readJobLogNews(...which)),
    runFiles: (job) => timelyFiles(queue.runFiles(job)),
    filesIn: (job, folder) => timelyFiles(queue.filesIn(job, folder)),
    workingFolderOf: (job) => inTime(queue.workingFolderOf(job)),
    ...(queue.placed ? { placed: (words) => inTime(queue.placed!(words)) } : {}),
    ownerOf: (job) => inTime(queue.ownerOf(job)),
    ...(queue.gpus ? { gpus: { reservations: () => inTime(queue.gpus!.reservations()) } } : {}),
  };
}
