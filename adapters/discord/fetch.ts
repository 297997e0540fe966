/** Statuses whose answer is understood without its body. */
const WITHOUT_BODY = (status: number) => status === 204 || status === 429 || status >= 500;

/**
 * Node's fetch for Discord's API. Error: an answer that is no JSON, since discord.js would take a proxy's page for what
 * was asked for, or fail on it with words that say nothing.
 */
export async function discordFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  const type = answer.headers.get('content-type') ?? 'no content type';
  if (WITHOUT_BODY(answer.status) || type.startsWith('application/json')) return answer;
  await answer.body?.cancel();
  throw new Error(
    `something on the way answered in its place (${answer.status}, ${type}), such as a proxy or a filter: let ${new URL(url).host} through`,
  );
}
