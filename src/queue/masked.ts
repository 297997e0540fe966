import type { Job } from '../core/job.ts';
import type { Mask } from '../core/masked.ts';
import type { Queue, SnapshotChange } from '../core/queue.ts';
import { maskLong } from '../files/mask-long.ts';

/** The queue without the secrets that stand in jobs' logs, in what launchers say and in its own errors. */
export function maskedQueue(queue: Queue, mask: Mask): Queue {
  const { launch, start } = queue;
  const told = <T extends object>(result: T): T =>
    'reason' in result && typeof result.reason === 'string'
      ? { ...result, reason: mask(result.reason) }
      : result;
  const withoutSecrets = (job: Job): Job => (job.error === null ? job : { ...job, error: mask(job.error) });
  const clean = (change: SnapshotChange): SnapshotChange => ({
    ...change,
    changed: change.changed.map(withoutSecrets),
  });
  return {
    ...queue,
    start: (listener, known) => start((change) => listener(clean(change)), known),
    async readJobLog(...which) {
      const tail = await queue.readJobLog(...which);
      return { ...tail, lines: (await maskLong(tail.lines.join('\n'), mask)).split('\n') };
    },
    async readJobLogNews(...which) {
      const news = await queue.readJobLogNews(...which);
      const { lines, unended } = news;
      const masked = lines.length === 0 ? [] : (await maskLong(lines.join('\n'), mask)).split('\n');
      return { ...news, lines: masked, unended: mask(unended) };
    },
    cancel: async (job) => told(await queue.cancel(job)),
    kill: async (job, options) => told(await queue.kill(job, options)),
    ...(launch
      ? {
          async launch(request, onLine) {
            const result = told(await launch(request, (line) => onLine(mask(line))));
            return result.done ? result : { ...result, lastLines: result.lastLines.map(mask) };
          },
        }
      : {}),
  };
}
