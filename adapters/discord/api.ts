import { type RawFile, REST, type RESTOptions } from 'discord.js';
import { DeliveryError, type DeliveryOutcome } from '../../src/core/adapter.ts';
import type { Reach } from '../../src/core/delivery-error.ts';
import { errorText } from '../../src/core/errors.ts';
import { jsonAnswers } from '../../src/core/json-answers.ts';
import type { Log } from '../../src/core/log.ts';
import type { Clock } from '../../src/core/time.ts';
import { DEAD_INTERACTION, meaningOf, OLD_EDITS } from './problems.ts';

const CALL_TIMEOUT_MS = 15_000;
/** The first answer of an interaction is too late after three seconds; of these it may wait so long, milliseconds. */
const FIRST_WAIT_MS = 1_500;
/** How long a problem only a person can fix waits before the next try, milliseconds. */
const PROBLEM_RETRY_MS = 60_000;
/** How long an edit of an old message waits for the limit to have room again, milliseconds. */
const OLD_EDIT_RETRY_MS = 10_000;

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface Call {
  body?: unknown;
  files?: RawFile[];
  query?: URLSearchParams;
  /** The channel that it is about, for the words of what goes wrong, and whether it is to one of its threads. */
  channel?: string | undefined;
  inThread?: boolean;
  /** It makes something each time, so that without an answer its outcome is in doubt. */
  makes?: boolean;
}

export interface DiscordCallError extends DeliveryError {
  /** Discord's own code, else the HTTP status; undefined where no answer came. */
  code: number | undefined;
  /** A rate limit of something narrower than what Discord counts by its headers. */
  isNarrow?: boolean;
}

/** Options of every REST client of ours: the library repeats nothing by itself, and says when it would have to wait. */
export function restOptions(apiUrl: string | undefined): Partial<RESTOptions> {
  return {
    ...(apiUrl === undefined ? {} : { api: apiUrl.replace(/\/$/, '') }),
    version: '10',
    retries: 0,
    timeout: CALL_TIMEOUT_MS,
    // The library's own way sends files through whatever undici was loaded first, which must be one that knows its forms.
    makeRequest: jsonAnswers(fetch) as unknown as RESTOptions['makeRequest'],
    // Only the first answer of an interaction is waited for: whoever gives any other can wait, or goes another way.
    rejectOnRateLimit: ({ url, retryAfter }) => !/\/interactions\//.test(url) || retryAfter > FIRST_WAIT_MS,
  };
}

/**
 * Discord's REST API. Every failure is a DeliveryError that says what became of the call, in words that name the
 * fix. What only a person can mend stands in `problems` until a call there succeeds again.
 */
export function createDiscordApi(deps: {
  token: string;
  apiUrl: string | undefined;
  /** Permissions that the bot lacks in a channel, as far as they are known. */
  lacking(channel: string): readonly string[];
  /** A channel of the settings. */
  isListed(channel: string): boolean;
  clock: Clock;
  log: Log;
}) {
  const { clock, log } = deps;
  const rest = new REST(restOptions(deps.apiUrl));
  const problems = new Map<string, { text: string; since: number }>();

  async function call<T>(
    method: Method,
    path: `/${string}`,
    { channel, inThread = false, makes = false, ...options }: Call = {},
  ): Promise<T> {
    try {
      // The library forgets its token at a 401; an interaction's own calls carry theirs in the path.
      rest.setToken(deps.token);
      const auth = !path.startsWith('/webhooks/');
      const answer = await rest.request({ ...options, auth, method: method as never, fullRoute: path });
      problems.delete('token');
      problems.delete(channel ?? path);
      return answer as T;
    } catch (error) {
      throw translated(error, { method, path, channel, inThread, makes });
    }
  }

  function translated(
    error: unknown,
    { method, path, channel, inThread, makes }: Attempted,
  ): DiscordCallError {
    const details = error as RestFailure;
    const unknown: DeliveryOutcome = makes ? 'doubtful' : 'retry';
    if (details.name?.startsWith('RateLimitError') || details.retryAfter !== undefined) {
      const wait = Math.max(1, details.retryAfter ?? 1_000);
      const reach = details.global ? EVERYTHING : countedTogether(method, path, inThread);
      return Object.assign(fail('retry', 429, "Discord's rate limit", wait, reach), {
        isNarrow: (details.sublimitTimeout ?? 0) > 0,
      });
    }
    if (details.status === undefined)
      return fail(unknown, undefined, `Discord cannot be reached: ${errorText(error)}`);
    if (details.status >= 500) return fail(unknown, details.status, `Discord answered ${details.status}`);
    const code = details.status === 401 && details.code !== DEAD_INTERACTION ? 401 : Number(details.code);
    if (code === OLD_EDITS)
      return fail('retry', code, 'Discord delays edits of messages older than an hour', OLD_EDIT_RETRY_MS, {
        scope: 'delivery',
        paced: 'edits',
      });
    const meaning = meaningOf(code, { inThread });
    const lacking = channel === undefined ? [] : deps.lacking(channel);
    const text = meaning.text({ channel, inThread, lacking });
    if (meaning.outcome !== 'retry') {
      const isExplained = meaning.outcome === 'closed' || meaning.outcome === 'never';
      return fail(meaning.outcome, code, isExplained ? text : `${text} (${errorText(error)})`);
    }
    const key = meaning.scope === 'platform' ? 'token' : (channel ?? path);
    // What goes wrong where somebody only asked something is told to them alone.
    const isTold = meaning.scope === 'platform' || (channel !== undefined && deps.isListed(channel));
    if (isTold && problems.get(key)?.text !== text) {
      problems.set(key, { text, since: clock() });
      log.warn({ channel, code }, text);
    }
    return fail('retry', code, text, PROBLEM_RETRY_MS, { scope: meaning.scope });
  }

  return {
    call,
    /** Ends what the REST client does by itself; no call follows. */
    close(): void {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
    /** Problems only a person can fix, oldest first. */
    problems: () => [...problems.values()].sort((a, b) => a.since - b.since),
  };
}

/** A call that failed. */
interface Attempted {
  method: Method;
  path: string;
  channel: string | undefined;
  inThread: boolean;
  makes: boolean;
}

/** What discord.js throws: an answer that is an error, or a limit of its own count or of Discord's answer. */
interface RestFailure {
  name?: string;
  code?: number | string;
  status?: number;
  retryAfter?: number;
  global?: boolean;
  sublimitTimeout?: number;
}

const EVERYTHING: Reach = { scope: 'platform', paced: 'all' };

/** What Discord counts together: a route in a channel, of which a thread is one. */
function countedTogether(method: Method, path: string, inThread: boolean): Reach {
  const scope = inThread ? 'thread' : 'channel';
  if (method === 'POST' && /^\/channels\/\d+\/messages$/.test(path)) return { scope, paced: 'posts' };
  if (method === 'PATCH' && /^\/channels\/\d+\/messages\/\d+$/.test(path)) return { scope, paced: 'edits' };
  return { scope: 'delivery', paced: 'all' };
}

export type DiscordApi = ReturnType<typeof createDiscordApi>;

function fail(
  outcome: DeliveryOutcome,
  code: number | undefined,
  message: string,
  retryAfterMs?: number,
  reach?: Reach,
): DiscordCallError {
  return Object.assign(new DeliveryError(outcome, message, retryAfterMs, reach), { code });
}
