import { BLOCKS_SIZE_MAX, type Block, sizeOf } from '../../validators/slack/blocks.ts';
import { problemsOf } from './blocks.ts';
import { MAX, RESPONSE_URL_USES } from './limits.ts';
import { deleteMessage, isTombstone, threadProblem } from './threads.ts';
import type { Ephemeral, Json, SlackMessage, SlackWorld } from './world.ts';

/** How messages are posted, edited, deleted and read, and answers given to a press. */
export function createMessageMethods(world: SlackWorld) {
  const {
    auth,
    inner,
    ephemerals,
    responseUrls,
    fileReady,
    userOf,
    isOurs,
    find,
    openDirect,
    channelProblem,
  } = world;

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

  return { post, update, remove, postEphemeral, respond, history };
}
