import { DeliveryError } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Message } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/rate-limit-retry.ts';
import type { Clock } from '../../src/core/time.ts';
import { OVERFLOW_FILE, type Unsent } from '../../src/core/unsent-files.ts';
import type { SlackClient } from './client.ts';
import { QUIET, QUIET_EPHEMERAL } from './own-message.ts';
import type { Present } from './present.ts';
import type { Rendered } from './render.ts';
import type { ReplyPlace } from './reply-place.ts';
import { createResponder } from './respond.ts';
import { filesOf, type SlackUploads } from './uploads.ts';

export interface PrivateDeps {
  client: SlackClient;
  uploads: SlackUploads;
  present: Present;
  /** The channel in which the bot talks to somebody alone. */
  directChannel(user: string): Promise<string>;
  fetch: typeof globalThis.fetch;
  clock: Clock;
  log: Log;
}

type Said = Pick<Rendered, 'text' | 'blocks'>;

const IN_DIRECT_MESSAGES = 'in your direct messages with xaxbot';

/**
 * Answers somebody in a channel so that only they see it: where they asked, else by the next way that Slack takes, at last
 * in their direct messages. Files go there in any case: Slack shares none with one reader of a channel.
 */
export function createPrivateAnswer(deps: PrivateDeps, place: ReplyPlace) {
  const { client, uploads, present, directChannel, log } = deps;
  const { user, channel } = place;
  const thread = place.isInThread ? place.thread : undefined;
  const responder =
    place.responseUrl === undefined
      ? undefined
      : createResponder({ url: place.responseUrl, fetch: deps.fetch, clock: deps.clock });

  const respond = {
    isGood: () => responder?.isGood() === true,
    say: (said: Said) => responder!.say(said, thread),
  };
  const ephemeral = {
    isGood: () => true,
    async say(said: Said) {
      const inThread = thread === undefined ? {} : { thread_ts: thread };
      await client.call('chat.postEphemeral', { channel, user, ...inThread, ...said, ...QUIET_EPHEMERAL });
    },
  };
  const direct = {
    isGood: () => true,
    async say(said: Said) {
      await client.call('chat.postMessage', { channel: await directChannel(user), ...said, ...QUIET });
    },
  };
  // What is said over a response_url stands in the channel, wherever the asker is.
  const ways = thread === undefined ? [respond, ephemeral, direct] : [ephemeral, respond, direct];

  return async function privately(message: Message): Promise<void> {
    const { text, blocks } = await withFilesSent(message);
    let failure: unknown;
    for (const way of ways) {
      if (!way.isGood()) continue;
      try {
        return await withPatience(() => way.say({ text, blocks }));
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error;
        log.debug({ error: errorText(error) }, 'a private answer goes another way');
        failure = error;
      }
    }
    throw failure;
  };

  /** The answer, which says where its files are, once they are there. */
  async function withFilesSent(message: Message): Promise<Rendered> {
    const owner = `reply:${user}`;
    const shown = await present(message, owner);
    const files = filesOf(message).map(({ file }) => file.file);
    const following = [...files, ...(shown.overflow === undefined ? [] : [OVERFLOW_FILE])];
    if (following.length === 0) return shown;
    const unsent = await sent(message, shown.overflow, following);
    const rest = `the whole text is ${IN_DIRECT_MESSAGES}`;
    const isSent = files.some((file) => !unsent.has(file));
    return present(isSent ? withPointer(message) : message, owner, { unsent, rest });
  }

  async function sent(message: Message, overflow: string | undefined, all: string[]): Promise<Unsent> {
    try {
      const channel = await directChannel(user);
      return await uploads.attach(message, overflow, { channel, thread: undefined });
    } catch (error) {
      return new Map(all.map((file) => [file, errorText(error)]));
    }
  }
}

function withPointer(message: Message): Message {
  return {
    ...message,
    blocks: [...message.blocks, { kind: 'text', text: `The file is ${IN_DIRECT_MESSAGES}.` }],
  };
}
