import { OpeningError } from '../../src/core/adapter.ts';
import { callFailure } from './call-failure.ts';
import { meaningOf, OPEN_METHOD } from './problems.ts';

/** Why a socket is over or was not opened. */
export class SocketError extends OpeningError {
  /** Slack said it of a socket that was open. */
  readonly isTold: boolean;

  constructor(message: string, { waitMs = 0, isTold = false } = {}) {
    super(message, waitMs);
    this.name = 'SocketError';
    this.isTold = isTold;
  }
}

/** Of a socket that Slack closes: by the reason that it gave (docs.slack.dev, "Using Socket Mode"). */
export function disconnectProblem(reason: unknown): SocketError {
  if (reason === 'warning' || reason === 'refresh_requested')
    return new SocketError('Slack renews the connection');
  return new SocketError(words(String(reason), `Slack closed the connection (${reason})`), { isTold: true });
}

/** Why apps.connections.open gave no socket, or the socket could not be opened. */
export function whyUnopened(error: unknown): SocketError {
  if (error instanceof SocketError) return error;
  const failure = callFailure(error);
  if (failure.kind === 'none') return new SocketError(failure.text);
  if (failure.kind === 'limit')
    return new SocketError(`Slack's rate limit of ${OPEN_METHOD}`, { waitMs: failure.waitMs });
  const { code, needed } = failure;
  return new SocketError(words(code, `Slack answered ${code} to ${OPEN_METHOD}`, needed));
}

function words(code: string, otherwise: string, needed?: string): string {
  const { outcome, text } = meaningOf(code, { method: OPEN_METHOD });
  return outcome === 'retry' ? text({ method: OPEN_METHOD, needed }) : otherwise;
}
