import { commonMargin } from './margin.ts';

/** More of a line tells nothing, and costs. */
const LINE_MAX = 2_000;
/** So many characters of a log's end are read, whole lines: 2,000 ordinary lines are a third of it. */
const TEXT_MAX = 512 * 1024;
/** What xax writes at the head of each run of a job (cli/queue.py of 0.4.9); a job that ran before has more in its log. */
const RUN_BEGINS = /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] starting \S+ \(python=/;
/** A traceback that a logger wrote into one line, as JSON does. */
const ESCAPED = /Traceback \(most recent call last\):\\n/;
/** Of them the last are read. */
const ESCAPED_READ = 10;

/** The lines of a job's last run, of bounded length, without what stands before all of them, none of which stands for several. */
export function runLines(log: readonly string[]): string[] {
  const lines = lastOf(log.map((line) => line.slice(0, LINE_MAX).trimEnd()));
  const margin = commonMargin(lines);
  const own = lines.map((line) => margin.strip(line) ?? line);
  const begins = own.findLastIndex((line) => RUN_BEGINS.test(line));
  const run = own.slice(begins + 1);
  const escaped = run.flatMap((line, at) => (ESCAPED.test(line) ? [at] : [])).slice(-ESCAPED_READ);
  return escaped.length === 0
    ? run
    : run.flatMap((line, at) => (escaped.includes(at) ? unescaped(line) : [line]));
}

function lastOf(lines: readonly string[]): string[] {
  let left = TEXT_MAX;
  const from = lines.findLastIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return lines.slice(from + 1);
}

function unescaped(line: string): string[] {
  const [first, ...rest] = line.split('\\n').map((part) => part.replaceAll('\\"', '"'));
  return [first!, ...rest.map((part) => part.replace(/", ?"\w+": ?.*$|"\}+$/, ''))];
}
