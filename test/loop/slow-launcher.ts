import type { QueueWith } from '../../src/core/queue.ts';

type Launch = QueueWith<'launch'>['launch'];

/** A launcher that goes on for a while after the queue has taken its job. */
export function slowLauncher() {
  const gate = { open: Promise.resolve() as Promise<void>, release: () => {} };
  const hold = () => {
    gate.open = new Promise((resolve) => {
      gate.release = resolve;
    });
  };
  const launcher =
    (launch: Launch): Launch =>
    async (...asked) => {
      const result = await launch(...asked);
      await gate.open;
      return result;
    };
  return { launcher, hold, release: () => gate.release() };
}
