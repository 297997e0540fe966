import { atOnce } from '../src/core/slices.ts';
import { type ParsedExperimentLog, parsingExperimentLog } from '../src/experiments/csv.ts';
import { cleanLine } from '../src/queue/clean-text.ts';

/** A log that is read in one piece. */
export function parseExperimentLog(text: string): ParsedExperimentLog {
  return atOnce(parsingExperimentLog([text]));
}

/** A piece of a job log, line by line as `cleanLine`; without the empty line after a last newline. */
export function cleanLines(text: string): string[] {
  const lines = text.split('\n').map(cleanLine);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
