import { BotError } from '../src/core/errors.ts';
import type { QueueCapability, QueueWith } from '../src/core/queue.ts';
import { queueWith } from '../src/core/queue-lacks.ts';
import type { Queues } from '../src/core/queues.ts';

/** The option that names a queue, for commands that are about one. */
export function onQueue<D extends string>(description: D) {
  return {
    type: 'choice',
    choices: [],
    ofQueues: true,
    positional: false,
    label: 'Queue',
    description,
  } as const;
}

/** The queue that is named, else the only one that can do it. Errors `unknown-queue`, `queue-lacks`, `which-queue`. */
export function queueMeant<C extends QueueCapability>(
  queues: Queues,
  capability: C,
  name: string | undefined,
): QueueWith<C> {
  if (name !== undefined) return queueWith(queues.named(name), capability);
  const [queue, ...others] = queues.with(capability);
  if (!queue) return queueWith(queues.all[0]!, capability);
  if (others.length === 0) return queue;
  const names = [queue, ...others].map((each) => each.name);
  throw new BotError('which-queue', 'Which queue?', `Name one of ${names.join(', ')}: on=${names[0]}.`, 'on');
}
