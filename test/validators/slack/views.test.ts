import { describe, expect, it } from 'vitest';
import { at, many, type Rule, x } from '../rule.ts';
import { callProblems } from './methods.ts';
import { input, options, plain, table, text, words } from './parts.ts';

const view = (blocks: object[], more: object = {}) => ({
  trigger_id: '1',
  view: { type: 'modal', title: plain('x'), submit: plain('Go'), blocks, ...more },
});
const select = (count: number, more: object = {}) =>
  input({ type: 'static_select', options: options(count), ...more });
const VIEWS: Rule[] = [
  [
    'a title of 24',
    view([text()], { title: plain(x(24)) }),
    view([text()], { title: plain(x(25)) }),
    'view.title.text',
  ],
  ['a submit beside an input', view([text()]), view([text()], { submit: undefined }), 'view'],
  ['100 blocks', view(many(100, () => words())), view(many(101, () => words())), 'view.blocks'],
  [
    'metadata of 3000',
    view([text()], { private_metadata: x(3000) }),
    view([text()], { private_metadata: x(3001) }),
    'view.private_metadata',
  ],
  [
    'a callback_id of 255',
    view([text()], { callback_id: x(255) }),
    view([text()], { callback_id: x(256) }),
    'view.callback_id',
  ],
  [
    'one block_id an input',
    view([text(), input({ type: 'plain_text_input' }, { block_id: 'b' })]),
    view([text(), text()]),
    'view.blocks',
  ],
  ['100 options', view([select(100)]), view([select(101)]), 'view.blocks.0.element.options'],
  ['an option at least', view([select(1)]), view([select(0)]), 'view.blocks.0.element.options'],
  [
    'an initial option of them',
    view([select(2, { initial_option: options(1)[0] })]),
    view([select(2, { initial_option: { text: plain('y'), value: 'y' } })]),
    'view.blocks.0.element',
  ],
  [
    'an input of 3000',
    view([text({ max_length: 3000 })]),
    view([text({ max_length: 3001 })]),
    'view.blocks.0.element.max_length',
  ],
  [
    'a value within its length',
    view([text({ max_length: 3, initial_value: 'xxx' })]),
    view([text({ max_length: 3, initial_value: 'xxxx' })]),
    'view.blocks.0.element',
  ],
  ['no table', view([words()]), view([table(1, 1)]), 'view.blocks.0.type'],
  [
    'one focus',
    view([text({ focus_on_load: true })]),
    view([
      text({ focus_on_load: true }),
      input({ type: 'plain_text_input', focus_on_load: true }, { block_id: 'b' }),
    ]),
    'view.blocks',
  ],
];

describe("Slack's validator of views", () => {
  it.each(VIEWS)('takes %s, and nothing else', (_what, good, broken, where) => {
    expect(callProblems('views.open', good)).toEqual([]);
    expect(callProblems('views.open', broken)[0]).toMatch(at(where));
  });
});
