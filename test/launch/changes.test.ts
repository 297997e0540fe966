import { expect, it } from 'vitest';
import { changesFrom } from '../../src/launch/changes.ts';

it('what a launch changes is told as it was typed, but for numbers that are only spelt otherwise', () => {
  const options = {
    lr: { type: 'number', description: '' },
    seed: { type: 'integer', description: '' },
    tag: { type: 'text', description: '' },
  } as const;
  const from = { lr: '1e-2', seed: '1234567890123456789', tag: '1.10' };
  expect(changesFrom(from, { ...from, lr: '0.01' }, options)).toBe('');
  expect(changesFrom(from, { lr: '3e-3', seed: '1234567890123456788', tag: '1.1' }, options)).toBe(
    'lr 1e-2 -> 3e-3, seed 1234567890123456789 -> 1234567890123456788, tag 1.10 -> 1.1',
  );
  expect(changesFrom(from, { ...from, lr: '0.01' })).toBe('lr 1e-2 -> 0.01');
});
