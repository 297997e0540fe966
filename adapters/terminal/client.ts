import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Reply } from '../../src/core/adapter.ts';
import { BotError } from '../../src/core/errors.ts';
import type { TerminalAnswer, TerminalRequest } from './protocol.ts';

/** Whether nobody listens on the socket: no bot runs. */
export class NotRunning extends Error {}

/** Asks a running bot; `onReply` hears each answer as it comes. Rejects with NotRunning when none listens. */
export async function askRunningBot(
  socketPath: string,
  asked: TerminalRequest,
  onReply: (reply: Reply) => void,
): Promise<void> {
  const response = await post(socketPath, '/invoke', asked);
  for await (const line of createInterface({ input: response })) {
    onReply((JSON.parse(line) as TerminalAnswer).reply);
  }
}

/** A new entry link from the running bot. */
export async function askWebLink(socketPath: string, person: string): Promise<string> {
  const response = await post(socketPath, '/web-link', { person });
  let text = '';
  for await (const chunk of response) text += chunk;
  const answer = JSON.parse(text) as { url?: string; error?: string };
  if (answer.url === undefined) throw new BotError('web-link', answer.error ?? 'no answer');
  return answer.url;
}

function post(socketPath: string, path: string, body: unknown): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: 'POST' }, resolve);
    asking.on('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(nobody ? new NotRunning() : error);
    });
    asking.end(JSON.stringify(body));
  });
}
