import { ErrorCode } from '@slack/web-api';
import { errorText } from '../../src/core/errors.ts';
import { problemText } from './problems.ts';

/** Why a socket is over or was not opened. */
export class SocketError extends Error {
  /** How long Slack asks to wait, milliseconds. */
  readonly waitMs: number;
  /** Slack said it of a socket that was open. */
  readonly isTold: boolean;

  constructor(message: string, { waitMs = 0, isTold = false } = {}) {
    super(message);
    this.name = 'SocketError';
    this.waitMs = waitMs;
    this.isTold = isTold;
  }
}

/** The reasons that Slack gives before it closes a socket (docs.slack.dev, "Using Socket Mode"). */
export function disconnectProblem(reason: unknown): SocketError {
  switch (reason) {
    case 'warning':
    case 'refresh_requested':
      return new SocketError('Slack renews the connection');
    case 'link_disabled':
      return new SocketError(
        'Socket Mode is switched off for the app: switch it on at https://api.slack.com/apps, under "Socket Mode"',
        { isTold: true },
      );
    case 'too_many_websockets':
      return new SocketError(
        'the app has as many connections as Slack allows, ten: stop the other processes that use it',
        { isTold: true },
      );
    default:
      return new SocketError(`Slack closed the connection (${String(reason)})`, { isTold: true });
  }
}

/** Why apps.connections.open gave no socket, or the socket could not be opened. */
export function whyUnopened(error: unknown): SocketError {
  if (error instanceof SocketError) return error;
  const details = error as {
    code?: string;
    retryAfter?: number;
    statusCode?: number;
    data?: { error?: string };
  };
  if (details.code === ErrorCode.RateLimitedError)
    return new SocketError("Slack's rate limit of apps.connections.open", {
      waitMs: details.retryAfter! * 1_000,
    });
  if (details.code === ErrorCode.PlatformError) {
    const code = details.data?.error ?? 'unknown';
    const text = appTokenProblem(code);
    return new SocketError(text ?? `Slack answered ${code} to apps.connections.open`);
  }
  if (details.statusCode !== undefined) return new SocketError(`Slack answered ${details.statusCode}`);
  return new SocketError(`Slack cannot be reached: ${errorText(error)}`);
}

/** What is wrong with the app's token (xapp-) or its Socket Mode, and what to do. */
function appTokenProblem(code: string): string | undefined {
  switch (code) {
    case 'invalid_auth':
    case 'not_authed':
    case 'token_expired':
    case 'token_revoked':
    case 'account_inactive':
      return `Slack rejects the token in SLACK_APP_TOKEN (${code}): make one under "Basic Information", "App-Level Tokens", put it there and restart`;
    case 'not_allowed_token_type':
      return 'the token in SLACK_APP_TOKEN is of another kind: it takes the app-level token, which begins with xapp-';
    case 'missing_scope':
    case 'no_permission':
      return 'the token in SLACK_APP_TOKEN lacks the scope connections:write: make one that has it under "Basic Information", "App-Level Tokens", put it there and restart';
    case 'socket_mode_not_enabled':
    case 'forbidden_team':
      return `Slack does not open Socket Mode for the app (${code}): switch it on at https://api.slack.com/apps, under "Socket Mode"`;
    default:
      return problemText(code, { method: 'apps.connections.open' });
  }
}
