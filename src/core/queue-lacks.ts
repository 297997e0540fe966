import { BotError } from './errors.ts';
import type { Queue, QueueCapability } from './queue.ts';

/** What cannot be done with a queue that lacks each capability, and what can be done instead. */
const LACKS: Record<QueueCapability, { cannot: string; instead: string }> = {
  launch: {
    cannot: 'nothing can be queued on it from here',
    instead: 'Jobs queued there in another way appear here.',
  },
  move: {
    cannot: 'its jobs cannot be moved',
    instead: 'It keeps its own order; "cancel" removes a job.',
  },
  steer: {
    cannot: 'its jobs are neither held nor put back',
    instead: '"cancel" removes a job that waits, "kill" ends one that runs.',
  },
  observer: {
    cannot: 'it has no observer to start or stop',
    instead: 'Control it where it runs.',
  },
  gpus: {
    cannot: 'it does not report its GPUs',
    instead: 'Ask nvidia-smi on the hosts where its jobs run.',
  },
  tensorboard: {
    cannot: 'it serves no TensorBoard',
    instead: '"metrics" and "compare" show the curves of its runs.',
  },
};

/** The queue, known to have a capability. Error `queue-lacks`: which queue, what cannot be done, and what can. */
export function queueWith<C extends QueueCapability, Q extends Pick<Queue, 'name' | 'kind' | 'beside' | C>>(
  queue: Q,
  capability: C,
): Q & Required<Pick<Queue, C>> {
  if (queue[capability] !== undefined) return queue as Q & Required<Pick<Queue, C>>;
  const { cannot, instead } = LACKS[capability];
  const what = queue.beside ? 'No queue started this run' : `${queue.name} is a ${queue.kind} queue`;
  throw new BotError('queue-lacks', `${what}: ${cannot}.`, instead);
}
