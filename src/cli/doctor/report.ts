import { inLine } from '../../../adapters/terminal/screen.ts';
import { counted } from '../../core/counted.ts';
import type { Finding } from '../../core/finding.ts';

const WORDS: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok',
  warning: 'warning',
  failure: 'FAILURE',
};
const STATE_COLUMNS = 8;

/** What was found as lines: how each thing is, what it is, and what mends it. */
export function report(found: readonly Finding[]): string[] {
  const columns = Math.max(...found.map(({ name }) => name.length)) + 1;
  const indent = ' '.repeat(STATE_COLUMNS + columns);
  const count = (state: Finding['state']) => found.filter((each) => each.state === state).length;
  return [
    ...found.flatMap(({ name, state, detail, mend }) => {
      const [first = '', ...more] = detail.split('\n');
      return [
        `${WORDS[state].padEnd(STATE_COLUMNS)}${inLine(name).padEnd(columns)}${inLine(first)}`,
        ...more.map((line) => `${indent}${inLine(line)}`),
        ...(mend === undefined || state === 'ok' ? [] : [`${indent}mend: ${inLine(mend)}`]),
      ];
    }),
    '',
    summary(count('failure'), count('warning')),
  ];
}

function summary(failures: number, warnings: number): string {
  if (failures + warnings === 0) return 'Everything is as it should be.';
  return [
    ...(failures > 0 ? [counted(failures, 'failure')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(', ');
}
