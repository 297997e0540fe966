import { expect, it } from 'vitest';
import { cellText } from '../../src/core/cell-text.ts';

const CAUSE =
  'out of device memory: 16.0 GiB could not be allocated (train.py:118 in train_step): JaxRuntimeError';

it('a cell ends with a whole word, on one line', () => {
  expect(cellText(CAUSE)).toBe('out of device memory: 16.0 GiB could not be allocated (train.py:118 in…');
  expect(cellText('first line\n  second')).toBe('first line second');
  expect(cellText(`${'word '.repeat(15)}last!`)).toHaveLength(80);
});

it('a word that is longer than the end of a cell is cut', () => {
  expect(cellText('x'.repeat(100))).toBe(`${'x'.repeat(79)}…`);
  expect(cellText(`a ${'x'.repeat(100)}`)).toHaveLength(80);
});
