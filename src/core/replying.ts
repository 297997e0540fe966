import { DeliveryError, isNotTaken, type Reply } from './adapter.ts';
import { errorText } from './errors.ts';
import type { Log } from './log.ts';
import type { Message } from './message.ts';
import { plainForm } from './plain-form.ts';
import { legible } from './unseen.ts';

/** A message for everybody, above who asked for what: what came of it is what a notification shows. */
export function withAsked(message: Message, asked: string): Message {
  return { ...message, blocks: [...message.blocks, { kind: 'text', text: [{ code: legible(asked) }] }] };
}

/** A platform's way to answer which gives a last answer in plainer forms where the platform refuses it as it is. */
export function orPlainer(give: (reply: Reply) => Promise<void>, log: Log): (reply: Reply) => Promise<void> {
  return async (reply) => {
    const { message, final } = reply;
    const plainer = final ? [plainForm(message, true), plainForm(message, false)] : [];
    for (const form of [message, ...plainer]) {
      try {
        return await give({ ...reply, message: form });
      } catch (error) {
        if (!isNotTaken(error) || plainer.length === 0 || form === plainer.at(-1)) throw error;
        log.warn({ error: errorText(error) }, 'an answer is given in plain words');
      }
    }
  };
}

/**
 * Whether an answer could be given one way; a last one that could not is given another way. Rejects for an interim one, and
 * for what the platform does not take as it is, whatever the way.
 */
export async function isGiven(
  give: () => Promise<void>,
  { final, ending }: Pick<Reply, 'final' | 'ending'>,
  { log, otherwise }: { log: Log; otherwise: string },
): Promise<boolean> {
  try {
    await give();
    return true;
  } catch (error) {
    const isOver = !final || ending?.aborted === true;
    if (isOver || !(error instanceof DeliveryError) || isNotTaken(error)) throw error;
    log.info({ error: errorText(error) }, otherwise);
    return false;
  }
}
