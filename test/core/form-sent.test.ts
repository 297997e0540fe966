import { expect, it } from 'vitest';
import { COMMANDS } from '../../commands/index.ts';
import { filledIn, readSent, SHOWN, sentWith, shownText } from '../../src/core/form-sent.ts';

const optionsOf = (name: string) => COMMANDS.find((each) => each.name === name)!.options;
const read = (name: string, shown: Record<string, string>, given: Record<string, string>) => {
  const { named, assignments } = readSent(optionsOf(name), { ...given, [SHOWN]: shownText(shown) });
  return { named: { ...named }, assignments: { ...assignments } };
};

it('what nobody changed is not asked for, however a platform ends its lines, and what was emptied is cleared', () => {
  const shown = { hypothesis: 'two\nlines ', next: 'longer', owner: 'Ada' };
  expect(
    read('experiment', shown, { hypothesis: 'two\r\nlines', next: '', owner: 'Bob', tag: '', note: 'odd' }),
  ).toEqual({ named: { next: '', owner: 'Bob', note: 'odd' }, assignments: {} });
});

it('an empty field that was empty, and one that was not asked for, change nothing', () => {
  expect(read('experiment', { next: 'longer' }, { hypothesis: '' })).toEqual({ named: {}, assignments: {} });
});

it('settings have fields of their own: unchanged they hold, emptied they are given so, to be refused', () => {
  const shown = { 'settings.lr': '0.01', 'settings.optim.beta': '0.9' };
  expect(
    read('queue', shown, {
      preset: 'toy',
      'settings.lr': '0.01',
      'settings.optim.beta': '',
      'settings.seed': '',
      'settings.name': 'a "b" c',
    }),
  ).toEqual({ named: { preset: 'toy' }, assignments: { 'optim.beta': '', name: 'a "b" c' } });
});

it('what must be given, or goes with another option, is sent as it stood', () => {
  const shown = { verdict: 'confirmed', result: 'smoother', next: 'longer' };
  expect(read('verdict', shown, { verdict: 'refuted', result: 'smoother', next: 'longer' }).named).toEqual({
    verdict: 'refuted',
    result: 'smoother',
  });
  expect(read('verdict', shown, { verdict: 'confirmed', result: '', next: 'longer' }).named).toEqual({
    verdict: 'confirmed',
  });
});

it('a form sends no empty field where nothing stood, and knows what somebody filled in', () => {
  const fixed = { job: '7', [SHOWN]: shownText({ next: 'longer', result: 'fine' }) };
  const sent = sentWith(fixed, { next: '', result: 'fine', text: '', note: 'odd' });
  expect(sent).toEqual({ ...fixed, next: '', result: 'fine', note: 'odd' });
  expect(filledIn(sent)).toEqual({ job: '7', note: 'odd' });
});

it('no text in place of what stood there breaks anything', () => {
  for (const text of ['', 'x', 'null', '[]', '{"next":7}', '{"__proto__":1}'])
    expect({ ...readSent(optionsOf('experiment'), { [SHOWN]: text, next: 'a' }).named }).toEqual({
      next: 'a',
    });
});
