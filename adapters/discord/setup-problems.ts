import { RESTJSONErrorCodes as Codes } from 'discord-api-types/v10';
import { OpeningError } from '../../src/core/adapter.ts';
import { errorText } from '../../src/core/errors.ts';
import { gatewayProblem } from './problems.ts';

/** An error of discord.js's own REST client, or of the gateway. */
type Thrown = Error & {
  code?: unknown;
  status?: number;
  retryAfter?: number;
  waitMs?: number;
  rawError?: { retry_after?: number };
};

/** What an error asks to wait, milliseconds; 0: nothing. */
export function askedMs(error: unknown): number {
  const { waitMs, retryAfter, rawError } = error as Thrown;
  const asked = waitMs ?? retryAfter ?? (rawError?.retry_after ?? 0) * 1_000;
  return Number.isFinite(asked) ? asked : 0;
}

/** Why the commands could not be declared, and what mends it. */
export function declaringProblem(error: unknown): string {
  switch ((error as Thrown).code) {
    case Codes.MissingAccess:
      return 'xaxbot was let in without the scope applications.commands: open the invitation link of docs/discord.md again, which has it';
    case Codes.MaximumDailyApplicationCommandCreatesReached:
      return 'Discord lets an app make 200 new commands a day and place, and they are used up (30034): nothing needs to be done';
    case Codes.MaximumNumberOfApplicationCommandsReached:
      return 'the app has as many commands as Discord allows (30032): remove those that are not used, in the developer portal or with whatever made them';
    case Codes.InvalidFormBodyOrContentType:
      return `Discord refuses a declaration, which is a fault of this version of xaxbot: report it with this text (50035: ${errorText(error)})`;
    default:
      return whyUnreached(error);
  }
}

/** Why a call on the way to being connected failed. */
export function whyUnreached(error: unknown): string {
  const { code, status, retryAfter } = error as Thrown;
  if (code === 'TokenInvalid' || status === 401) return gatewayProblem(4004)!;
  if (retryAfter !== undefined || status === 429) return "Discord's rate limit";
  if (status === undefined) return `Discord cannot be reached: ${errorText(error)}`;
  return status >= 500 ? `Discord answered ${status}` : `Discord answered ${status}: ${errorText(error)}`;
}

/** The same as an error that says how long to wait. */
export function unreached(error: unknown): OpeningError {
  return error instanceof OpeningError ? error : new OpeningError(whyUnreached(error), askedMs(error));
}
