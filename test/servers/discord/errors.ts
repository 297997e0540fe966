/** Words of topics/opcodes-and-status-codes for the JSON error codes that this server answers, with their HTTP status. */
const ERRORS = {
  0: [401, '401: Unauthorized'],
  10002: [404, 'Unknown Application'],
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10013: [404, 'Unknown User'],
  10014: [400, 'Unknown Emoji'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  10063: [404, 'Unknown application command'],
  20012: [403, 'You are not authorized to perform this action on this application'],
  30010: [400, 'Maximum number of reactions reached (20)'],
  30015: [400, 'Maximum number of attachments in a message reached (10)'],
  30032: [400, 'Maximum number of application commands reached'],
  30034: [400, 'Maximum number of daily application command creates has been reached (200)'],
  40005: [413, 'Request entity too large'],
  40060: [400, 'Interaction has already been acknowledged.'],
  50001: [403, 'Missing Access'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50008: [400, 'Cannot send messages in a non-text channel'],
  50013: [403, 'Missing Permissions'],
  50024: [400, 'Cannot execute action on this channel type'],
  50027: [401, 'Invalid Webhook Token'],
  50045: [413, 'File uploaded exceeds the maximum size'],
  50083: [400, 'Thread is archived'],
  50109: [400, 'The request body contains invalid JSON.'],
  160002: [403, 'Cannot reply without permission to read message history'],
  160004: [400, 'A thread has already been created for this message'],
  160005: [403, 'Thread is locked'],
} as const satisfies Record<number, readonly [number, string]>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal as the REST API words it: thrown anywhere while a request is answered. */
export interface Refusal {
  refusal: true;
  status: number;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
  /** In place of the body. */
  page?: { type: string; body: string };
}

export function isRefusal(error: unknown): error is Refusal {
  return typeof error === 'object' && error !== null && 'refusal' in error;
}

/** The refusal for one of Discord's JSON error codes; throw it. */
export function refuse(code: ErrorCode): Refusal {
  const [status, message] = ERRORS[code];
  return { refusal: true, status, body: { message, code } };
}

/** 429 as topics/rate-limits shows it; `code` for limits that have one (30046). */
export function tooMany(
  retryAfterSeconds: number,
  limit: { global?: boolean; scope?: 'user' | 'global' | 'shared'; code?: number; message?: string },
): Refusal {
  const global = limit.global ?? false;
  return {
    refusal: true,
    status: 429,
    body: {
      message: limit.message ?? 'You are being rate limited.',
      retry_after: retryAfterSeconds,
      global,
      ...(limit.code === undefined ? {} : { code: limit.code }),
    },
    headers: {
      'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))),
      'X-RateLimit-Scope': limit.scope ?? (global ? 'global' : 'user'),
      ...(global ? { 'X-RateLimit-Global': 'true' } : {}),
    },
  };
}
