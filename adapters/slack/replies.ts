import type { Reply } from '../../src/core/adapter.ts';
import { DeliveryError } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { FileRef, Message } from '../../src/core/message.ts';
import { withRateLimitRetry } from '../../src/core/rate-limit-retry.ts';
import type { SlackClient } from './client.ts';
import { RESPONSES_MAX } from './limits.ts';
import type { Rendered } from './render.ts';
import type { SlackUploads } from './uploads.ts';

/** Where an answer goes. */
export interface ReplyPlace {
  user: string;
  /** null: there is no channel, only the asker (the Home tab). */
  channel: string | null;
  thread: string | undefined;
  /** They speak with the bot alone, so that nothing needs to be hidden. */
  isDirect: boolean;
  /** Slack's own way to answer, which works in channels that the bot is not in; good for thirty minutes. */
  responseUrl: string | undefined;
  /** Who asked for what, to stand above a public answer. */
  asked: string;
}

/** What the answers to one invocation need of the adapter. */
export interface ReplyDeps {
  client: SlackClient;
  uploads: SlackUploads;
  render(message: Message, images: ReadonlyMap<string, string>): Rendered;
  directChannel(user: string): Promise<string>;
  fetch: typeof globalThis.fetch;
  log: Log;
}

/** Answers one invocation: publicly by a message that later answers edit, privately to the asker alone. */
export function createReplies(deps: ReplyDeps, place: ReplyPlace): (reply: Reply) => Promise<void> {
  const { uploads, log } = deps;
  const client = {
    call: <T>(method: string, args: Record<string, unknown>) =>
      withRateLimitRetry(() => deps.client.call<T>(method, args)),
  };
  let posted: { channel: string; ts: string } | undefined;
  let responses = 0;

  async function rendered(message: Message) {
    const images = await uploads.images(message, `reply:${place.user}`);
    return deps.render(message, images);
  }

  async function publicly(answer: Message): Promise<void> {
    const asked = { kind: 'text' as const, text: [{ code: place.asked }] };
    const said = { ...answer, blocks: [asked, ...answer.blocks] };
    const { text, blocks, overflow } = await rendered(said);
    if (posted) {
      await client.call('chat.update', { ...posted, text, blocks });
    } else {
      const channel = place.channel ?? (await deps.directChannel(place.user));
      const thread = place.thread === undefined ? {} : { thread_ts: place.thread };
      const message = { channel, ...thread, text, blocks, ...QUIET };
      const sent = await client.call<{ ts: string; channel: string }>('chat.postMessage', message);
      posted = { channel: sent.channel, ts: sent.ts };
    }
    await attach(answer, overflow, posted.channel, place.thread ?? posted.ts);
  }

  /** Whether an answer stands in the channel; where the bot may not post there, the asker alone is answered. */
  async function isPublic(reply: Reply): Promise<boolean> {
    try {
      await publicly(reply.message);
      return true;
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.outcome !== 'retry') throw error;
      log.info({ error: errorText(error) }, 'a public answer is given to the asker alone');
      return false;
    }
  }

  async function privately(reply: Reply): Promise<void> {
    // A response_url has few uses, and what it said cannot be edited: of what comes between, the first is enough.
    if (!reply.final && (responses > 0 || place.isDirect)) return;
    const { text, blocks, overflow } = await rendered(reply.message);
    const hasFiles = overflow !== undefined || filesOf(reply.message).length > 0;
    responses += 1;
    await sayPrivately({ text, blocks });
    if (!hasFiles || !reply.final) return;
    const direct = await deps.directChannel(place.user);
    await attach(reply.message, overflow, direct, undefined);
    if (!place.isDirect) await sayPrivately(deps.render(SENT_DIRECTLY, new Map()));
  }

  async function sayPrivately({ text, blocks }: Pick<Rendered, 'text' | 'blocks'>): Promise<void> {
    if (place.isDirect || place.channel === null) {
      const channel = place.channel ?? (await deps.directChannel(place.user));
      const thread = place.thread === undefined ? {} : { thread_ts: place.thread };
      await client.call('chat.postMessage', { channel, ...thread, text, blocks, ...QUIET });
      return;
    }
    if (place.responseUrl !== undefined && responses <= RESPONSES_MAX && (await respond({ text, blocks })))
      return;
    const thread = place.thread === undefined ? {} : { thread_ts: place.thread };
    try {
      await client.call('chat.postEphemeral', {
        channel: place.channel,
        user: place.user,
        ...thread,
        text,
        blocks,
        ...PLAIN,
      });
    } catch (error) {
      log.debug({ error: errorText(error) }, 'a private answer goes as a direct message');
      const channel = await deps.directChannel(place.user);
      await client.call('chat.postMessage', { channel, text, blocks, ...QUIET });
    }
  }

  /** Whether Slack took it. */
  async function respond(body: { text: string; blocks: unknown }): Promise<boolean> {
    const answer = await deps.fetch(place.responseUrl!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...body }),
    });
    return answer.ok;
  }

  /** Files cannot stand in a message: they follow it. */
  async function attach(
    message: Message,
    overflow: string | undefined,
    channel: string,
    thread: string | undefined,
  ): Promise<void> {
    for (const { file, name } of filesOf(message)) await uploads.share(file, name, channel, thread);
    if (overflow !== undefined)
      await uploads.shareBytes(Buffer.from(overflow), 'message.txt', channel, thread);
  }

  return async (reply) => {
    try {
      if (posted) await publicly(reply.message);
      else if (reply.visibility === 'private' || !(await isPublic(reply))) await privately(reply);
    } catch (error) {
      const wait = error instanceof DeliveryError ? error.retryAfterMs : undefined;
      log.warn({ error: errorText(error), wait, asked: place.asked }, 'an answer did not reach Slack');
      throw error;
    }
  };
}

/** Nobody is to be reached by what a text happens to hold. */
const PLAIN = { parse: 'none', link_names: false } as const;
export const QUIET = { ...PLAIN, unfurl_links: false, unfurl_media: false } as const;

const SENT_DIRECTLY: Message = {
  blocks: [{ kind: 'text', text: 'The file is in your direct messages with xaxbot.' }],
};

function filesOf(message: Message): { file: FileRef; name: string }[] {
  return message.blocks.flatMap((block) =>
    block.kind === 'file' ? [{ file: block.file, name: block.name }] : [],
  );
}
