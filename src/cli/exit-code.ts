import { EXIT_FAILED } from '../../adapters/terminal/print.ts';
import type { Reply } from '../core/adapter.ts';

/** What the process exits with after an answer; without one, as after a failure. */
export function exitCodeOf(last: Reply | undefined): number {
  return last?.exitCode ?? (last?.ok ? 0 : EXIT_FAILED);
}
