import { expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { CauseKind } from '../../src/diagnosis/kinds.ts';
import { cleanLines } from '../parsing.ts';

export const TRAIN = ['  File "/home/ada/proj/train.py", line 7, in main', '    step()'];
export const traceback = (words: string, frames: readonly string[] = TRAIN) => [
  'Traceback (most recent call last):',
  ...frames,
  ...words.split('\n'),
];
export const prefixed = (prefix: string, lines: readonly string[]) => lines.map((line) => `${prefix}${line}`);
export const steps = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `step ${from + index} loss 0.5`);
export const during = ['', 'During handling of the above exception, another exception occurred:', ''];
export const directly = ['', 'The above exception was the direct cause of the following exception:', ''];
export const library = (path: string, name = 'run') => [
  `  File "/opt/v/lib/python3.12/site-packages/${path}", line 3, in ${name}`,
  '    f()',
];

export interface Case {
  log: readonly string[];
  kind: CauseKind;
  text?: string;
  returnCode?: number;
  error?: string;
}

export function told({ log, returnCode = 1, error }: Case) {
  const said =
    error ??
    (returnCode < 0 ? `Terminated by signal ${-returnCode}` : `Exited with return code ${returnCode}`);
  return diagnose({ error: said, returnCode }, cleanLines(log.join('\n')));
}

export function holds(cases: Record<string, Case>): void {
  for (const [name, one] of Object.entries(cases))
    it(name, () => {
      const { kind, text } = told(one);
      expect({ kind, text }).toEqual({
        kind: one.kind,
        text: one.text === undefined ? text : expect.stringContaining(one.text),
      });
    });
}
