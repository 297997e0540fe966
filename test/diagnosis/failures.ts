import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endingSignal } from '../../src/core/signals.ts';
import { type Diagnosis, diagnose } from '../../src/diagnosis/diagnose.ts';
import type { CauseKind } from '../../src/diagnosis/kinds.ts';
import { cleanLines } from '../parsing.ts';

/** A log in `test/fixtures/failures` and what is right of it; the README there tells of the sets. */
export interface Label {
  id: string;
  set: string;
  source: string;
  return_code: number | null;
  xax_error: string | null;
  /** The kinds that are right. */
  expect: CauseKind[];
  /** What the line must hold. */
  text?: string;
  /** What must be found beside it. */
  found?: { exception?: string; frame?: object; name?: string };
}

const FOLDER = join(import.meta.dirname, '..', 'fixtures', 'failures');

export const labels = JSON.parse(readFileSync(join(FOLDER, 'labels.json'), 'utf8')) as Label[];
export const labelsOf = (...sets: string[]): Label[] => labels.filter(({ set }) => sets.includes(set));

/** A log as it was written, with its controls. */
export const rawLog = ({ id, set }: Label): string => readFileSync(join(FOLDER, set, `${id}.log`), 'utf8');

export function diagnoseLog(label: Label, log = rawLog(label)): Diagnosis {
  return diagnose({ error: label.xax_error, returnCode: label.return_code }, cleanLines(log));
}

export type Verdict = 'right' | 'vague' | 'unknown' | 'misleading';

/**
 * Right: an accepted kind that holds the text. Vague: true but less telling, which is the exception without its kind, or the
 * signal that the return code names. Misleading: anything else but an honest unknown.
 */
export function verdictOf(label: Label, { kind, text, lines }: Diagnosis): Verdict {
  const isHeld = label.text === undefined || text.includes(label.text);
  if (label.expect.includes(kind)) {
    if (isHeld) return 'right';
    return lines.some((line) => line.includes(label.text!)) ? 'vague' : 'misleading';
  }
  if (kind === 'unknown') return 'unknown';
  if (label.expect.includes('unknown')) return 'misleading';
  if (kind === 'python_exception') return isHeld ? 'vague' : 'misleading';
  return kind === 'signal' && endingSignal({ error: null, returnCode: label.return_code }) !== null
    ? 'vague'
    : 'misleading';
}
