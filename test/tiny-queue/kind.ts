import { join } from 'node:path';
import { z } from 'zod';
import type { Queue } from '../../src/core/queue.ts';
import { queueItem } from '../../src/queue/health-items.ts';
import { defineQueueKind } from '../../src/queue/kind.ts';
import { createSimulatedQueue, type SimulatedQueue } from '../../src/queue/simulated/index.ts';
import { EMPTY_DAY } from '../../src/queue/simulated/script.ts';

interface TinySettings {
  seed: number;
  dataFolder: string;
}

/** A queue that has what every queue has, and no capability. */
export function createTinyQueue(whole: SimulatedQueue): Queue {
  const { launch, move, observer, gpus, startedBy, enqueue, journal, ...every } = whole;
  const snapshot = () => {
    const found = every.snapshot();
    return found && { ...found, observer: null };
  };
  return {
    ...every,
    kind: 'tiny',
    simulated: false,
    snapshot,
    start: (listener) => every.start((change) => listener({ ...change, snapshot: snapshot()! })),
  };
}

/** Queues that were opened, so that a test can put jobs into them from outside. */
export const opened = new Map<string, SimulatedQueue>();

export const tinyKind = defineQueueKind<TinySettings>({
  name: 'tiny',
  summary: 'a queue that can be read, cancelled and killed in, and no more',
  capabilities: [],
  schema: z.strictObject({ seed: z.int().default(1) }),
  settings: ({ seed }, queue, { dataDir }) => ({
    seed: seed as number,
    dataFolder: join(dataDir, 'tiny', queue),
  }),
  folder: () => null,
  doctor: ({ seed }) => [['queue', `tiny, with the seed ${seed}`]],
  health: (queue) => [queueItem(queue, 'tiny')],
  async open({ seed, dataFolder }, { name, clock }) {
    const whole = createSimulatedQueue({
      name,
      folder: dataFolder,
      script: EMPTY_DAY,
      seed,
      clock,
      tickMs: 50,
    });
    opened.set(name, whole);
    return createTinyQueue(whole);
  },
});
