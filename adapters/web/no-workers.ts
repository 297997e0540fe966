import type { MiddlewareHandler } from 'hono';

/** A worker that takes itself away, and has the pages that it served loaded anew. */
const GONE = `addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil((async () => {
  await registration.unregister();
  for (const page of await clients.matchAll({ type: 'window' })) page.navigate(page.url);
})()));
`;

/**
 * The chat has no service worker. One that a browser asks for was left there by whoever listened on this port while the bot was
 * down: a browser fetches its script anew, past the worker and past its cache, whenever it opens the page.
 */
export const noWorkers: MiddlewareHandler = async (context, next) => {
  if (context.req.header('service-worker') !== 'script') return next();
  context.res = context.body(GONE, 200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' });
};
