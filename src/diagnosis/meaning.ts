import type { CauseKind } from './kinds.ts';

/** What words of an exception, or of a program's last lines, mean. */
export interface Meaning {
  kind: CauseKind;
  pattern: RegExp;
  /** What to try; the kind's own where this is left out, nothing where it is null. */
  advice?: string | null;
}
