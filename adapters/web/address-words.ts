import { UNIX, type WebSettings } from './settings.ts';

/** The address that people open. */
export function addressOf({ host, port, publicOrigin }: WebSettings): string {
  if (publicOrigin !== null) return `${publicOrigin}/`;
  const name = host === UNIX ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}/`;
}

/** The same, and what stands between it and the chat. */
export function addressWords(settings: WebSettings): string {
  const { host, port, publicOrigin } = settings;
  const place = host === UNIX ? 'a socket in the data folder' : `${host}:${port}`;
  if (publicOrigin !== null)
    return `${addressOf(settings)} behind a proxy with TLS, which reaches it over plain HTTP on ${place}`;
  return host === UNIX ? `${addressOf(settings)} forwarded to ${place}` : addressOf(settings);
}
