import { meaningOf } from './meaning-of.ts';

/** glog's and TensorFlow's marks of an error, and the levels of loggers. */
const IS_ERROR =
  /(?:^|[\s[|])(?:E\d{4} |E (?:external|tensorflow|xla)|ERROR|FATAL|CRITICAL)\b|^\W*(?:fatal )?error\b|\binternal error ?:|fail(?:ed)? to allocate|out of memory error/i;
const HARMLESS =
  /not a failure|\bWARN(ING)?\b|\bINFO\b|\bDEBUG\b|\bretry|\bretries\b|\bskipp|\bignor|Unable to register cu|\bW external/i;
/** Above a crash that says nothing of its own. */
const ABOVE = 15;

/** A level in one letter at a line's beginning, which small letters do not have. */
const IS_MARKED = /^E(?:\s|$)/;
/** Whether a line was written at a level of errors, whatever it says. */
export const isAtErrorLevel = (line: string): boolean => IS_ERROR.test(line) || IS_MARKED.test(line);
/** Whether a line was written as an error, and not as a note or a warning. */
export const isErrorLine = (line: string): boolean => isAtErrorLevel(line) && !isHarmless(line);
export const isHarmless = (line: string): boolean => HARMLESS.test(line);

/** The nearest error above a line whose words mean something; memory that ran out brings the others about. */
export function errorAbove(lines: readonly string[], at: number): string | undefined {
  const errors = lines
    .slice(Math.max(0, at - ABOVE), at)
    .flatMap((line) => (isErrorLine(line) ? [{ line: line.trim(), kind: meaningOf('', line)?.kind }] : []))
    .filter(({ kind }) => kind !== undefined);
  return (errors.find(({ kind }) => kind?.startsWith('out_of_memory')) ?? errors.at(-1))?.line;
}
