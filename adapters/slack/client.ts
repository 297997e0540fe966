import { WebClient, type WebClientOptions } from '@slack/web-api';
import { DeliveryError, type DeliveryOutcome } from '../../src/core/adapter.ts';
import type { Reach } from '../../src/core/delivery-error.ts';
import { jsonAnswers } from '../../src/core/json-answers.ts';
import type { Log } from '../../src/core/log.ts';
import { createPace } from '../../src/core/pace.ts';
import type { Clock } from '../../src/core/time.ts';
import { callFailure } from './call-failure.ts';
import { createProblems } from './known-problems.ts';
import { toldLimits } from './limited.ts';
import { POST_BURST, POSTS_PER_SECOND, UPDATES_PER_MINUTE } from './limits.ts';
import { meaningOf } from './problems.ts';
import type { Pace } from './settings.ts';

/** A call that takes longer has gone wrong, milliseconds. */
export const CALL_TIMEOUT_MS = 15_000;
/** How long a problem only a person can fix waits before the next try, milliseconds. */
const PROBLEM_RETRY_MS = 60_000;

/** What Slack counts together (docs.slack.dev, "Rate limits"): edits of the whole workspace, messages of a channel. */
const REACH: Readonly<Record<string, Reach>> = {
  'chat.update': { scope: 'platform', paced: 'edits' },
  'chat.postMessage': { scope: 'channel', paced: 'posts' },
};
const ALONE: Reach = { scope: 'delivery', paced: 'all' };
const BY_CHANNEL = ['chat.postMessage', 'chat.postEphemeral'];

function gateOf(method: string, channel: string | undefined): string {
  return BY_CHANNEL.includes(method) ? `${method} ${channel ?? ''}` : method;
}

/** Methods whose outcome is in doubt when no answer comes: they make something each time. */
const MAKES_SOMETHING = ['chat.postMessage', 'chat.postEphemeral', 'files.completeUploadExternal'];

/** The SDK's options for every client of ours: it waits and repeats nothing by itself, since it would post twice. */
export function clientOptions(apiUrl: string | undefined, fetch: typeof globalThis.fetch): WebClientOptions {
  return {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    fetch: toldLimits(jsonAnswers(fetch)),
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
  /** A channel of the settings. */
  isListed(channel: string): boolean;
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
  /** What Slack asked to leave alone until some time (epoch ms): methods, and methods in channels. */
  const blockedUntil = new Map<string, number>();
  const problems = createProblems(deps);

  async function call<T = Record<string, unknown>>(
    method: string,
    args: Record<string, unknown> = {},
  ): Promise<T> {
    const channel = typeof args.channel === 'string' ? args.channel : undefined;
    waitForPace(method, channel);
    try {
      const answer = await web.apiCall(method, args);
      problems.mended(method, channel);
      return answer as unknown as T;
    } catch (error) {
      throw translated(error, method, channel);
    }
  }

  /** Throws what to wait rather than waiting: the deliverer has other channels to serve meanwhile. */
  function waitForPace(method: string, channel: string | undefined): void {
    const blocked = (blockedUntil.get(gateOf(method, channel)) ?? 0) - clock();
    const wait = blocked > 0 ? blocked : take(method, channel);
    if (wait > 0) throw fail('retry', undefined, `Slack delays ${method}`, wait, REACH[method] ?? ALONE);
  }

  function take(method: string, channel: string | undefined): number {
    if (method === 'chat.update') return updates.take('all');
    return method === 'chat.postMessage' ? posts.take(channel ?? '') : 0;
  }

  function translated(error: unknown, method: string, channel: string | undefined): SlackCallError {
    const failure = callFailure(error);
    const unknown: DeliveryOutcome = MAKES_SOMETHING.includes(method) ? 'doubtful' : 'retry';
    if (failure.kind === 'limit') {
      const { waitMs } = failure;
      blockedUntil.set(gateOf(method, channel), clock() + waitMs);
      return fail('retry', 'ratelimited', `Slack's rate limit of ${method}`, waitMs, REACH[method] ?? ALONE);
    }
    if (failure.kind === 'none') return fail(unknown, undefined, failure.text);
    const { code, needed, details } = failure;
    const meaning = meaningOf(code, { method });
    const said = meaning.text({ method, channel, needed });
    if (meaning.outcome === 'closed') return fail('closed', code, said);
    if (meaning.outcome !== 'retry' || meaning.scope === 'delivery') {
      const outcome = meaning.outcome === 'doubtful' ? unknown : meaning.outcome;
      return fail(
        outcome,
        code,
        `${said} (${[code, ...(details.length > 0 ? [details.join('; ')] : [])].join(': ')})`,
      );
    }
    if (problems.add(meaning, said, method, channel)) log.warn({ method, channel, code }, said);
    return fail('retry', code, said, PROBLEM_RETRY_MS, { scope: meaning.scope });
  }

  return {
    call,
    /** Problems only a person can fix, oldest first. */
    problems: problems.all,
    /** The token is not accepted: nothing works. */
    tokenProblem: () => problems.all().find(({ meaning }) => meaning.ofToken),
  };
}

export type SlackClient = ReturnType<typeof createSlackClient>;

function fail(
  outcome: DeliveryOutcome,
  code: string | undefined,
  message: string,
  retryAfterMs?: number,
  reach?: Reach,
): SlackCallError {
  return Object.assign(new DeliveryError(outcome, message, retryAfterMs, reach), { code });
}
