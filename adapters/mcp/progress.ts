import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { clip } from '../../src/core/clip.ts';
import type { Patience } from '../../src/core/request.ts';
import { ownWords } from './own-words.ts';
import { inOneUnit } from './times.ts';

export type CallRequest = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Clients that are told of progress begin their time-out anew with each notice; several give up after 5 s. */
const PROGRESS_EVERY_MS = 2_000;

/**
 * How long an answer may take. Several clients give up after 5 s. One that listens for progress waits longer if it is
 * asked to, but for most a minute is the end, progress or not.
 */
const SLICE_MS = 4_000;
const LISTENING_MAX_MS = 50_000;
/** Longest words of a notice, characters. */
const WORDS_MAX = 200;

/** How long whoever sent a request waits for its answer. */
export function patienceOf({ _meta }: CallRequest): Omit<Patience, 'gone'> {
  return { usualMs: SLICE_MS, maxMs: _meta?.progressToken === undefined ? SLICE_MS : LISTENING_MAX_MS };
}

/**
 * How what is asked for stands: `state: waiting, job: job-0000007, status: running`. A notice is not marked as a text that
 * somebody else may have written, so of the data it has only what nobody else wrote; undefined where that is nothing.
 */
export function standingWords(data: unknown, queue: string | readonly string[]): string | undefined {
  const own = ownWords(inOneUnit(data), queue);
  if (typeof own !== 'object' || own === null || Array.isArray(own)) return undefined;
  const words = Object.entries(own).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [`${name}: ${value}`] : [],
  );
  return words.length === 0 ? undefined : clip(words.join(', '), WORDS_MAX);
}

/**
 * Tells a client that asked for it every few seconds that its request is under way, until `work` is done; `say`: what is said
 * with it from then on.
 */
export async function withProgress<T>(
  { _meta, sendNotification, signal }: CallRequest,
  work: (say: (words: string | undefined) => void) => Promise<T>,
): Promise<T> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return work(() => {});
  const begun = performance.now();
  let message: string | undefined;
  const timer = setInterval(() => {
    if (signal.aborted) return clearInterval(timer);
    const progress = Math.round(performance.now() - begun) / 1000;
    const params = { progressToken, progress, ...(message === undefined ? {} : { message }) };
    // A client that cannot be told is gone, and its request with it.
    sendNotification({ method: 'notifications/progress', params }).catch(() => clearInterval(timer));
  }, PROGRESS_EVERY_MS);
  try {
    return await work((words) => {
      message = words;
    });
  } finally {
    clearInterval(timer);
  }
}
