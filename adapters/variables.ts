import { BotError } from '../src/core/errors.ts';
import type { Variables } from './kind.ts';

/** A token; what is wrong with it is said without it. Undefined where it is not set; error `config`. */
export function token(name: string, variables: Variables, prefix: string): string | undefined {
  const value = variables[name]?.trim();
  if (!value) return undefined;
  if (value.startsWith(prefix) && !/\s/.test(value)) return value;
  throw new BotError(
    'config',
    `${name} is not a valid token.`,
    prefix === '' ? 'It must not contain spaces.' : `It starts with ${prefix} and contains no spaces.`,
  );
}

/** Where a platform is reached instead of its own address; tokens go there, so it must be a safe way. Error `config`. */
export function apiUrl(name: string, variables: Variables): string | undefined {
  const text = variables[name];
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback)) return text;
  throw new BotError(
    'config',
    `${name} is "${text}".`,
    'Accepted: an https:// address, or http:// on this host (127.0.0.1, localhost): tokens go there.',
  );
}
