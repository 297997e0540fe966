import { createRequire } from 'node:module';
import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../helpers.ts';
import { type SlackServer, startSlackServer } from './slack/index.ts';
import { seen } from './slack/seen.ts';

const { SocketModeReceiver } = createRequire(import.meta.url)('@slack/bolt') as typeof import('@slack/bolt');

type Json = Record<string, unknown>;

const text = (value: string) => ({ type: 'plain_text', text: value });
const button = (value: string, id = 'a') => ({ type: 'button', action_id: id, text: text(value) });
const many = (count: number, block: Json = { type: 'divider' }) => Array.from({ length: count }, () => block);

describe("the test's Slack", () => {
  let slack: SlackServer;
  let web: WebClient;
  let channel: string;
  const call = async (method: string, args: Json = {}): Promise<Json> =>
    (await web
      .apiCall(method, args)
      .catch((error: { data?: Json }) => error.data ?? { error: String(error) })) as Json;
  const posted = async (args: Json) => call('chat.postMessage', { channel, text: 'x', ...args });

  beforeEach(async () => {
    slack = await startSlackServer({
      strict: false,
      users: [
        { id: 'U0ADA', name: 'Ada' },
        { id: 'U0GUS', name: 'Gus', kind: 'guest' },
        { id: 'U0EVE', name: 'Eve', kind: 'external' },
      ],
    });
    web = new WebClient(slack.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
    channel = slack.channels.queue!;
  });
  afterEach(() => slack.stop());

  it('knows its tokens, and what each is for', async () => {
    expect(await call('auth.test')).toMatchObject({
      ok: true,
      user_id: slack.botUserId,
      bot_id: slack.botId,
    });
    expect(await call('auth.test', { token: 'xoxb-other' })).toMatchObject({ error: 'invalid_auth' });
    expect(await call('apps.connections.open')).toMatchObject({ error: 'not_allowed_token_type' });
    slack.revoke();
    expect(await call('auth.test')).toMatchObject({ error: 'token_revoked' });
  });

  it('refuses a method without its scope, and says which is needed', async () => {
    slack.setScopes(['commands']);
    expect(await posted({})).toMatchObject({ error: 'missing_scope', needed: 'chat:write' });
  });

  it.each([
    ['51 blocks', many(51)],
    ['a header of 151 characters', [{ type: 'header', text: text('x'.repeat(151)) }]],
    ['a section without text', [{ type: 'section' }]],
    ['a section of 3001 characters', [{ type: 'section', text: text('x'.repeat(3001)) }]],
    ['eleven fields', [{ type: 'section', fields: many(11, text('x')) }]],
    [
      '26 buttons',
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, index) => button('x', `a${index}`)) }],
    ],
    ['two buttons of one id', [{ type: 'actions', elements: [button('x'), button('y')] }]],
    ['a button of 76 characters', [{ type: 'actions', elements: [button('x'.repeat(76))] }]],
    ['an image without a picture', [{ type: 'image', alt_text: 'x' }]],
    ['an unknown file', [{ type: 'image', alt_text: 'x', slack_file: { id: 'F0' } }]],
    [
      'rich text of nothing',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] }],
    ],
    ['an input in a message', [{ type: 'input', label: text('x'), element: { type: 'plain_text_input' } }]],
    ['an unknown block', [{ type: 'poem' }]],
    ['a table of 101 rows', [{ type: 'table', rows: many(101, [{ type: 'raw_text', text: 'x' }] as never) }]],
  ])('refuses %s', async (_what, blocks) => {
    expect(await posted({ blocks })).toMatchObject({ ok: false, error: 'invalid_blocks' });
  });

  it('refuses two tables, too much of everything, and nothing at all', async () => {
    const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] };
    expect(await posted({ blocks: [table, table] })).toMatchObject({ error: 'only_one_table_allowed' });
    const long = { type: 'section', text: text('x'.repeat(2900)) };
    expect(await posted({ blocks: many(5, long) })).toMatchObject({ error: 'msg_blocks_too_long' });
    expect(await posted({ text: '' })).toMatchObject({ error: 'no_text' });
    const metadata = { event_type: 'x', event_payload: { key: 'x'.repeat(4000) } };
    expect(await posted({ metadata })).toMatchObject({ error: 'metadata_too_large' });
  });

  it('lets only what is ours be edited, with its blocks or without', async () => {
    const { ts } = await posted({ blocks: [{ type: 'divider' }] });
    await call('chat.update', { channel, ts, text: 'only text' });
    expect((await slack.find(channel, String(ts)))!.blocks ?? []).toEqual([]);
    const theirs = await slack.say('U0ADA', channel, 'mine');
    expect(await call('chat.update', { channel, ts: theirs, text: 'x' })).toMatchObject({
      error: 'cant_update_message',
    });
    expect(await call('chat.update', { channel, ts: '1.1', text: 'x' })).toMatchObject({
      error: 'message_not_found',
    });
    expect(await call('chat.update', { channel, ts, text: 'x'.repeat(4001) })).toMatchObject({
      error: 'msg_too_long',
    });
    slack.freezeEdits();
    expect(await call('chat.update', { channel, ts, text: 'x' })).toMatchObject({
      error: 'edit_window_closed',
    });
  });

  it('has channels that the bot is not in, archived ones, and none of that name', async () => {
    expect(await posted({ channel: slack.channels.elsewhere })).toMatchObject({ error: 'not_in_channel' });
    expect(await posted({ channel: 'C0NONE' })).toMatchObject({ error: 'channel_not_found' });
    slack.archive(channel);
    expect(await posted({})).toMatchObject({ error: 'is_archived' });
    slack.unarchive(channel);
    expect(await posted({ thread_ts: '1.1' })).toMatchObject({ error: 'thread_not_found' });
  });

  it('shows metadata to whoever asks for it, and what stands in threads apart', async () => {
    const metadata = { event_type: 'x', event_payload: { key: 'k' } };
    const { ts } = await posted({ metadata });
    await posted({ thread_ts: ts, reply_broadcast: true });
    const history = async (args: Json) =>
      ((await call('conversations.history', { channel, ...args })).messages as Json[])[0]!;
    expect(await history({})).not.toHaveProperty('metadata');
    expect(await history({ include_all_metadata: true })).toMatchObject({ metadata, bot_id: slack.botId });
    expect(await slack.replies(channel, String(ts))).toMatchObject([{ reply_broadcast: true }]);
    expect(await slack.timeline(channel)).toHaveLength(1);
  });

  it('takes an upload in three steps, and shows it when it was looked at', async () => {
    const { upload_url, file_id } = await call('files.getUploadURLExternal', {
      filename: 'a.png',
      length: 3,
    });
    const image = [{ type: 'image', alt_text: 'x', slack_file: { id: file_id } }];
    expect(await call('files.completeUploadExternal', { files: [{ id: file_id }] })).toMatchObject({
      error: 'file_not_found',
    });
    await fetch(String(upload_url), { method: 'POST', body: 'png' });
    await call('files.completeUploadExternal', { files: [{ id: file_id }] });
    expect(await posted({ blocks: image })).toMatchObject({ error: 'invalid_blocks' });
    expect(await call('files.info', { file: file_id })).toMatchObject({ file: { mimetype: '' } });
    expect(await call('files.info', { file: file_id })).toMatchObject({ file: { mimetype: 'image/png' } });
    expect(await posted({ blocks: image })).toMatchObject({ ok: true });
    await call('files.delete', { file: file_id });
    expect(await posted({ blocks: image })).toMatchObject({ error: 'invalid_blocks' });
  });

  it('says who is a guest, and who is of another workspace', async () => {
    expect(await call('users.info', { user: 'U0GUS' })).toMatchObject({ user: { is_restricted: true } });
    expect(await call('users.info', { user: 'U0EVE' })).toMatchObject({
      user: { is_stranger: true, team_id: 'T0OTHER' },
    });
  });

  it('opens a view once for a trigger, if it is one that Slack takes', async () => {
    const view = { type: 'modal', title: text('x'.repeat(25)), blocks: [] };
    expect(await call('views.open', { trigger_id: 'none', view })).toMatchObject({
      error: 'invalid_arguments',
    });
    expect(
      await call('views.open', { trigger_id: 'none', view: { ...view, title: text('x') } }),
    ).toMatchObject({ error: 'exchanged_trigger_id' });
    const home = { type: 'home', blocks: many(101) };
    expect(await call('views.publish', { user_id: 'U0ADA', view: home })).toMatchObject({
      error: 'invalid_arguments',
    });
  });

  it('fails as told: late, not at all, without an answer, limited, or altogether', async () => {
    slack.fault('chat.postMessage', { drop: 'before' });
    expect(String((await posted({})).error)).toMatch(/failed|request/i);
    slack.fault('chat.postMessage', { drop: 'after' });
    await posted({ text: 'done' });
    expect((await slack.timeline(channel)).map((message) => message.text)).toEqual(['done']);
    slack.fault('chat.postMessage', { status: 429, retryAfterSeconds: 7 });
    await expect(web.chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject({ retryAfter: 7 });
    slack.fault('chat.postMessage', { status: 500 });
    await expect(web.chat.postMessage({ channel, text: 'x' })).rejects.toMatchObject({ statusCode: 500 });
    slack.down();
    await expect(web.chat.postMessage({ channel, text: 'x' })).rejects.toThrow();
    slack.up();
    expect(await posted({})).toMatchObject({ ok: true });
  });

  describe('over a socket', () => {
    const received: Json[] = [];
    let receivers: InstanceType<typeof SocketModeReceiver>[];
    async function open() {
      const receiver = new SocketModeReceiver({
        appToken: slack.appToken,
        autoReconnectEnabled: false,
        installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
        logger: {
          debug() {},
          info() {},
          warn() {},
          error() {},
          setLevel() {},
          getLevel: () => 'error',
          setName() {},
        } as never,
      });
      receiver.init({
        processEvent: async ({ body, ack }: { body: Json; ack: (answer?: unknown) => Promise<void> }) => {
          received.push(body);
          await ack({ text: 'ack' });
        },
      } as never);
      await receiver.start();
      receivers.push(receiver);
    }
    beforeEach(() => {
      received.length = 0;
      receivers = [];
    });
    afterEach(() => Promise.all(receivers.map((receiver) => receiver.stop())));

    it('gives a payload to one connection, and hears how soon it was acknowledged', async () => {
      await open();
      await open();
      const { ackMs, payload } = await slack.command('U0ADA', channel, 'status');
      expect(ackMs).toBeLessThan(3_000);
      expect(payload).toEqual({ text: 'ack' });
      expect(received).toMatchObject([{ command: '/xax', text: 'status', user_id: 'U0ADA' }]);
    });

    it('tells a mention as a mention and as a message', async () => {
      await open();
      await slack.mention('U0ADA', channel, 'status');
      expect(received.map(({ event }) => (event as Json).type)).toEqual(['app_mention', 'message']);
      const [first, second] = received.map(({ event }) => (event as Json).ts);
      expect(first).toBe(second);
    });

    it('asks a connection to renew itself, and counts those of others', async () => {
      await open();
      slack.sockets.refresh();
      await eventually('it has gone', () => slack.sockets.count() === 0);
      expect((await slack.command('U0ADA', channel, 'x')).ackMs).toBeUndefined();
    });

    it('answers a response_url five times', async () => {
      await open();
      await slack.command('U0ADA', channel, 'x');
      const url = String(received[0]!.response_url);
      const answers = [];
      for (let use = 0; use < 6; use += 1)
        answers.push((await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'x' }) })).status);
      expect(answers).toEqual([200, 200, 200, 200, 200, 404]);
      expect(slack.ephemerals).toHaveLength(5);
    });
  });

  it('sees whom a message tells, what can be clicked, and what is drawn otherwise than typed', () => {
    expect(seen({ text: 'hi <@U1> <!channel> <https://x.example|x> *b*' })).toMatchObject({
      notified: ['@U1', '!channel'],
      links: ['https://x.example'],
      formatting: ['*b*'],
    });
    expect(seen({ text: '&lt;!channel&gt; @here' })).toMatchObject({ notified: [], links: [] });
    expect(seen({ text: '@here', link_names: true })).toMatchObject({ notified: ['@here'] });
    const section = {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: '<!channel> *b*' },
        { type: 'user', user_id: 'U1' },
      ],
    };
    expect(seen({ blocks: [{ type: 'rich_text', elements: [section] }] })).toMatchObject({
      notified: ['@U1'],
      formatting: [],
    });
  });
});
