import { constants } from 'node:os';
import { SHELL_BASE } from '../core/signals.ts';

/** Until the returned function is called, Ctrl+C and signals end the process without a half line left on the terminal. */
export function endsTidily(status: { clear(): void }): () => void {
  const ends = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => {
    const end = () => {
      status.clear();
      process.exit(SHELL_BASE + constants.signals[signal]);
    };
    process.once(signal, end);
    return () => void process.removeListener(signal, end);
  });
  return () => {
    for (const release of ends) release();
  };
}
