import { ErrorCode } from '@slack/web-api';
import { errorText } from '../../src/core/errors.ts';

/** Why a call of the Web API failed, by the error that the SDK made of it. */
export type CallFailure =
  | { kind: 'limit'; waitMs: number }
  /** Slack's own code, with the scope that was missing and what else it says. */
  | { kind: 'code'; code: string; needed: string | undefined; details: readonly string[] }
  /** There was no answer of Slack's own. */
  | { kind: 'none'; text: string };

interface SdkError {
  code?: string;
  /** Seconds. */
  retryAfter?: number;
  statusCode?: number;
  data?: { error?: string; needed?: string; response_metadata?: { messages?: string[] } };
}

export function callFailure(error: unknown): CallFailure {
  const { code, retryAfter = 0, statusCode, data } = error as SdkError;
  if (code === ErrorCode.RateLimitedError) return { kind: 'limit', waitMs: retryAfter * 1_000 };
  if (code === ErrorCode.PlatformError)
    return {
      kind: 'code',
      code: data?.error ?? 'unknown',
      needed: data?.needed,
      details: data?.response_metadata?.messages ?? [],
    };
  const text =
    statusCode === undefined
      ? `Slack cannot be reached: ${errorText(error)}`
      : `Slack answered ${statusCode}`;
  return { kind: 'none', text };
}
