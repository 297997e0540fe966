import { between } from '../core/clip.ts';
import type { Frame } from './frames.ts';
import type { CauseKind } from './kinds.ts';

/** What is known of a failed job beside its log. */
export interface Failure {
  /** The job's `error` as xax wrote it. */
  error: string | null;
  returnCode: number | null;
}

export interface Diagnosis {
  kind: CauseKind;
  /** One line. */
  text: string;
  /** The lines of the log that it is based on; of an unknown cause, the last. */
  lines: string[];
  /** What to try; null where there is nothing that helps in general. */
  advice: string | null;
  /** An exception's type, the last frame in the team's own code, and the module or file that is missing. */
  exception: string | null;
  frame: Frame | null;
  name: string | null;
}

/** How many lines are shown. */
export const LINES_SHOWN = 12;
const TEXT_MAX = 280;
const HEAD_SHARE = 0.6;
/** So much of what stands before the telling words is shown with them. */
const LEAD = 24;

type Found = Pick<Diagnosis, 'kind' | 'text' | 'lines'> & Partial<Diagnosis>;

export function diagnosis({ text, lines, ...rest }: Found): Diagnosis {
  return {
    advice: null,
    exception: null,
    frame: null,
    name: null,
    ...rest,
    text: clipTelling(text),
    lines: lines.slice(0, LINES_SHOWN),
  };
}

/**
 * A text in one line of at most so many characters. Of a longer one the beginning, and what `telling` finds further on, or
 * else the end, which often says what failed.
 */
export function clipTelling(text: string, most = TEXT_MAX, telling?: RegExp): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= most) return line;
  const head = Math.ceil(most * HEAD_SHARE);
  const rest = most - head - 1;
  const found = telling?.exec(line)?.index;
  const at = found === undefined ? line.length : Math.min(found, line.indexOf(' ', found - LEAD) + 1);
  const from = Math.max(head, Math.min(at, line.length - rest));
  return `${between(line, 0, head)}${from === head ? '' : '…'}${between(line, from, from + rest)}${from + rest < line.length ? '…' : ''}`;
}

export function lastLines(lines: readonly string[]): string[] {
  return lines.filter((line) => line.trim() !== '').slice(-LINES_SHOWN);
}

export function linesAround(lines: readonly string[], at: number): string[] {
  return lines.slice(Math.max(0, at - 3), at + 3).filter((line) => line.trim() !== '');
}
