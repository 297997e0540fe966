import { ADVICE } from './advice.ts';
import type { CauseKind } from './kinds.ts';
import { meaningOf } from './meaning-of.ts';
import { missingIn } from './missing.ts';

/** What the words of an exception, a crash or a last line come to. */
export interface WordsRead {
  /** `python_exception` where they mean nothing but themselves. */
  kind: CauseKind;
  advice: string | null;
  /** The module or file that is missing. */
  name: string | null;
  /** By which they were known: the part of them that tells most. */
  pattern: RegExp | undefined;
}

/** Words in any number of lines, of an exception of this type; of none where it is empty. */
export function readWords(type: string, text: string): WordsRead {
  const missing = missingIn(type, text);
  if (missing) {
    const { kind, name, advice = ADVICE[kind] ?? null } = missing;
    return { kind, name, advice, pattern: undefined };
  }
  const meaning = meaningOf(type, text);
  if (!meaning) return { kind: 'python_exception', advice: null, name: null, pattern: undefined };
  const { kind, pattern, advice = ADVICE[kind] ?? null } = meaning;
  return { kind, advice, name: null, pattern };
}

/** A kind's own words before those of the log. */
export function saidOf(kind: CauseKind, words: string): string {
  if (kind === 'out_of_memory_device') return `out of device memory: ${words}`;
  if (kind === 'out_of_memory_host') return `out of host memory: ${words}`;
  return kind === 'disk_full' ? `the disk is full: ${words}` : words;
}

/** How much a failed allocation asked for, in the log's own unit or, of bytes, in GiB; undefined where it is not told. */
export function sizeIn(text: string): string | undefined {
  const bytes = /(?:allocate|allocating)\D{0,20}?(\d{5,})(?: ?b(?:ytes)?)?\b/i.exec(text)?.[1];
  if (bytes !== undefined) return `${(Number(bytes) / 2 ** 30).toPrecision(3)} GiB`;
  return /allocat\D{0,40}?([\d.]+ ?[KMGT]i?B)/i.exec(text)?.[1] ?? /[\d.]+ ?[KMG]i?B/.exec(text)?.[0];
}
