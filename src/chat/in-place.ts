import type { GiveReply, Invocation, Reply } from '../core/adapter.ts';
import type { Typing } from '../core/command-line.ts';
import { errorText } from '../core/errors.ts';
import { forReaders } from '../core/for-readers.ts';
import type { Log } from '../core/log.ts';
import type { Mask } from '../core/masked.ts';
import type { Message } from '../core/message.ts';
import { CONFIRMATION_GONE, type Edit } from '../core/press.ts';
import type { Answer } from './answers.ts';
import type { Yes } from './questions.ts';

/**
 * How an invocation is answered, in place of the message that was pressed where its button says so and the platform does
 * that, else by an answer of its own. Commands are named as they are typed there.
 */
export function createInPlace({ typing, mask, log }: { typing: Typing; mask: Mask; log: Log }) {
  return function inPlace({ adapter, press }: Invocation, given: GiveReply) {
    const asTyped = (edit: Edit | undefined): Edit | undefined =>
      edit && ((message) => edit(forReaders(message, typing, adapter, mask)));
    const pressed = asTyped(press?.edit);
    let standing: Edit | undefined;
    /** What is pressed is edited in the order in which that was asked for. */
    let closing: Promise<unknown> = Promise.resolve();

    async function isEdited(message: Message, edit: Edit | undefined): Promise<boolean> {
      if (!edit) return false;
      try {
        await edit(message);
        return true;
      } catch (error) {
        log.debug({ error: errorText(error), adapter }, 'a message is not edited in place');
        return false;
      }
    }

    const give: Answer = async (reply) => {
      if (pressed && standsInPlace(reply)) {
        await closing;
        if (await isEdited(reply.message, pressed)) return;
      }
      standing = asTyped(
        (await given({ ...reply, message: forReaders(reply.message, typing, adapter, mask) })) ?? undefined,
      );
    };

    return {
      give,
      /** How to edit the last answer, where that can be. */
      standing: () => standing,
      /** Shows that a question was answered, on what was pressed or else where it was asked; what was asked for waits for neither. */
      closed({ message, edit }: Yes['closed']): void {
        closing = isEdited(message, pressed).then(async (isDone) => isDone || isEdited(message, await edit));
      },
    };
  };
}

/** Whether an answer takes the place of what was pressed: what was asked for, or why that asks nothing any more; a refusal does not. */
function standsInPlace({ visibility, ok, errorCode }: Reply): boolean {
  return visibility === 'private' && (ok || errorCode === CONFIRMATION_GONE);
}
