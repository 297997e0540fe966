import { describe, expect, it } from 'vitest';
import type { WatchRule } from '../../src/core/watch.ts';
import { house } from './house.ts';

describe('what is watched', () => {
  it('can be added and removed from chat; what the settings say is muted instead', () => {
    const at = house({ rules: [{ name: 'loss', when: 'above', value: 5, points: 2 }] });
    at.watches.add({ name: 'mine', when: 'nan' }, 'Ada');
    expect(at.watches.rules().map(({ rule, origin, by }) => [rule.name, origin, by])).toEqual([
      ['loss', 'settings', null],
      ['mine', 'chat', 'Ada'],
    ]);
    expect(() => at.watches.add({ name: 'loss', when: 'nan' }, 'Ada')).toThrow('already a watch named loss');
    expect(() => at.watches.remove('loss')).toThrow('is set in xaxbot.yaml');
    expect(() => at.watches.remove('mina')).toThrow('no watch "mina"');
    at.watches.remove('mine');
    expect(at.watches.rules()).toHaveLength(1);
  });
});

it('the sensible ones are watched by default, and one of the settings takes the place of its namesake', () => {
  const { watches } = house({ defaults: true, rules: [{ name: 'stalled', when: 'stalled', minutes: 5 }] });
  expect(watches.rules().map(({ rule, origin }) => `${rule.name} ${origin}`)).toEqual([
    'nan default',
    'diverged default',
    'slow default',
    'gpu-idle default',
    'gpu-taken default',
    'stalled settings',
  ]);
});

it('a rule is refused what says nothing to its condition', () => {
  const { watches } = house();
  const add = (rule: Omit<WatchRule, 'name'>) => () => watches.add({ name: 'x', ...rule }, 'Ada');
  expect(add({ when: 'stalled', value: 60 })).toThrow('value does not apply to stalled, which takes minutes');
  expect(add({ when: 'slow', value: 0.5 })).toThrow('a ratio above 1');
  expect(add({ when: 'above' })).toThrow('value is missing');
  expect(add({ when: 'gpu-idle', tag: 'a' })).toThrow('tag does not apply');
});

it('a default is tuned from chat, and holds again when that rule is removed', async () => {
  const at = house({ defaults: true });
  at.watches.add({ name: 'stalled', when: 'stalled', minutes: 60 }, 'Ada');
  expect(at.watches.rules().filter(({ rule }) => rule.name === 'stalled')).toMatchObject([
    { origin: 'chat', rule: { minutes: 60 } },
  ]);
  at.watches.remove('stalled');
  expect(at.watches.rules().filter(({ rule }) => rule.name === 'stalled')).toMatchObject([
    { origin: 'default' },
  ]);
});
