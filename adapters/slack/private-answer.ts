import { DeliveryError, type Reply } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Message } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/patience.ts';
import { OVERFLOW_FILE, type Unsent, withoutUnsent } from '../../src/core/unsent-files.ts';
import { within } from '../../src/core/within.ts';
import { createOwnMessage, type OwnMessageDeps, QUIET_EPHEMERAL, type Said } from './own-message.ts';
import type { Rendered } from './render.ts';
import type { ReplyPlace } from './reply-place.ts';
import { createResponder } from './respond.ts';
import { FILES_WAIT_MS, filesOf } from './uploads.ts';

export interface PrivateDeps extends OwnMessageDeps {
  /** The channel in which the bot talks to somebody alone. */
  directChannel(user: string): Promise<string>;
  fetch: typeof globalThis.fetch;
}

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

  const respond: Way = {
    isGood: () => responder?.isGood() === true,
    say: (said) => responder!.say(said, thread),
  };
  const ephemeral: Way = {
    isGood: () => true,
    say(said) {
      const inThread = thread === undefined ? {} : { thread_ts: thread };
      return client.call('chat.postEphemeral', { channel, user, ...inThread, ...said, ...QUIET_EPHEMERAL });
    },
  };
  // What is said over a response_url stands in the channel, wherever the asker is.
  const here = thread === undefined ? [respond, ephemeral] : [ephemeral, respond];
  const direct = createOwnMessage(deps, {
    channel: () => directChannel(user),
    thread: undefined,
    filesBelow: false,
  });

  return async function privately({ message, ending }: Pick<Reply, 'message' | 'ending'>): Promise<void> {
    const { text, blocks } = await within(FILES_WAIT_MS, withFilesSent(message), () => withoutFiles(message));
    const said = { text, blocks };
    // Nothing names what only one reader of a channel is shown, so that it cannot be looked up: where Slack's answer is lost
    // it is said once more, since whoever reads it twice is better off than who never does.
    let repeats = 1;
    for (const way of here) {
      if (!way.isGood()) continue;
      try {
        await withPatience(() => way.say(said), { repeats, ending });
        return;
      } catch (error) {
        if (!(error instanceof DeliveryError) || ending?.aborted) throw error;
        log.debug({ error: errorText(error) }, 'a private answer goes another way');
        if (error.outcome === 'doubtful') repeats = 0;
      }
    }
    await direct.say(said, ending);
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

  /** The words of an answer whose files take long; Slack shows it as it is from then on. */
  function withoutFiles(message: Message): Promise<Rendered> {
    const names = message.blocks.flatMap((block) =>
      block.kind === 'image' ? [block.image.file] : block.kind === 'file' ? [block.file.file] : [],
    );
    const unsent = new Map(names.map((name) => [name, 'Slack takes long over them']));
    return present(withoutUnsent(message, unsent), `reply:${user}`, { rest: null });
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

/** A way to say something to the asker alone, where they asked. */
interface Way {
  isGood(): boolean;
  say(said: Said): Promise<unknown>;
}

function withPointer(message: Message): Message {
  return {
    ...message,
    blocks: [...message.blocks, { kind: 'text', text: `The file is ${IN_DIRECT_MESSAGES}.` }],
  };
}
