import { invocationOf, type TerminalRequest } from '../../adapters/terminal/protocol.ts';
import { startApp } from '../app/app.ts';
import type { Config } from '../config/config.ts';
import type { Reply } from '../core/adapter.ts';
import { createMask } from '../core/masked.ts';
import { textMessage } from '../core/message.ts';
import { withPictures } from '../core/unsent-files.ts';
import { hostPerson } from './host-person.ts';
import { createLog, createPlainLog } from './log.ts';
import { isAnyThere, openQueues, underKnownName, watched } from './queues.ts';

/** Commands that say something useful without a queue; of help only its data comes here. */
const NEED_NO_QUEUE: readonly (string | undefined)[] = ['help', 'health'];

/** Runs one command, or a confirmation, without a running bot: the queue is read and the adapters stay closed. */
export async function runOnce(
  given: Config,
  request: TerminalRequest,
  onReply: (reply: Reply) => void,
): Promise<void> {
  const config = underKnownName(given);
  const needsQueue = 'confirm' in request || !NEED_NO_QUEUE.includes(request.argv[0]);
  if (needsQueue && !isAnyThere(config)) return onReply(noQueue(config));
  const mask = createMask(config.secrets);
  const log = config.logLevel === 'info' ? createPlainLog(mask) : createLog(config.logLevel, mask);
  const app = await startApp(config, { queues: await openQueues(config, log), log });
  try {
    const invocation = invocationOf(request, hostPerson(config));
    await app.handlers.invoke(invocation, async (reply) => {
      onReply({ ...reply, message: await withPictures(reply.message, app.parts.fileAt) });
    });
    await app.settled();
  } finally {
    await app.stop();
  }
}

function noQueue(config: Config): Reply {
  const text = `No xaxbot is running with the data folder ${config.dataDir}, and the queue's folder ${watched(config)} does not exist. Set XAX_HOME to the queue's folder, or name the data folder of the bot you mean with --data-dir or XAXBOT_DATA_DIR: "start" and "demo" print it.`;
  const message = textMessage(text, 'bad');
  return { message, visibility: 'private', ok: false, final: true, errorCode: 'no-queue' };
}
