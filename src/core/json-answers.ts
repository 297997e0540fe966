type Fetch = typeof globalThis.fetch;

/** Answers that are understood by their status alone. */
const isUnderstood = (status: number) => status === 204 || status === 429 || status >= 500;

/**
 * A fetch for a platform's API, every answer of which is JSON. Error: an answer that is none, or half of one. The libraries would
 * take a proxy's page, or what came of a line that broke, for what was asked for or for the platform's error code, as if
 * nothing had been done; or fail on it with words that say nothing.
 */
export function jsonAnswers(fetch: Fetch): Fetch {
  return async (url, init) => {
    const answer = await fetch(url, init);
    const type = answer.headers.get('content-type') ?? 'no content type';
    if (isUnderstood(answer.status)) return answer;
    if (type.startsWith('application/json')) return whole(answer);
    await answer.body?.cancel();
    const { host } = new URL(url instanceof Request ? url.url : url);
    throw new Error(
      `something on the way answered in its place (${answer.status}, ${type}), such as a proxy or a filter: let ${host} through`,
    );
  };
}

async function whole(answer: Response): Promise<Response> {
  const text = await answer.text();
  try {
    JSON.parse(text);
  } catch {
    throw new Error(`the answer (${answer.status}) broke off after ${text.length} characters`);
  }
  return new Response(text, answer);
}
