import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Reply } from '../../src/core/adapter.ts';
import { BotError } from '../../src/core/errors.ts';
import type { AgentRequest, TerminalAnswer, TerminalRequest } from './protocol.ts';

/** Whether nobody listens on the socket: no bot runs. */
export class NotRunning extends Error {}

/** Asks a running bot; `onReply` hears each answer as it comes. Rejects with NotRunning when none listens. */
export async function askRunningBot(
  socketPath: string,
  asked: TerminalRequest,
  onReply: (reply: Reply) => void,
): Promise<void> {
  for await (const reply of replies(await post(socketPath, '/invoke', asked))) onReply(reply);
}

/** Asks a running bot as an agent; resolves to the last answer. Rejects with NotRunning, and with BotError for a stranger. */
export async function askAsAgent(socketPath: string, asked: AgentRequest): Promise<Reply> {
  const response = await post(socketPath, '/agent', asked);
  let last: Reply | undefined;
  for await (const reply of replies(response)) last = reply;
  if (last) return last;
  throw new BotError('no-answer', 'xaxbot ended before it answered.', 'Ask what has become of it: "status".');
}

async function* replies(response: IncomingMessage): AsyncGenerator<Reply> {
  for await (const line of createInterface({ input: response })) {
    const answer = JSON.parse(line) as TerminalAnswer | { error: string; code?: string };
    if ('error' in answer) throw new BotError(answer.code ?? 'refused', answer.error);
    yield answer.reply;
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

function post(socketPath: string, path: string, body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: 'POST' }, resolve);
    asking.on('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(nobody ? new NotRunning() : error);
    });
    asking.end(JSON.stringify(body));
  });
}
