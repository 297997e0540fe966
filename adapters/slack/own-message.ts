import { randomUUID } from 'node:crypto';
import { type Adapter, DeliveryError, type Reply } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Message } from '../../src/core/message.ts';
import { withPatience } from '../../src/core/patience.ts';
import type { Clock } from '../../src/core/time.ts';
import { withoutPictures } from '../../src/core/unsent-files.ts';
import { unlessEnding, within } from '../../src/core/within.ts';
import type { SlackClient } from './client.ts';
import { DELIVERY_EVENT } from './limits.ts';
import type { Present } from './present.ts';
import type { Rendered } from './render.ts';
import { FILES_WAIT_MS, type SlackUploads } from './uploads.ts';

export type Said = Pick<Rendered, 'text' | 'blocks'>;

export interface OwnMessageDeps {
  client: SlackClient;
  uploads: SlackUploads;
  present: Present;
  findByKey: Adapter['findByKey'];
  clock: Clock;
  log: Log;
}

/** Nobody is to be reached by what a text happens to hold. */
export const QUIET = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
/** The same of an ephemeral message, which unfurls nothing and knows no words for it. */
export const QUIET_EPHEMERAL = { parse: 'none', link_names: false } as const;

/**
 * An answer as a message of the bot's own: posted once, looked up by its key where it is not known whether it was, and
 * edited from then on. One that somebody deletes is posted again.
 */
export function createOwnMessage(
  { client, uploads, present, findByKey, clock, log }: OwnMessageDeps,
  place: {
    channel(): Promise<string>;
    thread: string | undefined;
    /** Where its files go: below it, else into the same channel. */
    filesBelow: boolean;
  },
) {
  const key = `reply:${randomUUID()}`;
  const since = clock();
  let at: { channel: string; ts: string } | undefined;
  let isDoubtful = false;

  async function put({ text, blocks }: Said): Promise<void> {
    if (at === undefined && isDoubtful) at = await lookUp();
    if (at !== undefined && (await isEdited(at, { text, blocks }))) return;
    const thread = place.thread === undefined ? {} : { thread_ts: place.thread };
    const metadata = { event_type: DELIVERY_EVENT, event_payload: { key } };
    isDoubtful = true;
    const { channel, ts } = await posted({ ...thread, text, blocks, metadata, ...QUIET });
    at = { channel, ts };
  }

  async function posted(body: object): Promise<{ ts: string; channel: string }> {
    try {
      return await client.call('chat.postMessage', { channel: await place.channel(), ...body });
    } catch (error) {
      isDoubtful = error instanceof DeliveryError && error.outcome === 'doubtful';
      throw error;
    }
  }

  async function lookUp(): Promise<typeof at> {
    const channel = await place.channel();
    const thread = place.thread === undefined ? {} : { thread: { channel, id: place.thread } };
    const found = await findByKey({ channel, ...thread }, key, since);
    isDoubtful = false;
    return found && { channel, ts: found.id };
  }

  async function isEdited(
    message: { channel: string; ts: string },
    { text, blocks }: Said,
  ): Promise<boolean> {
    try {
      await client.call('chat.update', { ...message, text, blocks, parse: 'none', link_names: false });
      return true;
    } catch (error) {
      if (!(error instanceof DeliveryError) || (error.outcome !== 'gone' && error.outcome !== 'frozen'))
        throw error;
      at = undefined;
      return false;
    }
  }

  const say = (shown: Said, ending?: AbortSignal) => withPatience(() => put(shown), { ending });

  /** The answer is given: what it would show besides is worth no other one. */
  async function mend(shown: Rendered, ending: AbortSignal | undefined): Promise<void> {
    await say(shown, ending).catch((error) =>
      log.warn(
        { error: errorText(error) },
        'an answer lacks its files, or does not say that they are missing',
      ),
    );
  }

  /** Pictures that were not there with the words, and what stands beside the message. */
  async function filesFollow(
    message: Message,
    whole: Rendered | undefined,
    drawn: Promise<Rendered>,
    ending: AbortSignal | undefined,
  ): Promise<void> {
    const { overflow } = await drawn;
    if (!whole) await mend(await drawn, ending);
    const { channel, ts } = at!;
    const thread = place.thread ?? (place.filesBelow ? ts : undefined);
    const unsent = await uploads.attach(message, overflow, { channel, thread });
    if (unsent.size > 0) await mend(await present(message, key, { unsent }), ending);
  }

  return {
    stands: () => at !== undefined,

    say,

    /**
     * Shows this in place of what it showed before. The last answer is insisted on, and its files follow it; pictures that
     * take long do as well.
     */
    async show(message: Message, { final, ending }: Pick<Reply, 'final' | 'ending'>): Promise<void> {
      if (!final) return put(await present(message, key, { rest: null }));
      const drawn = present(message, key);
      const whole = await within(FILES_WAIT_MS, drawn, () => undefined);
      await say(whole ?? (await present(withoutPictures(message), key)), ending);
      // The answer is given: whoever ends meanwhile waits for no file.
      await unlessEnding(filesFollow(message, whole, drawn, ending), ending);
    },

    /** Edits what stands, for as long as it does. Throws DeliveryError. */
    async edit(message: Message): Promise<void> {
      const shown = await present(message, key, { rest: null });
      await withPatience(async () => {
        if (at === undefined || !(await isEdited(at, shown)))
          throw new DeliveryError('gone', 'the answer stands no more');
      });
    },
  };
}
