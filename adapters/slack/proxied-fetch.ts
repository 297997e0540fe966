import { type Dispatcher, fetch as undiciFetch } from 'undici';

/** fetch, by the way through a proxy. */
export function proxiedFetch(dispatcher: Dispatcher): typeof globalThis.fetch {
  return ((url: string, init: object) => undiciFetch(url, { ...init, dispatcher })) as never;
}
