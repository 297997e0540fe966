import { type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import type { EntryLink, Reply } from '../../src/core/adapter.ts';
import { BotError } from '../../src/core/errors.ts';
import type { AgentSettings } from '../../src/core/offered.ts';
import {
  type AgentRequest,
  type Shown,
  type TerminalAnswer,
  type TerminalRequest,
  TIMEZONE_HEADER,
  type TypedRequest,
} from './protocol.ts';

/** Hears an answer, and the zone in which its times are shown. */
export type OnReply = (reply: Reply, timezone: string) => void;

/** Whether nobody listens on the socket: no bot runs. */
export class NotRunning extends Error {}

/**
 * Asks a running bot; `onReply` hears each answer as it comes. Rejects with NotRunning when none listens, with BotError
 * `no-answer` when it ended before its last answer.
 */
export async function askRunningBot(
  socketPath: string,
  asked: TerminalRequest,
  onReply: OnReply,
): Promise<void> {
  await finalReply(socketPath, '/invoke', asked, onReply);
}

/**
 * Has a running bot read a shell's line and do what it says; `onShown` hears before the first answer how it wants to be shown.
 * Resolves to whether the bot read it: of what it did not read it did nothing. Rejects as {@link askRunningBot}.
 */
export async function askAsTyped(
  socketPath: string,
  asked: TypedRequest,
  onShown: (shown: Shown) => void,
  onReply: OnReply,
): Promise<boolean> {
  let isRead = false;
  const { last, isWhole } = await hear(socketPath, '/typed', asked, {
    onShown(shown) {
      isRead = true;
      onShown(shown);
    },
    // A bot of a version that knows nothing of it says what it makes of it.
    onReply: (reply, zone) => void (isRead && onReply(reply, zone)),
  });
  if (isWhole && !isRead) return false;
  if (!last?.final) throw brokenOff();
  return true;
}

/**
 * Asks a running bot as an agent; resolves to the last answer, `onReply` hears each. Rejects with NotRunning; with BotError
 * `not-an-agent`, or `no-answer` when the bot ended meanwhile. `signal` gives up on the answer.
 */
export function askAsAgent(
  socketPath: string,
  asked: AgentRequest,
  onReply: OnReply,
  signal?: AbortSignal,
): Promise<Reply> {
  return finalReply(socketPath, '/agent', asked, onReply, signal);
}

/** The last answer; `onReply` hears each. */
async function finalReply(
  socketPath: string,
  path: string,
  asked: unknown,
  onReply: OnReply,
  signal?: AbortSignal,
): Promise<Reply> {
  const { last } = await hear(socketPath, path, asked, { onReply, ...(signal ? { signal } : {}) });
  if (!last?.final) throw brokenOff();
  return last;
}

interface Hearing {
  onReply: OnReply;
  onShown?(shown: Shown): void;
  signal?: AbortSignal;
}

/** The last answer that came, if any, and whether the bot had said all when it ended. */
async function hear(
  socketPath: string,
  path: string,
  asked: unknown,
  { onReply, onShown, signal }: Hearing,
): Promise<{ last: Reply | undefined; isWhole: boolean }> {
  let last: Reply | undefined;
  try {
    const response = await post(socketPath, path, asked, signal);
    const zone = String(response.headers[TIMEZONE_HEADER] ?? 'UTC');
    for await (const line of createInterface({ input: response })) {
      const answer = JSON.parse(line) as TerminalAnswer | { error: string; code?: string };
      if ('error' in answer) throw new BotError(answer.code ?? 'refused', answer.error);
      if ('shown' in answer) onShown?.(answer.shown);
      else {
        last = answer.reply;
        onReply(last, zone);
      }
    }
    return { last, isWhole: true };
  } catch (error) {
    // Whoever gave up is told of no end of the bot's.
    signal?.throwIfAborted();
    if (!isBrokenOff(error)) throw error;
    // What was asked may have been done.
    return { last, isWhole: false };
  }
}

function brokenOff(): BotError {
  return new BotError(
    'no-answer',
    'xaxbot stopped before it answered.',
    'Check what happened before you try again.',
  );
}

/** Whether the connection broke, or ended within a line. */
function isBrokenOff(error: unknown): boolean {
  return (
    error instanceof SyntaxError ||
    (error instanceof Error && !(error instanceof BotError) && 'code' in error)
  );
}

/** A new entry link from the running bot, for the only person there is where none is named. */
export async function askWebLink(socketPath: string, person: string | undefined): Promise<EntryLink> {
  const answer = await askedOnce<Partial<EntryLink> & { error?: string }>(socketPath, '/web-link', {
    person,
  });
  if (answer.url === undefined) throw new BotError('web-link', answer.error ?? 'no answer');
  return { url: answer.url, tunnel: answer.tunnel ?? null };
}

/**
 * What the running bot offers to agents. Rejects with NotRunning, when it does not answer in time (milliseconds), and of a bot of
 * a version that does not say it.
 */
export async function askAgentSettings(socketPath: string, withinMs: number): Promise<AgentSettings> {
  const signal = AbortSignal.timeout(withinMs);
  const answer = await askedOnce<Partial<AgentSettings>>(socketPath, '/agent-settings', {}, signal);
  const { presets, queues, mayPropose, agents } = answer;
  if (!presets || !queues || !mayPropose || !agents)
    throw new BotError('refused', 'xaxbot does not say what it offers to agents.');
  return { presets, queues, mayPropose, agents };
}

async function askedOnce<T>(
  socketPath: string,
  path: string,
  body: object,
  signal?: AbortSignal,
): Promise<T> {
  return (await json(await post(socketPath, path, body, signal))) as T;
}

function post(
  socketPath: string,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: 'POST', ...(signal ? { signal } : {}) }, resolve);
    asking.on('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
      reject(nobody ? new NotRunning() : error);
    });
    asking.end(JSON.stringify(body));
  });
}
