import * as key from './key.js';
import { foreign, Refusal, unreachable } from './refusal.js';

/** What only reads is answered at once; after this long nobody is there, milliseconds. */
const READ_LIMIT = 20_000;

/** Where the bot names the challenge to sign with. */
const CHALLENGE_HEADER = 'xaxbot-challenge';

/**
 * A request that this browser has signed. Where it has no challenge to sign with, or an old one, it asks for one before. When the
 * bot names another in its answer (it was restarted), nothing was done, and the request is signed again. Rejects with Refusal
 * where nothing answers.
 */
export async function ask(path, init = {}) {
  const { method = 'GET', body } = init;
  const reach = (...request) =>
    fetch(...request).catch(() => {
      throw unreachable();
    });
  const send = async () => {
    const proof = await key.signed(method, path, body);
    return reach(path, { ...init, headers: { ...init.headers, ...proof } });
  };
  if (!key.hasChallenge()) {
    const named = await reach('/api/challenge', { signal: init.signal ?? AbortSignal.timeout(READ_LIMIT) });
    const first = named.headers.get(CHALLENGE_HEADER);
    // Others may have asked meanwhile. One without any is told so by what follows.
    if (first !== null && !key.hasChallenge()) key.take(first);
  }
  const response = await send();
  const wanted = response.headers.get(CHALLENGE_HEADER);
  if (wanted === null) return response;
  key.take(wanted);
  return send();
}

/** The JSON of a response; rejects with Refusal where it refuses, or is not the bot's. */
export async function answer(response) {
  const json = await response.json().catch(() => undefined);
  if (json === undefined || (!response.ok && !json?.error)) throw foreign(response.status);
  if (!response.ok) throw new Refusal(json.error);
  return json;
}

/** Signs this browser in with the code of a link. */
export async function enter(code) {
  const made = await key.make();
  await post('enter', { code, key: made.key });
  await made.keep();
}

export function get(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = given.length > 0 ? `?${new URLSearchParams(given)}` : '';
  return ask(`/api/${path}${search}`, { signal: AbortSignal.timeout(READ_LIMIT) }).then(answer);
}

export function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  return ask(`/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).then(answer);
}
