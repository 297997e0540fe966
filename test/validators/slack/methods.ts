import { z } from 'zod';
import { problemsOf } from '../problems.ts';
import { messageBlocks } from './blocks.ts';
import { home, modal } from './views.ts';

/** Arguments of the Web API's methods (@slack/web-api 8.2.0, docs.slack.dev), and the body of a response_url. */
const TEXT_MAX = 40_000;
const UPDATE_TEXT_MAX = 4000;
const METADATA_BYTES_MAX = 4000;
const PAGE_MAX = 999;

const ts = z.string().regex(/^\d+\.\d+$/, 'no ts');
const channel = z.string().regex(/^\w+$/, 'no conversation');
const user = z.string().regex(/^[UW][A-Z0-9]+$/, 'no user id');
const flag = z.boolean().optional();
/** Forms carry numbers as text. */
const count = z.coerce.number().int().min(1);

const metadata = z
  .strictObject({ event_type: z.string().min(1).max(255), event_payload: z.record(z.string(), z.unknown()) })
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= METADATA_BYTES_MAX, 'metadata_too_large')
  .optional();
const parse = z.enum(['none', 'full', 'client']).optional();
const content = {
  text: z.string().min(1).max(TEXT_MAX),
  blocks: messageBlocks.optional(),
  parse,
  link_names: flag,
};

const postMessage = z
  .strictObject({
    channel,
    ...content,
    thread_ts: ts.optional(),
    reply_broadcast: flag,
    metadata,
    unfurl_links: flag,
    unfurl_media: flag,
    mrkdwn: flag,
  })
  .refine(
    ({ reply_broadcast, thread_ts }) => !reply_broadcast || thread_ts !== undefined,
    'reply_broadcast outside a thread',
  );

const page = {
  channel,
  cursor: z.string().min(1).optional(),
  inclusive: flag,
  latest: z.string().optional(),
  oldest: z.string().optional(),
  limit: count.max(PAGE_MAX).optional(),
  include_all_metadata: flag,
};

const METHODS: Readonly<Record<string, z.ZodType>> = {
  'auth.test': z.strictObject({}),
  'apps.connections.open': z.strictObject({}),
  'chat.postMessage': postMessage,
  'chat.postEphemeral': z.strictObject({ channel, user, ...content, thread_ts: ts.optional() }),
  'chat.update': z.strictObject({
    channel: z.string().regex(/^[CDG][A-Z0-9]+$/, 'edits take the id of a conversation'),
    ts,
    ...content,
    text: z.string().min(1).max(UPDATE_TEXT_MAX),
    metadata,
    reply_broadcast: flag,
    file_ids: z.array(z.string()).optional(),
  }),
  'chat.delete': z.strictObject({ channel, ts }),
  'chat.getPermalink': z.strictObject({ channel, message_ts: ts }),
  'conversations.open': z.strictObject({ users: user, return_im: flag }),
  'conversations.info': z.strictObject({ channel, include_num_members: flag, include_locale: flag }),
  'conversations.history': z.strictObject(page),
  'conversations.replies': z.strictObject({ ...page, ts }),
  'usergroups.users.list': z.strictObject({
    usergroup: z.string().regex(/^S[A-Z0-9]{2,}$/),
    include_disabled: flag,
    team_id: z.string().optional(),
  }),
  'users.info': z.strictObject({ user, include_locale: flag }),
  'views.open': z.strictObject({ trigger_id: z.string().min(1), view: modal }),
  'views.update': z.strictObject({ view_id: z.string().min(1), view: modal, hash: z.string().optional() }),
  'views.publish': z.strictObject({ user_id: user, view: home, hash: z.string().optional() }),
  'files.getUploadURLExternal': z.strictObject({
    filename: z.string().min(1),
    length: count,
    alt_txt: z.string().max(1000).optional(),
    snippet_type: z.string().optional(),
  }),
  'files.completeUploadExternal': z
    .strictObject({
      files: z.array(z.strictObject({ id: z.string().min(1), title: z.string().optional() })).min(1),
      channel_id: channel.optional(),
      thread_ts: ts.optional(),
      initial_comment: z.string().optional(),
    })
    .refine(
      ({ channel_id, thread_ts }) => thread_ts === undefined || channel_id !== undefined,
      'thread_ts without a channel',
    ),
  'files.info': z.strictObject({ file: z.string().min(1) }),
  'files.delete': z.strictObject({ file: z.string().min(1) }),
};

/** What is wrong with a call; a method without a schema here is wrong too, until it has one. */
export function callProblems(method: string, args: unknown): string[] {
  const schema = METHODS[method];
  return schema ? problemsOf(schema, args) : [`(whole): no schema of ${method} in test/validators/slack`];
}

const respond = z
  .strictObject({
    ...content,
    text: content.text.optional(),
    response_type: z.enum(['ephemeral', 'in_channel']).optional(),
    replace_original: flag,
    delete_original: flag,
    thread_ts: ts.optional(),
    unfurl_links: flag,
    unfurl_media: flag,
    mrkdwn: flag,
  })
  .refine(
    ({ text, delete_original }) => text !== undefined || delete_original === true,
    'text is missing: notifications and screen readers show it',
  );

export const responseProblems = (body: unknown) => problemsOf(respond, body);
