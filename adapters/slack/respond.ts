import { DeliveryError } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import { CALL_TIMEOUT_MS } from './client.ts';
import { RESPONSES_MAX } from './limits.ts';
import type { Rendered } from './render.ts';

/** How long a response_url may be used, milliseconds (docs.slack.dev, "Handling user interaction"), less a margin. */
const LIFE_MS = 30 * 60_000 - 30_000;

/** Slack's own way to answer somebody alone, which works in channels that the bot is not in. */
export interface Responder {
  /** Whether it can still be used. */
  isGood(): boolean;
  /** Shows this to the asker. Throws DeliveryError. */
  say(said: Pick<Rendered, 'text' | 'blocks'>, thread: string | undefined): Promise<void>;
  /** Shows this in place of the message that was pressed. Throws DeliveryError. */
  replace(said: Pick<Rendered, 'text' | 'blocks'>): Promise<void>;
}

/** Answers over a response_url; what it refuses once it refuses for good. */
export function createResponder({
  url,
  fetch,
  clock,
}: {
  url: string;
  fetch: typeof globalThis.fetch;
  clock(): number;
}): Responder {
  const since = clock();
  let uses = 0;
  let isDead = false;

  async function post(body: object): Promise<Response> {
    try {
      return await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
    } catch (error) {
      throw new DeliveryError('doubtful', `Slack cannot be reached: ${errorText(error)}`);
    }
  }

  async function respond(body: object): Promise<void> {
    const answer = await post(body);
    // How it went shows in the status already, should the rest of the answer be lost.
    const said = await answer.text().catch(() => '');
    if (answer.status === 429) {
      const seconds = Number(answer.headers.get('retry-after') ?? 1);
      throw new DeliveryError('retry', "Slack's rate limit of a response_url", seconds * 1000);
    }
    if (answer.status >= 500) throw new DeliveryError('doubtful', `Slack answered ${answer.status}`);
    const code = refusalOf(said);
    if (answer.ok && code === undefined) {
      uses += 1;
      return;
    }
    // What it holds may be at fault as well; then the next may be taken.
    isDead = code === undefined || code.endsWith('_url');
    const outcome = isDead ? 'never' : 'refused';
    throw new DeliveryError(outcome, `Slack does not take this answer: ${code ?? answer.status}`);
  }

  return {
    isGood: () => !isDead && uses < RESPONSES_MAX && clock() - since < LIFE_MS,

    say({ text, blocks }, thread) {
      const place = thread === undefined ? {} : { thread_ts: thread };
      return respond({ response_type: 'ephemeral', replace_original: false, ...place, text, blocks });
    },

    replace: ({ text, blocks }) =>
      respond({ response_type: 'ephemeral', replace_original: true, text, blocks }),
  };
}

/** Slack's own code of a refusal, which comes with any status: `used_url`, `expired_url`, `invalid_blocks`. */
function refusalOf(body: string): string | undefined {
  try {
    const { ok, error } = JSON.parse(body) as { ok?: boolean; error?: string };
    return ok === false ? (error ?? 'unknown') : undefined;
  } catch {
    return undefined;
  }
}
