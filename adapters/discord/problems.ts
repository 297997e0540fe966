import { RESTJSONErrorCodes as Codes } from 'discord-api-types/v10';

/** The message to edit is no longer there. */
export const GONE: readonly number[] = [Codes.UnknownMessage];
/** Edits of messages older than an hour are used up for now. */
export const OLD_EDITS = 30_046;
/** An interaction's token is older than fifteen minutes. */
export const DEAD_INTERACTION: number = Codes.InvalidWebhookToken;
/** What is answered to an interaction whose token is no longer, or never was, good. */
export const DEAD_INTERACTIONS: readonly number[] = [
  DEAD_INTERACTION,
  Codes.UnknownWebhook,
  Codes.UnknownInteraction,
];
/** A file is larger than the server's limit, or all together are. */
export const TOO_LARGE: readonly number[] = [
  Codes.FileUploadedExceedsMaximumSize,
  Codes.RequestEntityTooLarge,
  413,
];
export const THREAD_EXISTS: number = Codes.ThreadAlreadyCreatedForMessage;
export const THREAD_ARCHIVED = 50_083;
/** The message's own fault: it will be refused again. */
export const REFUSED: readonly number[] = [
  Codes.InvalidFormBodyOrContentType,
  Codes.CannotSendAnEmptyMessage,
  Codes.RequestEntityTooLarge,
];

/** What is wrong and what to do, for codes that people can act on; undefined for others. */
export function problemText(
  code: number | string,
  channel: string | undefined,
  lacking: readonly string[],
): string | undefined {
  const where = channel === undefined ? 'the channel' : `the channel ${channel}`;
  switch (code) {
    case Codes.MissingAccess:
      return `xaxbot cannot see ${where}: give it ${permissions(lacking, 'View Channel')} there`;
    case Codes.MissingPermissions:
      return `xaxbot lacks a permission in ${where}: give it ${permissions(lacking, 'those of docs/discord.md')} there`;
    case Codes.UnknownChannel:
      return `${where} does not exist: correct channels: in xaxbot.yaml, or invite xaxbot to its server`;
    case Codes.UnknownGuild:
      return 'xaxbot is not in the server: invite it with the link of docs/discord.md';
    case 160_005:
      return `the thread in ${where} is locked: unlock it, or give xaxbot Manage Threads`;
    case 160_006:
      return 'the server has as many active threads as Discord allows: archive some';
    case Codes.CannotSendMessagesToThisUser:
      return 'they do not accept direct messages from members of the server: they can allow it in their privacy settings';
    case 401:
    case 40_001:
      return 'Discord rejects the token: put the current one in DISCORD_TOKEN and restart';
    default:
      return undefined;
  }
}

/** Codes with which the gateway closes for good (discord-api-docs, "Gateway Close Event Codes"). */
export function gatewayProblem(code: number): string | undefined {
  switch (code) {
    case 4004:
      return problemText(401, undefined, []);
    case 4013:
    case 4014:
      return 'Discord does not grant an intent: enable "Message Content Intent" for the app in the developer portal, or disable it there and restart';
    default:
      return undefined;
  }
}

function permissions(lacking: readonly string[], otherwise: string): string {
  return lacking.length > 0 ? lacking.join(', ') : otherwise;
}
