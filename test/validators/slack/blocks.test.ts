import { describe, expect, it } from 'vitest';
import { at, many, type Rule, x } from '../rule.ts';
import { callProblems } from './methods.ts';
import { actions, button, plain, rich, table, text, words } from './parts.ts';

const BLOCKS: Rule[] = [
  ['a type that is known', words(), { type: 'rich_txt' }, 'blocks.0.type'],
  ['no unknown field', { type: 'divider' }, { type: 'divider', color: 'red' }, 'blocks.0'],
  [
    'a header of 150',
    { type: 'header', text: plain(x(150)) },
    { type: 'header', text: plain(x(151)) },
    'blocks.0.text.text',
  ],
  [
    'a header in plain text',
    { type: 'header', text: plain('x') },
    { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
    'blocks.0.text.type',
  ],
  [
    'a header with words',
    { type: 'header', text: plain('x') },
    { type: 'header', text: plain('') },
    'blocks.0.text.text',
  ],
  ['a section with text', { type: 'section', text: plain(x(3000)) }, { type: 'section' }, 'blocks.0'],
  [
    'a section of 3000',
    { type: 'section', text: plain(x(3000)) },
    { type: 'section', text: plain(x(3001)) },
    'blocks.0.text.text',
  ],
  [
    'ten fields',
    { type: 'section', fields: many(10, () => plain('x')) },
    { type: 'section', fields: many(11, () => plain('x')) },
    'blocks.0.fields',
  ],
  [
    'ten of a context',
    { type: 'context', elements: many(10, () => plain('x')) },
    { type: 'context', elements: many(11, () => plain('x')) },
    'blocks.0.elements',
  ],
  [
    'a button of 75',
    actions(button(0, { text: plain(x(75)) })),
    actions(button(0, { text: plain(x(76)) })),
    'blocks.0.elements.0.text.text',
  ],
  [
    'a button value of 2000',
    actions(button(0, { value: x(2000) })),
    actions(button(0, { value: x(2001) })),
    'blocks.0.elements.0.value',
  ],
  [
    'a known style',
    actions(button(0, { style: 'danger' })),
    actions(button(0, { style: 'default' })),
    'blocks.0.elements.0.style',
  ],
  [
    '25 buttons',
    actions(...many(25, (index) => button(index))),
    actions(...many(26, (index) => button(index))),
    'blocks.0.elements',
  ],
  ['one action_id each', actions(button(0), button(1)), actions(button(0), button(0)), 'blocks.0'],
  [
    'an action_id of 255',
    actions(button(0, { action_id: x(255) })),
    actions(button(0, { action_id: x(256) })),
    'blocks.0.elements.0.action_id',
  ],
  [
    'an image with a source',
    { type: 'image', alt_text: 'x', slack_file: { id: 'F1' } },
    { type: 'image', alt_text: 'x' },
    'blocks.0',
  ],
  [
    'an image of one source',
    { type: 'image', alt_text: 'x', slack_file: { id: 'F1' } },
    { type: 'image', alt_text: 'x', slack_file: { id: 'F1', url: 'https://a.example/b' } },
    'blocks.0.slack_file',
  ],
  [
    'an alt text of 2000',
    { type: 'image', alt_text: x(2000), slack_file: { id: 'F1' } },
    { type: 'image', alt_text: x(2001), slack_file: { id: 'F1' } },
    'blocks.0.alt_text',
  ],
  ['rich text with words', words('x'), words(''), 'blocks.0.elements.0.elements.0.text'],
  ['rich text with elements', words('x'), rich(), 'blocks.0.elements.0.elements'],
  [
    'a link to the web',
    rich({ type: 'link', url: 'https://a.example', text: 'x' }),
    rich({ type: 'link', url: 'javascript:alert(1)', text: 'x' }),
    'blocks.0.elements.0.elements.0.url',
  ],
  [
    'a user id',
    rich({ type: 'user', user_id: 'U0ADA' }),
    rich({ type: 'user', user_id: 'ada' }),
    'blocks.0.elements.0.elements.0.user_id',
  ],
  [
    'a date that names a token',
    rich({ type: 'date', timestamp: 1, format: '{ago}' }),
    rich({ type: 'date', timestamp: 1, format: 'ago' }),
    'blocks.0.elements.0.elements.0.format',
  ],
  [
    'a whole timestamp',
    rich({ type: 'date', timestamp: 1, format: '{ago}' }),
    rich({ type: 'date', timestamp: 1.5, format: '{ago}' }),
    'blocks.0.elements.0.elements.0.timestamp',
  ],
  [
    'a known style of text',
    rich({ type: 'text', text: 'x', style: { bold: true } }),
    rich({ type: 'text', text: 'x', style: { loud: true } }),
    'blocks.0.elements.0.elements.0.style',
  ],
  [
    'only text in a block of code',
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'x' }] }],
    },
    {
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'emoji', name: 'x' }] }],
    },
    'blocks.0.elements.0.elements.0.type',
  ],
  ['a table of 100 rows', table(100, 1), table(101, 1), 'blocks.0.rows'],
  ['a table of 20 columns', table(2, 20), table(2, 21), 'blocks.0.rows.0'],
  ['a table of 10,000 characters', table(100, 20, 5), table(10, 10, 101), 'blocks.0'],
  ['rows of one width', table(2, 2), { type: 'table', rows: [[words()], [words(), words()]] }, 'blocks.0'],
  [
    'settings of its columns',
    table(2, 2, 1, { column_settings: [{ align: 'right', is_wrapped: true }] }),
    table(2, 2, 1, { column_settings: [{ align: 'end' }] }),
    'blocks.0.column_settings.0.align',
  ],
  [
    'settings of no more columns',
    table(2, 2, 1, { column_settings: [{}, {}] }),
    table(2, 2, 1, { column_settings: [{}, {}, {}] }),
    'blocks.0',
  ],
  ['no input in a message', words(), text(), 'blocks.0.type'],
  [
    'a block_id of 255',
    { type: 'divider', block_id: x(255) },
    { type: 'divider', block_id: x(256) },
    'blocks.0.block_id',
  ],
];

const slackPost = (...blocks: object[]) => ({ channel: 'C0QUEUE', text: 'x', blocks });

describe("Slack's validator of blocks", () => {
  it.each(BLOCKS)('takes %s, and nothing else', (_what, good, broken, where) => {
    expect(callProblems('chat.postMessage', slackPost(good))).toEqual([]);
    expect(callProblems('chat.postMessage', slackPost(broken))[0]).toMatch(at(where));
  });
});
