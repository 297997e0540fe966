import { randomBytes } from 'node:crypto';
import { DeliveryError, type Reply } from '../core/adapter.ts';
import type { Typing } from '../core/command-line.ts';
import { BotError, errorText } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { textMessage } from '../core/message.ts';
import { diskError, StorageError } from '../core/storage-error.ts';

/** What somebody is answered when it did not work; what they cannot mend is in the log under a reference. */
export function failureReply(
  thrown: unknown,
  { asker, adapter }: { asker: string; adapter: string },
  { log, typing }: { log: Log; typing: Pick<Typing, 'spell'> },
): Reply {
  const base = { visibility: 'private' as const, ok: false, final: true };
  const error = diskError(thrown) ?? thrown;
  if (error instanceof StorageError)
    log.error({ err: error.cause, asker, adapter }, 'a command could not be carried out');
  if (error instanceof BotError) {
    const hint = error.hint && typing.spell(adapter, error.hint);
    const text = hint ? `${error.message} ${hint}` : error.message;
    const option = error.option === undefined ? {} : { errorOption: error.option };
    return { ...base, message: textMessage(text, 'warning'), errorCode: error.code, ...option };
  }
  // Its platform failed, which needs no look into the log and may have passed.
  if (error instanceof DeliveryError) {
    log.warn({ error: errorText(error), asker, adapter }, 'a platform failed at what was asked');
    const message = textMessage(`That did not work: ${errorText(error)}. Try it again.`, 'warning');
    return { ...base, message, errorCode: 'platform' };
  }
  const reference = randomBytes(4).toString('hex');
  log.error({ err: error, reference, asker, adapter }, 'a command failed');
  const message = textMessage(
    `Something went wrong here (${reference}). The bot's own log has the details.`,
    'bad',
  );
  return { ...base, message, errorCode: 'internal' };
}
