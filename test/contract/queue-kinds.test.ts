import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { QUEUE_KINDS } from '../../src/queue/registry.ts';
import { describeQueueContract, type QueueHarness } from './queue.ts';
import { simulatedHarness } from './queue-simulated.ts';

/** How each kind is held to the contract: by a harness here, or in files of their own, which then run side by side. */
const HARNESSES: Record<string, (() => Promise<QueueHarness>) | string[]> = {
  xax: ['queue-stand-in.test.ts', 'queue-real.test.ts'],
  simulated: simulatedHarness,
  slurm: ['queue-slurm.test.ts'],
};

describe.each(QUEUE_KINDS.map((kind) => ({ kind, name: kind.name })))(
  'a queue of the kind $name',
  ({ kind }) => {
    const harness = HARNESSES[kind.name];

    test('is held to the contract', () => {
      expect(harness, `no harness for the kind ${kind.name}`).toBeDefined();
      if (!Array.isArray(harness)) return;
      expect(harness.length).toBeGreaterThan(0);
      for (const file of harness) expect(existsSync(join(import.meta.dirname, file)), file).toBe(true);
    });

    if (typeof harness === 'function') describeQueueContract(`the ${kind.name} queue`, kind, harness);
  },
);
