import { isIPv4 } from 'node:net';
import { asGiven } from '../../src/core/as-given.ts';
import { BotError } from '../../src/core/errors.ts';
import type { Variables } from '../kind.ts';

/** Where the web chat listens. */
export interface WebSettings {
  /** An address, or `unix`: a socket in the data folder that only the bot's own user can open. */
  host: string;
  /** 0 takes a free one. With `unix`: the one that people forward to the socket. */
  port: number;
  /** The origin under which a proxy with TLS serves it, `https://chat.example.org`; null: there is none. */
  publicOrigin: string | null;
}

/** `XAXBOT_WEB_HOST` for a socket. */
export const UNIX = 'unix';
/** Its name in the data folder. */
export const SOCKET_NAME = 'web.sock';

const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 8787;

/** The settings that the variables make; null: the chat is off. Error `config`. */
export function readSettings(variables: Variables): WebSettings | null {
  const text = variables.XAXBOT_WEB_PORT || String(DEFAULT_PORT);
  if (text === 'off') return null;
  const host = variables.XAXBOT_WEB_HOST || DEFAULT_HOST;
  const publicOrigin = variables.XAXBOT_WEB_URL ? readOrigin(variables.XAXBOT_WEB_URL) : null;
  if (host !== UNIX && !isLoopback(host) && publicOrigin === null) {
    throw new BotError(
      'config',
      `XAXBOT_WEB_HOST is "${host}", where others on the network would reach the web chat over plain HTTP.`,
      'Leave it out and reach the chat with "ssh -L", or put a proxy with TLS in front of it and name its address in XAXBOT_WEB_URL, as in https://chat.example.org.',
    );
  }
  const port = readPort(text);
  return { host, port: host === UNIX ? port || DEFAULT_PORT : port, publicOrigin };
}

/** Whether an address is reached from this host alone; a name or a number in any other form counts as one that is not. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new BotError(
    'config',
    `XAXBOT_WEB_PORT is ${asGiven(text)}.`,
    'Accepted: a port from 0 to 65535 (0 takes a free one), or "off".',
  );
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol === 'https:' && url.href === `${url.origin}/`) return url.origin;
  throw new BotError(
    'config',
    `XAXBOT_WEB_URL is "${text}".`,
    'Accepted: the https address of a proxy, with a name and at most a port, as in https://chat.example.org.',
  );
}

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

/** How many names doctor tells. */
const NAMES_MAX = 3;

/** What doctor says of a port that others on the host could take; empty where they cannot, or nobody else is there. */
export function portWarning({ host, publicOrigin }: WebSettings, others: readonly string[]): string {
  if (host === UNIX || publicOrigin !== null || others.length === 0) return '';
  const more = others.length > NAMES_MAX ? ` and ${others.length - NAMES_MAX} more` : '';
  const who = `${others.slice(0, NAMES_MAX).join(', ')}${more}`;
  return `; ${who} can log in here too, and take this port while xaxbot is down: set XAXBOT_WEB_HOST=${UNIX} (docs/web-chat.md)`;
}
