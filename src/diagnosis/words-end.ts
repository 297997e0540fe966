import { positionsOf } from './progress.ts';

/** An exception's own words may go on; more than this belongs to what follows. */
const LINES = 12;
/** Where the first line says that something follows, it may be long (TensorFlow's graph errors). */
const LINES_ANNOUNCED = 60;
/** Lines that stand after an exception and are not its words. */
const AFTERWORD =
  /^(-{5,}|={5,}|["']{3}|\+-|Exception (ignored|in thread|raised from)|During handling of|The above exception|The stack trace below|The preceding|(Original )?Traceback |For simplicity, JAX|--- Logging|Call stack:|wandb:|Fatal Python|terminate called|Process \w+-\d+|frame #\d|\[|ERROR\b|INFO\b|WARNING\b|CRITICAL\b|[EWIF]\d{4} |\d{4}-\d\d-\d\d[ T]|\d+%\|)/;
const ANNOUNCES = /(Graph execution error|raised|error_file.*|):$/;

/** How many of these lines, of which the first begins an exception's words, are its words. */
export function wordsEnd(lines: readonly string[]): number {
  let announced = ANNOUNCES.test(lines[0]!);
  const most = announced ? LINES_ANNOUNCED : LINES;
  let end = 1;
  while (end < lines.length && end < most && isOwn(lines[end]!, announced)) {
    announced ||= ANNOUNCES.test(lines[end]!.trimEnd());
    end += 1;
  }
  while (lines[end - 1] === '' && end > 1) end -= 1;
  return end;
}

function isOwn(line: string, announced: boolean): boolean {
  if (line === '') return announced;
  return !AFTERWORD.test(line.trim()) && (/^\s{2}/.test(line) || positionsOf(line).length === 0);
}
