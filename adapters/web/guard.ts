import { randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { clip } from '../../src/core/clip.ts';
import { isLoopback, type WebSettings } from './settings.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Headers of every answer. Scripts and styles come from this origin's files only; nothing is framed, sent on as a
 * referrer, or guessed by its content.
 */
const HEADERS: Record<string, string> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
};

/**
 * Refuses requests that another site's page makes through somebody's browser: by a name that points here
 * (DNS rebinding) or from its own origin. Any port will do of this host, so that an ssh tunnel works.
 */
export function sameOrigin({ host: boundHost, publicOrigin }: WebSettings): MiddlewareHandler {
  const publicName = publicOrigin === null ? undefined : new URL(publicOrigin).hostname;
  return async (context, next) => {
    const host = (context.req.header('host') ?? '').toLowerCase();
    const name = host.replace(/:\d+$/, '');
    const isHere = LOOPBACK_NAMES.has(name) || (isLoopback(boundHost) && name === boundHost);
    if (!isHere && name !== publicName)
      throw refusal(
        421,
        'wrong-host',
        `This chat does not answer to the name "${clip(name, 100)}".`,
        `Open it as ${publicOrigin ?? '127.0.0.1 or localhost'}.`,
      );
    const origin = context.req.header('origin');
    const isOwn = isHere && (origin === `http://${host}` || origin === `https://${host}`);
    if (origin !== undefined && origin !== publicOrigin && !isOwn)
      throw refusal(403, 'wrong-origin', 'This request comes from another site.', 'Open the chat itself.');
    await next();
  };
}

/** An HTTP error in words: what, and what to do. */
export function refusal(
  status: 400 | 401 | 403 | 404 | 413 | 421 | 429,
  code: string,
  message: string,
  hint: string,
  headers: Record<string, string> = {},
): HTTPException {
  return new HTTPException(status, { message, cause: { code, hint, headers } });
}

interface RefusalCause {
  code?: string;
  hint?: string;
  headers?: Record<string, string>;
}

/** Where what nobody can mend is written down; pino's shape. */
export interface FailureLog {
  error(fields: object, message: string): void;
}

/** The answer to a request that failed: what to do for who can mend it, else a reference to the log. */
export function answerFailures(log: FailureLog | undefined) {
  return (error: unknown, context: Context): Response => {
    if (error instanceof HTTPException) {
      const { code = 'refused', hint = '', headers } = (error.cause ?? {}) as RefusalCause;
      return context.json({ error: { code, message: error.message, hint } }, error.status, headers);
    }
    const reference = randomBytes(4).toString('hex');
    log?.error({ err: error, reference, path: context.req.path }, 'a request to the web chat failed');
    const message = `Something went wrong (${reference}).`;
    return context.json(
      { error: { code: 'internal', message, hint: "The bot's own log has the details." } },
      500,
    );
  };
}
