import { describe, expect, it } from 'vitest';
import { createLifecycle, type Step } from '../../src/app/lifecycle.ts';
import { quietLog } from '../recorded.ts';

/** Steps that write down what is done to them. */
function recordedSteps(names: readonly string[], more: Record<string, Partial<Step>> = {}) {
  const done: string[] = [];
  const steps = names.map(
    (name): Step => ({
      name,
      start: () => void done.push(`start ${name}`),
      stop: () => void done.push(`stop ${name}`),
      ...more[name],
    }),
  );
  return { done, steps };
}

describe('a lifecycle', () => {
  const create = () => createLifecycle({ stopWithinMs: 1_000, log: quietLog });

  it('starts in order and stops the other way round, once', async () => {
    const lifecycle = create();
    const { done, steps } = recordedSteps(['a', 'b', 'c']);
    await lifecycle.start(steps.slice(0, 1));
    await lifecycle.start(steps.slice(1));
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(done).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  it('starts nothing after a step that fails, and stops also what was not reached', async () => {
    const lifecycle = create();
    const { done, steps } = recordedSteps(['a', 'b', 'c'], {
      b: { start: () => Promise.reject(new Error('b')) },
    });
    await expect(lifecycle.start(steps)).rejects.toThrow('b');
    await lifecycle.stop();
    expect(done).toEqual(['start a', 'stop c', 'stop b', 'stop a']);
  });

  it('runs every stop whatever becomes of the others, and rejects with all that failed', async () => {
    const lifecycle = create();
    const { done, steps } = recordedSteps(['a', 'b', 'c', 'd'], {
      b: { stop: () => Promise.reject(new Error('b is late')) },
      d: {
        stop() {
          throw new Error('d is broken');
        },
      },
    });
    await lifecycle.start(steps);
    const error = await lifecycle.stop().catch((failed: unknown) => failed);
    expect((error as AggregateError).errors.map(({ message }) => message)).toEqual([
      'd is broken',
      'b is late',
    ]);
    expect(done.slice(4)).toEqual(['stop c', 'stop a']);
  });

  it('goes on without a step that never stops, and says which it was', async () => {
    const lifecycle = create();
    const { done, steps } = recordedSteps(['a', 'b'], {
      b: { stop: () => new Promise(() => {}), stopWithinMs: 20 },
    });
    await lifecycle.start(steps);
    await expect(lifecycle.stop()).rejects.toThrow('b did not stop within 0.02 s');
    expect(done).toEqual(['start a', 'start b', 'stop a']);
  });
});
