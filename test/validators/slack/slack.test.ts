import { describe, expect, it } from 'vitest';
import { problemsOf } from '../problems.ts';
import { callProblems, responseProblems } from './methods.ts';
import { submissionAnswer, suggestionAnswer } from './views.ts';

type Json = Record<string, unknown>;

const x = (length: number) => 'x'.repeat(length);
const many = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, index) => make(index));

/** A payload that is taken, one that is not, and where its first problem is. */
type Rule = [what: string, good: Json, broken: Json, where: string];

const plain = (text: string) => ({ type: 'plain_text', text });
const rich = (...elements: object[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const words = (text = 'x') => rich({ type: 'text', text });
const button = (index = 0, more: object = {}) => ({
  type: 'button',
  text: plain('Go'),
  action_id: `a${index}`,
  value: '1',
  ...more,
});
const table = (rows: number, columns: number, length = 1, more: object = {}) => ({
  type: 'table',
  rows: many(rows, () => many(columns, () => words(x(length)))),
  ...more,
});
const options = (count: number) => many(count, (index) => ({ text: plain('x'), value: `v${index}` }));
const input = (element: object, more: object = {}) => ({
  type: 'input',
  block_id: 'name',
  label: plain('Name'),
  element: { action_id: 'input', ...element },
  ...more,
});
const text = (more: object = {}) => input({ type: 'plain_text_input', ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });

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

const CALLS: [method: string, ...rule: Rule][] = [
  ...BLOCKS.map(([what, good, broken, where]): [string, ...Rule] => [
    'chat.postMessage',
    what,
    slackPost(good),
    slackPost(broken),
    where,
  ]),
  [
    'chat.postMessage',
    '50 blocks',
    slackPost(...many(50, () => words())),
    slackPost(...many(51, () => words())),
    'blocks',
  ],
  [
    'chat.postMessage',
    'one block_id each',
    slackPost({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'b' }),
    slackPost({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' }),
    'blocks',
  ],
  ['chat.postMessage', 'one table', slackPost(table(1, 1)), slackPost(table(1, 1), table(1, 1)), 'blocks'],
  [
    'chat.postMessage',
    'blocks of 13,200',
    slackPost(words(x(13_000))),
    slackPost(words(x(13_200))),
    'blocks',
  ],
  [
    'chat.postMessage',
    'a text for notifications',
    slackPost(words()),
    { channel: 'C1', blocks: [words()] },
    'text',
  ],
  [
    'chat.postMessage',
    'no unknown argument',
    slackPost(words()),
    { ...slackPost(words()), as_user: true },
    '(whole)',
  ],
  [
    'chat.postMessage',
    'a thread by its ts',
    { channel: 'C1', text: 'x', thread_ts: '1.2' },
    { channel: 'C1', text: 'x', thread_ts: '1' },
    'thread_ts',
  ],
  [
    'chat.postMessage',
    'a broadcast from a thread',
    { channel: 'C1', text: 'x', thread_ts: '1.2', reply_broadcast: true },
    { channel: 'C1', text: 'x', reply_broadcast: true },
    '(whole)',
  ],
  [
    'chat.postMessage',
    'metadata of 4000 bytes',
    { channel: 'C1', text: 'x', metadata: { event_type: 'a', event_payload: { key: x(3000) } } },
    { channel: 'C1', text: 'x', metadata: { event_type: 'a', event_payload: { key: x(4000) } } },
    'metadata',
  ],
  [
    'chat.update',
    'a text of 4000',
    { channel: 'C1', ts: '1.2', text: x(4000) },
    { channel: 'C1', ts: '1.2', text: x(4001) },
    'text',
  ],
  [
    'chat.update',
    "a conversation's id",
    { channel: 'D1', ts: '1.2', text: 'x' },
    { channel: 'U1', ts: '1.2', text: 'x' },
    'channel',
  ],
  [
    'chat.postEphemeral',
    'no unfurling',
    { channel: 'C1', user: 'U1', text: 'x' },
    { channel: 'C1', user: 'U1', text: 'x', unfurl_links: false },
    '(whole)',
  ],
  [
    'conversations.replies',
    'pages of 999',
    { channel: 'C1', ts: '1.2', limit: '999' },
    { channel: 'C1', ts: '1.2', limit: '1000' },
    'limit',
  ],
  [
    'files.completeUploadExternal',
    'a channel for its thread',
    { files: [{ id: 'F1' }], channel_id: 'C1', thread_ts: '1.2' },
    { files: [{ id: 'F1' }], thread_ts: '1.2' },
    '(whole)',
  ],
  [
    'files.getUploadURLExternal',
    'some bytes',
    { filename: 'a', length: '1' },
    { filename: 'a', length: '0' },
    'length',
  ],
  ['users.info', 'a method that is known', { user: 'U1' }, { user: 'ada' }, 'user'],
];

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

describe("Slack's validator", () => {
  it.each([...CALLS, ...VIEWS.map((rule): [string, ...Rule] => ['views.open', ...rule])])(
    '%s: %s',
    (method, _what, good, broken, where) => {
      expect(callProblems(method, good)).toEqual([]);
      expect(callProblems(method, broken)[0]).toMatch(
        new RegExp(`^${where.replaceAll('.', '\\.').replaceAll(/[()]/g, '\\$&')}: `),
      );
    },
  );

  it('knows no other method', () => {
    expect(callProblems('chat.scheduleMessage', {})).toEqual([
      '(whole): no schema of chat.scheduleMessage in test/validators/slack',
    ]);
  });

  it('looks at what is answered through a response_url, to a form and to a search', () => {
    expect(responseProblems({ text: 'x', thread_ts: '1.2', response_type: 'ephemeral' })).toEqual([]);
    expect(responseProblems({ delete_original: true })).toEqual([]);
    expect(responseProblems({ blocks: [words()] })).toHaveLength(1);
    expect(responseProblems({ text: 'x', metadata: {} })).toHaveLength(1);
    const errors = (named: Json) =>
      problemsOf(submissionAnswer(['name']), { response_action: 'errors', errors: named });
    expect(errors({ name: 'too long' })).toEqual([]);
    expect(errors({ other: 'too long' })).toEqual(['errors: an error of no input']);
    expect(errors({})).toEqual(['errors: no errors']);
    expect(problemsOf(submissionAnswer([]), {})).toEqual([]);
    expect(problemsOf(submissionAnswer([]), { response_action: 'close' })).toHaveLength(1);
    expect(problemsOf(suggestionAnswer, { options: options(100) })).toEqual([]);
    expect(problemsOf(suggestionAnswer, { options: options(101) })).toHaveLength(1);
  });
});
