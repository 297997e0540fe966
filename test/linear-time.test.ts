import { expect, it } from 'vitest';
import { inLine } from '../adapters/terminal/screen.ts';
import { maskSecrets } from '../src/core/secrets.ts';
import { parsePythonJson } from '../src/experiments/python-text.ts';
import { parseMetricsLine } from '../src/metrics/metrics-line.ts';
import { cpuMs } from './helpers.ts';
import { cleanLines, parseExperimentLog } from './parsing.ts';

const SIZE = 100_000;
/** Far above what any takes on a slow machine, and far below what one does that looks at each place from every other. */
const MOST_MS = 250;
const many = (piece: string) => piece.repeat(SIZE / piece.length);

it.each<[what: string, read: (text: string) => unknown, text: string]>([
  ['names of columns', parseExperimentLog, `experiment_id,${many('a,b,')}\n`],
  ['quotes that double', parseExperimentLog, `experiment_id\n"${many('""')}x`],
  ['quotes that close nothing', parseExperimentLog, `experiment_id\n${many('"a')}x`],
  ['commas at the end of a line', parseExperimentLog, `experiment_id\nlr-1${many(',')}x`],
  ['a line written over and over', cleanLines, `x${many('\r')}x`],
  ['titles of a terminal without end', cleanLines, many('\u001b]0;')],
  ['blanks before the end of a line', cleanLines, `x${many(' ')}x`],
  ['numbers that are none', parsePythonJson, `{"a": [${many('NaN,')}NaN]}`],
  ['a text of what is no number', parsePythonJson, `{"a": "${many('\\"NaN')}"}`],
  ['a metric that is no number', parseMetricsLine, `{"a": NaN, "b": ${many('"')}}`],
  ['a line of metrics cut within a text', parseMetricsLine, `{"a": NaN, "b": ${many('\\"NaN')}`],
  ['blanks in a line of an error', inLine, `x${many(' ')}x`],
  ['references to secrets', maskSecrets, many('password=$x')],
])('reads %s in a time that grows with their number alone', (_what, read, text) => {
  const begin = cpuMs();
  try {
    read(text);
  } catch (error) {
    expect(error).toMatchObject({ name: expect.any(String) });
  }
  expect(cpuMs() - begin).toBeLessThan(MOST_MS);
});
