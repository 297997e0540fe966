import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulatedQueue } from '../../src/queue/simulated/index.ts';
import type { QueueHarness } from './queue.ts';

/** A simulated queue on which nothing comes by itself. */
export async function simulatedHarness(): Promise<QueueHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-simulated-'));
  const script = { history: [], waiting: [], later: [] };
  const queue = createSimulatedQueue({
    name: 'simulated',
    folder,
    script,
    seed: 1,
    clock: Date.now,
    tickMs: 100,
  });
  const good = {
    argv: ['python', '-m', 'examples.toy'],
    cwd: folder,
    assignments: { learning_rate: '0.01' },
  };
  return {
    queue,
    async enqueue({ seconds, fails, ignoresSigterm }) {
      const fate = fails ? ('fails' as const) : ('completes' as const);
      const { jobId, enqueuedAt } = queue.enqueue({
        taskKey: 'contract.Task',
        settings: {},
        steps: 100,
        seconds,
        fate,
        ignoresSigterm,
      });
      return { queue: queue.name, jobId, enqueuedAt };
    },
    launches: { good, failing: { ...good, assignments: { learning_rate: 'fast' } }, failure: /fast/ },
    async close() {
      await queue.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
