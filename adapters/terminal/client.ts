import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Reply } from '../../src/core/adapter.ts';
import { BotError } from '../../src/core/errors.ts';
import type { AgentRequest, TerminalAnswer, TerminalRequest } from './protocol.ts';

/** Whether nobody listens on the socket: no bot runs. */
export class NotRunning extends Error {}

/**
 * Asks a running bot; `onReply` hears each answer as it comes. Rejects with NotRunning when none listens, with BotError
 * `no-answer` when the bot ended meanwhile.
 */
export async function askRunningBot(
  socketPath: string,
  asked: TerminalRequest,
  onReply: (reply: Reply) => void,
): Promise<void> {
  if (!(await lastOf(socketPath, '/invoke', asked, onReply))?.final) throw noAnswer();
}

/**
 * Asks a running bot as an agent; resolves to the last answer. Rejects with NotRunning; with BotError `not-an-agent`, or
 * `no-answer` when the bot ended meanwhile.
 */
export async function askAsAgent(socketPath: string, asked: AgentRequest): Promise<Reply> {
  const last = await lastOf(socketPath, '/agent', asked, () => {});
  if (last?.final) return last;
  throw noAnswer();
}

/** The last answer; one that is not final, or none, when the connection broke: what was asked may have been done. */
async function lastOf(
  socketPath: string,
  path: string,
  asked: unknown,
  onReply: (reply: Reply) => void,
): Promise<Reply | undefined> {
  let last: Reply | undefined;
  for await (const reply of replies(await post(socketPath, path, asked))) {
    last = reply;
    onReply(reply);
  }
  return last;
}

function noAnswer(): BotError {
  return new BotError(
    'no-answer',
    'xaxbot ended before it had answered.',
    'See what has become of it before you ask again.',
  );
}

/** The answers as they come; no more of them when the connection breaks. */
async function* replies(response: IncomingMessage): AsyncGenerator<Reply> {
  try {
    for await (const line of createInterface({ input: response })) {
      const answer = JSON.parse(line) as TerminalAnswer | { error: string; code?: string };
      if ('error' in answer) throw new BotError(answer.code ?? 'refused', answer.error);
      yield answer.reply;
    }
  } catch (error) {
    if (error instanceof BotError) throw error;
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
      const isBroken = error.code === 'ECONNRESET' || error.code === 'EPIPE';
      reject(nobody ? new NotRunning() : isBroken ? noAnswer() : error);
    });
    asking.end(JSON.stringify(body));
  });
}
