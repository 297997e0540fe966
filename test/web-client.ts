import { createHash, generateKeyPairSync, sign } from 'node:crypto';

export interface WebRequest {
  method?: string;
  body?: string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** A browser of the web chat, as its page makes one: it holds a key, and signs each request with it. */
export function createWebClient(base: string) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
  const key = point.toString('base64url');
  const login = sha256(point);
  let challenge = '';
  let count = 0;

  /** The headers of a request, good for one. */
  function signed(path: string, { method = 'GET', body = '' }: WebRequest = {}): Record<string, string> {
    const { pathname, search } = new URL(path, base);
    const digest = sha256(body);
    count += 1;
    const text = ['xaxbot request', method, `${pathname}${search}`, digest, login, challenge, count].join(
      '\n',
    );
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const proof = `login=${login}, challenge=${challenge}, count=${count}, digest=${digest}, signature=${signature.toString('base64url')}`;
    return { authorization: `Signed ${proof}`, 'content-type': 'application/json' };
  }

  /** Signs for this challenge from now on. */
  function take(wanted: string): void {
    challenge = wanted;
    count = 0;
  }

  /** Any request, relative to the chat's address; signed anew when the bot names another challenge. */
  async function ask(path: string, init: WebRequest = {}): Promise<Response> {
    const send = () =>
      fetch(new URL(path, base), { ...init, headers: { ...signed(path, init), ...init.headers } });
    const response = await send();
    const wanted = response.headers.get('xaxbot-challenge');
    if (wanted === null) return response;
    await response.body?.cancel();
    take(wanted);
    return send();
  }

  const postTo = (path: string, body: unknown, more: WebRequest = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), ...more });
  return {
    base,
    login,
    key,
    signed,
    take,
    ask,
    postTo,
    /** Goes in by a link. */
    enter: (link: string) => postTo('api/enter', { code: new URL(link).hash.slice('#enter='.length), key }),
    get: async <T>(path: string) => (await (await ask(`api/${path}`)).json()) as T,
    post: async <T>(path: string, body: unknown) => (await (await postTo(`api/${path}`, body)).json()) as T,
  };
}

export type WebClient = ReturnType<typeof createWebClient>;

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url');
}
