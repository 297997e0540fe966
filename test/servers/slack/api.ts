import { BLOCKS_SIZE_MAX, type Block, sizeOf } from '../../validators/slack/blocks.ts';
import { problemsOf, viewProblems } from './blocks.ts';
import { ACK_MS, MAX, RESPONSE_URL_USES, SCOPES } from './limits.ts';
import type { createSocketMode } from './sockets.ts';
import { deleteMessage, isTombstone, threadProblem } from './threads.ts';
import { type Ephemeral, type Json, type SlackMessage, type SlackWorld, TEAM } from './world.ts';

/** The Web API: what Slack checks before anything is done, and what the emulator does not do. */
export function createApi(
  world: SlackWorld,
  sockets: ReturnType<typeof createSocketMode>,
  tokens: { bot: string; app: string },
) {
  const { auth, inner, files, directs, joined, ephemerals, homes, triggers, responseUrls } = world;
  const { fileReady, userOf, isOurs, find, openDirect, channelProblem } = world;

  function tokenProblem(method: string, token: string): Json | undefined {
    if (token !== tokens.bot && token !== tokens.app) return { error: 'invalid_auth' };
    if (world.trouble.revoked !== undefined) return { error: world.trouble.revoked };
    const wantsApp = method === 'apps.connections.open';
    if (wantsApp !== (token === tokens.app)) return { error: 'not_allowed_token_type' };
    const needed = SCOPES[method];
    if (needed !== undefined && !world.trouble.granted.has(needed))
      return { error: 'missing_scope', needed, provided: [...world.trouble.granted].join(',') };
    return undefined;
  }

  async function call(method: string, args: Json): Promise<Json> {
    switch (method) {
      case 'auth.test':
        return {
          ok: true,
          url: 'https://lab.slack.com/',
          team: 'lab',
          user: 'xaxbot',
          team_id: TEAM,
          user_id: auth.user_id,
          bot_id: auth.bot_id,
        };
      case 'apps.connections.open':
        return {
          ok: true,
          url: `${world.trouble.base.replace('http', 'ws')}/link/?ticket=${sockets.ticket()}`,
        };
      case 'users.info':
        return userInfo(String(args.user));
      case 'usergroups.users.list': {
        const users = world.userGroups.get(String(args.usergroup));
        return users ? { ok: true, users: [...users] } : { ok: false, error: 'no_such_subteam' };
      }
      case 'conversations.info': {
        const channel = String(args.channel);
        const [name] = Object.entries(world.channels).find(([, id]) => id === channel) ?? [];
        const is_private = world.closed.has(channel);
        const is_member = joined.has(channel);
        // Of a private one nobody outside is told.
        if (name === undefined || world.deleted.has(channel) || (is_private && !is_member))
          return { ok: false, error: 'channel_not_found' };
        return {
          ok: true,
          channel: { id: channel, name, is_private, is_member, is_archived: world.archived.has(channel) },
        };
      }
      case 'chat.postMessage':
        return post(args);
      case 'chat.update':
        return update(args);
      case 'chat.delete':
        return remove(args);
      case 'chat.postEphemeral':
        return postEphemeral(args);
      case 'conversations.open':
        return openDirect(String(args.users));
      case 'conversations.history':
      case 'conversations.replies':
        return history(method, args);
      case 'views.open':
      case 'views.publish':
      case 'views.update':
        return showView(method, args);
      case 'files.getUploadURLExternal': {
        const made = await inner(method, args);
        files.set(String(made.file_id), {
          asked: 0,
          complete: false,
          shared: undefined,
          thread: undefined,
          deleted: false,
          bytes: 0,
        });
        return { ...made, upload_url: `${world.trouble.base}/upload/${String(made.file_id)}` };
      }
      case 'files.completeUploadExternal': {
        const given = args.files as { id: string; title?: string }[];
        for (const { id } of given) {
          const file = files.get(id);
          if (!file || file.bytes === 0) return { ok: false, error: 'file_not_found' };
          Object.assign(file, { complete: true, shared: args.channel_id, thread: args.thread_ts });
        }
        if (
          args.channel_id !== undefined &&
          !joined.has(String(args.channel_id)) &&
          ![...directs.values()].includes(String(args.channel_id))
        )
          return { ok: false, error: 'not_in_channel' };
        return inner(method, args);
      }
      case 'files.info': {
        const file = files.get(String(args.file));
        if (!file?.complete || file.deleted) return { ok: false, error: 'file_not_found' };
        file.asked += 1;
        const mimetype = file.asked >= world.fileReadyAfter ? 'image/png' : '';
        return { ok: true, file: { id: args.file, mimetype } };
      }
      case 'files.delete': {
        const file = files.get(String(args.file));
        if (!file || file.deleted) return { ok: false, error: 'file_not_found' };
        file.deleted = true;
        return { ok: true };
      }
      case 'chat.getPermalink':
        return {
          ok: true,
          channel: args.channel,
          permalink: `https://lab.slack.com/archives/${String(args.channel)}/p${String(args.message_ts).replace('.', '')}`,
        };
      default:
        return { ok: false, error: 'unknown_method' };
    }
  }

  function contentProblem(args: Json): Json | undefined {
    if (args.blocks !== undefined) {
      const problems = problemsOf(args.blocks, { surface: 'message', fileReady });
      if (problems.includes('only_one_table_allowed')) return { error: 'only_one_table_allowed' };
      if (problems.length > 0)
        return {
          error: 'invalid_blocks',
          response_metadata: { messages: problems.map((each) => `[ERROR] ${each}`) },
        };
      if (sizeOf(args.blocks as Block[]) > BLOCKS_SIZE_MAX) return { error: 'msg_blocks_too_long' };
    }
    if (!args.blocks && !args.text) return { error: 'no_text' };
    if (args.metadata !== undefined) {
      const { event_type, event_payload } = args.metadata as Json;
      if (typeof event_type !== 'string' || typeof event_payload !== 'object')
        return { error: 'invalid_metadata_format' };
      if (Buffer.byteLength(JSON.stringify(args.metadata)) > MAX.metadataBytes)
        return { error: 'metadata_too_large' };
    }
    return undefined;
  }

  async function post(args: Json): Promise<Json> {
    const given = String(args.channel);
    const channel = userOf(given) ? String(((await openDirect(given)).channel as Json).id) : given;
    const error = channelProblem(channel);
    if (error) return { ok: false, error };
    const problem = contentProblem(args);
    if (problem) return { ok: false, ...problem };
    const closed =
      args.thread_ts === undefined ? undefined : await threadProblem(world, channel, args.thread_ts);
    if (closed !== undefined) return { ok: false, error: closed };
    const sent = await inner('chat.postMessage', { ...args, channel, reply_broadcast: undefined });
    if (sent.ok && args.reply_broadcast) world.broadcasts.add(`${channel}:${String(sent.ts)}`);
    return sent;
  }

  async function update(args: Json): Promise<Json> {
    const channel = String(args.channel);
    const error = channelProblem(channel);
    if (error) return { ok: false, error };
    const message = await find(channel, String(args.ts));
    if (!message || isTombstone(world, channel, args.ts)) return { ok: false, error: 'message_not_found' };
    if (!isOurs(message)) return { ok: false, error: 'cant_update_message' };
    if (world.trouble.frozen) return { ok: false, error: 'edit_window_closed' };
    if (String(args.text ?? '').length > MAX.updateText) return { ok: false, error: 'msg_too_long' };
    const problem = contentProblem(args);
    if (problem) return { ok: false, ...problem };
    // Text without blocks drops the blocks that were there.
    const blocks = args.blocks ?? (args.text === undefined ? message.blocks : []);
    return inner('chat.update', {
      channel,
      ts: args.ts,
      text: args.text ?? message.text,
      blocks,
      metadata: message.metadata,
    });
  }

  async function remove(args: Json): Promise<Json> {
    const channel = String(args.channel);
    const message = await find(channel, String(args.ts));
    if (!message || isTombstone(world, channel, args.ts)) return { ok: false, error: 'message_not_found' };
    if (!isOurs(message)) return { ok: false, error: 'cant_delete_message' };
    return deleteMessage(world, channel, String(args.ts));
  }

  async function postEphemeral(args: Json): Promise<Json> {
    const channel = String(args.channel);
    const error = channelProblem(channel);
    if (error) return { ok: false, error };
    if (args.thread_ts !== undefined && !(await find(channel, String(args.thread_ts))))
      return { ok: false, error: 'thread_not_found' };
    const problem = contentProblem(args);
    if (problem) return { ok: false, ...problem };
    ephemerals.push(asEphemeral(args, channel, String(args.user)));
    return { ok: true, message_ts: ephemerals.at(-1)!.ts };
  }

  function asEphemeral(args: Json, channel: string, to: string): Ephemeral {
    const thread = args.thread_ts === undefined ? {} : { thread_ts: String(args.thread_ts) };
    return {
      channel,
      to,
      ts: `9${Date.now()}.${world.nextNumber()}`,
      text: String(args.text ?? ''),
      blocks: (args.blocks ?? []) as Json[],
      ...thread,
    };
  }

  /** What it says to one person alone stands in the channel, wherever they are, and is edited only by a press on it. */
  async function respond(id: string, args: Json): Promise<[number, Json]> {
    const url = responseUrls.get(id);
    if (!url) return [404, { ok: false, error: 'expired_url' }];
    if (url.uses >= RESPONSE_URL_USES) return [404, { ok: false, error: 'used_url' }];
    const problem = contentProblem(args);
    if (problem) return [400, { ok: false, ...problem }];
    url.uses += 1;
    const { channel, user, pressed } = url;
    const { text, blocks, thread_ts } = args;
    if (args.replace_original === true) {
      const original = ephemerals.find(({ ts }) => ts === pressed);
      if (!original) return [404, { ok: false, error: 'message_not_found' }];
      Object.assign(original, { text: String(text ?? ''), blocks: (blocks ?? []) as Json[] });
    } else if (args.response_type === 'in_channel')
      await inner('chat.postMessage', { channel, text, blocks, thread_ts });
    else ephemerals.push(asEphemeral({ text, blocks }, channel, user));
    return [200, { ok: true }];
  }

  function userInfo(id: string): Json {
    const user = userOf(id);
    if (!user) return { ok: false, error: 'user_not_found' };
    const { kind = 'member' } = user;
    return {
      ok: true,
      user: {
        id,
        name: user.name.toLowerCase(),
        team_id: kind === 'external' ? 'T0OTHER' : TEAM,
        profile: { display_name: user.name },
        deleted: kind === 'deactivated',
        is_bot: kind === 'bot',
        is_restricted: kind === 'guest',
        is_stranger: kind === 'external',
      },
    };
  }

  async function history(method: string, args: Json): Promise<Json> {
    const error = channelProblem(String(args.channel));
    if (error) return { ok: false, error };
    const { include_all_metadata: withMetadata, ...rest } = args;
    const answer = await inner(method, rest);
    const oldest = Number(args.oldest ?? 0);
    const given = ((answer.messages ?? []) as SlackMessage[]).filter(({ ts }) => Number(ts) >= oldest);
    const messages = given.map(({ metadata, ...message }) => ({
      ...message,
      ...(isOurs(message) ? { user: auth.user_id, bot_id: auth.bot_id } : {}),
      ...(withMetadata && metadata && !isTombstone(world, String(args.channel), message.ts)
        ? { metadata }
        : {}),
    }));
    return answer.ok ? { ...answer, messages } : answer;
  }

  function showView(method: string, args: Json): Json {
    const view = args.view as Json;
    const problems = viewProblems(view, fileReady);
    if (problems.length > 0)
      return {
        ok: false,
        error: 'invalid_arguments',
        response_metadata: { messages: problems.map((each) => `[ERROR] ${each}`) },
      };
    if (method === 'views.publish') {
      homes.set(String(args.user_id), view);
      return { ok: true, view };
    }
    if (method === 'views.update') {
      const open = world.views.get(String(args.view_id));
      if (!open) return { ok: false, error: 'not_found' };
      const { id, user, entered } = open;
      world.views.set(id, { ...view, id, user, entered });
      return { ok: true, view: { ...view, id } };
    }
    const trigger = triggers.get(String(args.trigger_id));
    if (trigger === undefined) return { ok: false, error: 'exchanged_trigger_id' };
    triggers.delete(String(args.trigger_id));
    if (Date.now() - trigger > ACK_MS) return { ok: false, error: 'expired_trigger_id' };
    return { ok: true, view: world.openView(view, String(args.trigger_id).split('.')[1]!) };
  }

  return { tokenProblem, call, respond };
}
