import { describe, expect, test } from 'vitest';
import { QUEUE_CAPABILITIES, type QueueCapability } from '../../src/core/queue.ts';
import type { QueueKind } from '../../src/queue/kind.ts';
import { cancelling } from './queue/cancelling.ts';
import { killing } from './queue/killing.ts';
import { launching } from './queue/launching.ts';
import { moving } from './queue/moving.ts';
import { observing } from './queue/observer.ts';
import { runFiles } from './queue/run-files.ts';
import { PATIENCE_MS, type QueueHarness, queueUnderTest } from './queue/under-test.ts';
import { watching } from './queue/watching.ts';

export type { HarnessJob, QueueHarness } from './queue/under-test.ts';

/**
 * What every queue must keep to, whatever stands behind it. Each implementation's test calls this with its harness.
 */
export function describeQueueContract(
  name: string,
  kind: Pick<QueueKind, 'name' | 'capabilities'>,
  makeHarness: () => Promise<QueueHarness>,
): void {
  describe(name, { timeout: PATIENCE_MS }, () => {
    const at = queueUnderTest(makeHarness);

    test('it is of its kind, with the capabilities that the kind says and no other', () => {
      expect(at.queue.kind).toBe(kind.name);
      const has = QUEUE_CAPABILITIES.filter((capability) => at.queue[capability] !== undefined);
      expect(has.toSorted()).toEqual(kind.capabilities.toSorted());
    });

    const having = (capability: QueueCapability) => describe.skipIf(!kind.capabilities.includes(capability));

    describe('watching', () => watching(at));
    having('move')('moving', () => moving(at));
    describe('cancelling', () => cancelling(at));
    describe('killing', () => killing(at));
    having('launch')('launching', () => launching(at));
    describe("a run's files", () => runFiles(at));
    having('observer')('the observer', () => observing(at));
  });
}
