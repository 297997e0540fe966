/** How long is waited where a limit does not say, seconds: Slack counts within a minute. */
const UNSAID_SECONDS = 10;

/**
 * A fetch for Slack's API, every 429 of which says how long to wait. Of one that does not, such as a proxy's, the SDK makes
 * an error without a code, which looks like a line that was cut: as if the message might have been posted.
 */
export function toldLimits(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (url, init) => {
    const answer = await fetch(url, init);
    if (answer.status !== 429 || /^\s*\d/.test(answer.headers.get('retry-after') ?? '')) return answer;
    await answer.body?.cancel();
    return new Response(null, { status: 429, headers: { 'retry-after': String(UNSAID_SECONDS) } });
  };
}
