import { type Diagnosis, linesAround } from './diagnosis.ts';
import { ofWords } from './last-words.ts';

/** An exception in the words of what caught it, its type and its own words apart: TensorFlow's coordinator, structlog's JSON. */
const REPORTED: readonly RegExp[] = [
  /Error reported to Coordinator: (?:<class '(?:\w+\.)*(\w+)'>)?,? ?(.+)/,
  /"exc_type": ?"(\w+)", ?"exc_value": ?"((?:[^"\\]|\\.){0,500})"/,
];
/** How a queue of data ends, and what is stopped with others. */
const NO_CAUSE: readonly string[] = ['OutOfRangeError', 'StopIteration', 'CancelledError'];

/** The first exception that was reported so, for a log that shows no traceback of what ended the run. */
export function reported(lines: readonly string[]): Diagnosis | undefined {
  for (const [at, line] of lines.entries())
    for (const pattern of REPORTED) {
      const [, type = '', words] = pattern.exec(line) ?? [];
      if (words === undefined || NO_CAUSE.includes(type)) continue;
      return ofWords(type, type === '' ? words : `${type}: ${words}`, linesAround(lines, at));
    }
  return undefined;
}
