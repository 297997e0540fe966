import { ErrorCode, WebClient, type WebClientOptions } from '@slack/web-api';
import { DeliveryError, type DeliveryOutcome } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import type { Log } from '../../src/core/log.ts';
import type { Clock } from '../../src/core/time.ts';
import { POST_BURST, POSTS_PER_SECOND, UPDATES_PER_MINUTE } from './limits.ts';
import { createPace } from './pace.ts';
import { DOUBTFUL, FROZEN, GONE, problemText, REFUSED, TOKEN_PROBLEMS } from './problems.ts';
import type { Pace } from './settings.ts';

/** A call that takes longer has gone wrong, milliseconds. */
const CALL_TIMEOUT_MS = 15_000;
/** How long a problem only a person can fix waits before the next try, milliseconds. */
const PROBLEM_RETRY_MS = 60_000;

/** Methods whose outcome is in doubt when no answer comes: they make something each time. */
const MAKES_SOMETHING = ['chat.postMessage', 'chat.postEphemeral', 'files.completeUploadExternal'];

/** The SDK's options for every client of ours: it waits and repeats nothing by itself, since it would post twice. */
export function clientOptions(apiUrl: string | undefined, fetch: typeof globalThis.fetch): WebClientOptions {
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    fetch,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: CALL_TIMEOUT_MS,
  };
}

/** What Slack allows everybody. */
export const SLACK_PACE: Pace = { postsPerSecond: POSTS_PER_SECOND, updatesPerMinute: UPDATES_PER_MINUTE };

export interface SlackCallError extends DeliveryError {
  /** Slack's own code; undefined where no answer came. */
  code: string | undefined;
}

/**
 * Slack's Web API, at the pace it allows. Every failure is a DeliveryError that says what became of the call, in
 * words that name the fix. What only a person can mend stands in `problem` until a call succeeds again.
 */
export function createSlackClient(deps: {
  token: string;
  options: WebClientOptions;
  /** Messages a second in a channel, and edits a minute in all. */
  pace: Pace;
  clock: Clock;
  log: Log;
}) {
  const { clock, log } = deps;
  const web = new WebClient(deps.token, deps.options);
  const updates = createPace({
    perSecond: deps.pace.updatesPerMinute / 60,
    burst: deps.pace.updatesPerMinute / 5,
    clock,
  });
  const posts = createPace({ perSecond: deps.pace.postsPerSecond, burst: POST_BURST, clock });
  /** Methods, and methods in channels, that Slack asked to leave alone until some time (epoch ms). */
  const blockedUntil = new Map<string, number>();
  const problems = new Map<string, { text: string; since: number }>();

  async function call<T = Record<string, unknown>>(
    method: string,
    args: Record<string, unknown> = {},
  ): Promise<T> {
    const channel = typeof args.channel === 'string' ? args.channel : undefined;
    const gate = `${method} ${channel ?? ''}`;
    waitForPace(method, channel, gate);
    try {
      const answer = await web.apiCall(method, args);
      problems.delete('token');
      problems.delete(channel ?? method);
      return answer as unknown as T;
    } catch (error) {
      throw translated(error, method, channel, gate);
    }
  }

  /** Throws what to wait rather than waiting: the deliverer has other channels to serve meanwhile. */
  function waitForPace(method: string, channel: string | undefined, gate: string): void {
    const blocked = (blockedUntil.get(gate) ?? 0) - clock();
    const paced =
      method === 'chat.update'
        ? updates.take('all')
        : method === 'chat.postMessage'
          ? posts.take(channel ?? '')
          : 0;
    const wait = Math.max(blocked, paced);
    if (wait > 0) throw fail('retry', undefined, `Slack delays ${method}`, wait);
  }

  function translated(
    error: unknown,
    method: string,
    channel: string | undefined,
    gate: string,
  ): SlackCallError {
    const details = error as { code?: string; retryAfter?: number; statusCode?: number; data?: PlatformData };
    const unknown: DeliveryOutcome = MAKES_SOMETHING.includes(method) ? 'doubtful' : 'retry';
    if (details.code === ErrorCode.RateLimitedError) {
      const wait = (details.retryAfter ?? 1) * 1000;
      blockedUntil.set(gate, clock() + wait);
      return fail('retry', 'ratelimited', `Slack's rate limit of ${method}`, wait);
    }
    if (details.code !== ErrorCode.PlatformError) {
      const what =
        details.statusCode === undefined
          ? `Slack cannot be reached: ${errorText(error)}`
          : `Slack answered ${details.statusCode}`;
      return fail(unknown, undefined, what);
    }
    const code = details.data?.error ?? 'unknown';
    if (GONE.includes(code)) return fail('gone', code, `the message was deleted (${code})`);
    if (FROZEN.includes(code)) return fail('frozen', code, `the message can no longer be edited (${code})`);
    if (DOUBTFUL.includes(code)) return fail(unknown, code, `Slack answered ${code}`);
    const detail = details.data?.response_metadata?.messages?.join('; ');
    if (REFUSED.includes(code))
      return fail('never', code, `Slack refuses the message: ${code}${detail ? ` (${detail})` : ''}`);
    const text = problemText(code, { method, channel, needed: details.data?.needed });
    if (text === undefined) return fail('retry', code, `Slack answered ${code} to ${method}`);
    const key = TOKEN_PROBLEMS.includes(code) ? 'token' : (channel ?? method);
    if (problems.get(key)?.text !== text) {
      problems.set(key, { text, since: clock() });
      log.warn({ method, channel, code }, text);
    }
    return fail('retry', code, text, PROBLEM_RETRY_MS);
  }

  return {
    call,
    /** Problems only a person can fix, oldest first. */
    problems: () => [...problems.values()].sort((a, b) => a.since - b.since),
    /** The token is not accepted: nothing works. */
    tokenProblem: () => problems.get('token'),
  };
}

export type SlackClient = ReturnType<typeof createSlackClient>;

interface PlatformData {
  error?: string;
  needed?: string;
  response_metadata?: { messages?: string[] };
}

function fail(
  outcome: DeliveryOutcome,
  code: string | undefined,
  message: string,
  retryAfterMs?: number,
): SlackCallError {
  return Object.assign(new DeliveryError(outcome, message, retryAfterMs), { code });
}
