import { expect, it } from 'vitest';
import { withoutFormulas } from '../../src/core/spreadsheet.ts';

it.each([
  ['-5', '-5'],
  ['1e-3', '1e-3'],
  ['=1+1', "'=1+1"],
  ['lr; =1+1', "lr;' =1+1"],
  ['what changed:\n-5 steps', "what changed:\n'-5 steps"],
  // With the quotation mark that closes the cell it is no number.
  ['what changed:\n-5', "what changed:\n'-5"],
  ['a-b = c', 'a-b = c'],
])('%j is %j to a spreadsheet', (text, harmless) => {
  expect(withoutFormulas(text)).toBe(harmless);
});
