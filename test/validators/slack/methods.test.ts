import { describe, expect, it } from 'vitest';
import { problemsOf } from '../problems.ts';
import { at, type Json, many, type Rule, x } from '../rule.ts';
import { callProblems, responseProblems } from './methods.ts';
import { options, table, words } from './parts.ts';
import { submissionAnswer, suggestionAnswer } from './views.ts';

const slackPost = (...blocks: object[]) => ({ channel: 'C0QUEUE', text: 'x', blocks });

const CALLS: [method: string, ...rule: Rule][] = [
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

describe("Slack's validator of calls", () => {
  it.each(CALLS)('%s takes %s, and nothing else', (method, _what, good, broken, where) => {
    expect(callProblems(method, good)).toEqual([]);
    expect(callProblems(method, broken)[0]).toMatch(at(where));
  });

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
