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

/**
 * Asks a running bot as an agent; resolves to the last answer. Rejects with NotRunning; with BotError `not-an-agent`, or
 * `no-answer` when the bot ended meanwhile.
 */
export async function askAsAgent(socketPath: string, asked: AgentRequest): Promise<Reply> {
  let last: Reply | undefined;
  try {
    for await (const reply of replies(await post(socketPath, '/agent', asked))) last = reply;
  } catch (error) {
    // The connection broke: what was asked may have been done.
    if (error instanceof NotRunning || error instanceof BotError) throw error;
  }
  if (last?.final) return last;
  throw new BotError(
    'no-answer',
    'xaxbot ended before it had answered.',
    'See what has become of it before you ask again.',
  );
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
