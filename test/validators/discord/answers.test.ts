import { describe, expect, it } from 'vitest';
import { at, many, type Rule, x } from '../rule.ts';
import { MODALS } from './modal-rules.ts';
import { requestProblems } from './requests.ts';

const NONE = { uploads: new Map(), kept: new Map() };
const label = (component: object) => ({ type: 18, label: 'Name', component });
const input = (more: object = {}) => ({ type: 4, custom_id: 'i', style: 1, ...more });
const select = (more: object = {}) => ({
  type: 3,
  custom_id: 's',
  options: many(2, (index) => ({ label: 'x', value: `v${index}` })),
  ...more,
});
const modal = (...components: object[]) => ({
  type: 9,
  data: { custom_id: 'form', title: 'Form', components },
});

const ANSWERS: Rule[] = [
  ...MODALS.map(
    ([what, good, broken, where]): Rule => [what, { type: 9, data: good }, { type: 9, data: broken }, where],
  ),
  [
    'a value within its length',
    modal(label(input({ max_length: 3, value: 'abc' }))),
    modal(label(input({ max_length: 3, value: 'abcd' }))),
    'data.components.0.component',
  ],
  [
    'an answer where one is required',
    modal(label(select({ min_values: 0, required: false }))),
    modal(label(select({ min_values: 0 }))),
    'data.components.0.component',
  ],
  [
    'no disabled input',
    modal(label(select())),
    modal(label(select({ disabled: true }))),
    'data.components.0.component',
  ],
  [
    'nothing pressed',
    modal(label(input())),
    modal({ type: 1, components: [{ type: 2, style: 2, label: 'Go', custom_id: 'b' }] }),
    'data.components.0.type',
  ],
  [
    '25 choices',
    { type: 8, data: { choices: many(25, () => ({ name: 'x', value: 'x' })) } },
    { type: 8, data: { choices: many(26, () => ({ name: 'x', value: 'x' })) } },
    'data.choices',
  ],
  [
    'a choice of 100',
    { type: 8, data: { choices: [{ name: x(100), value: 'x' }] } },
    { type: 8, data: { choices: [{ name: 'x', value: x(101) }] } },
    'data.choices.0.value',
  ],
  [
    'a private deferral',
    { type: 5, data: { flags: 64 } },
    { type: 5, data: { flags: 1 << 15 } },
    'data.flags',
  ],
  ['a known kind', { type: 6 }, { type: 3 }, 'type'],
];

describe("Discord's validator of answers", () => {
  it.each(ANSWERS)('takes %s, and nothing else', (_what, good, broken, where) => {
    const answer = (body: object) =>
      requestProblems('POST', '/interactions/1/token/callback', { ...body }, NONE);
    expect(answer(good)).toEqual([]);
    expect(answer(broken)[0]).toMatch(at(where));
  });
});
