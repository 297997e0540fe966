import { createWebClient, type WebClient } from '../test/web-client.ts';

/** What a signed-in browser can ask of the chat. */
export type Browser = Pick<WebClient, 'ask' | 'postTo' | 'get' | 'post'>;

/**
 * Goes in by a link, as the version that printed it lets browsers in: with a key that signs each request, or, before keys, with
 * a token that becomes a session's. A version that does not know the first refuses it and leaves the link as it is.
 */
export async function enter(link: string): Promise<Browser> {
  const base = new URL('/', link).href;
  const client = createWebClient(base);
  const entered = await client.enter(link);
  if (entered.ok) return client;
  const token = new URL(link).hash.slice('#enter='.length);
  const response = await fetch(new URL('api/enter', base), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (!response.ok) throw new Error(`no way into ${base}: ${await response.text()}`);
  const { session } = (await response.json()) as { session: string };
  return withSession(base, session);
}

function withSession(base: string, session: string): Browser {
  const headers = { authorization: `Bearer ${session}`, 'content-type': 'application/json' };
  const ask: Browser['ask'] = (path, init = {}) =>
    fetch(new URL(path, base), { ...init, headers: { ...headers, ...init.headers } });
  const postTo: Browser['postTo'] = (path, body, more = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), ...more });
  return {
    ask,
    postTo,
    get: async <T>(path: string) => (await (await ask(`api/${path}`)).json()) as T,
    post: async <T>(path: string, body: unknown) => (await (await postTo(`api/${path}`, body)).json()) as T,
  };
}
