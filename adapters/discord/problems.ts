import { RESTJSONErrorCodes as Codes } from 'discord-api-types/v10';
import type { DeliveryOutcome, DeliveryScope } from '../../src/core/delivery-error.ts';

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
/** Discord's HTTP status for a token that it does not accept. */
const UNAUTHORIZED = 401;

export interface ProblemDetails {
  /** The channel of the settings that it is about, be it by one of its threads. */
  channel: string | undefined;
  /** The call was to a thread. */
  inThread: boolean;
  /** Permissions that the bot lacks in the channel, as far as they are known. */
  lacking: readonly string[];
}

/** What an error code of Discord's means. */
export interface Meaning {
  outcome: DeliveryOutcome;
  /** What else fares the same. */
  scope: DeliveryScope;
  /** What is wrong, and where somebody can mend it, how. */
  text(details: ProblemDetails): string;
}

const where = ({ channel }: ProblemDetails) =>
  channel === undefined ? 'the channel' : `the channel ${channel}`;
const permissions = ({ lacking }: ProblemDetails, otherwise: string) =>
  lacking.length > 0 ? lacking.join(', ') : otherwise;

const refused = (why: string): Meaning => ({ outcome: 'refused', scope: 'delivery', text: () => why });
const closed = (why: string): Meaning => ({ outcome: 'closed', scope: 'thread', text: () => why });
const channel = (text: Meaning['text']): Meaning => ({ outcome: 'retry', scope: 'channel', text });
const REFUSED = refused('Discord refuses the message');
const NO_TEXT_CHANNEL = channel(
  (of) => `cards cannot stand in ${where(of)}: name a text channel under channels: in xaxbot.yaml`,
);
const REJECTED: Meaning = {
  outcome: 'retry',
  scope: 'platform',
  text: () => 'Discord rejects the token: put the current one in DISCORD_TOKEN and restart',
};
const TOO_OLD: Meaning = {
  outcome: 'never',
  scope: 'delivery',
  text: () => 'the interaction is too old to be answered',
};
const DELETED = closed('the thread was deleted');

/** Discord's error codes (discord-api-docs, "JSON Error Codes"), by what they mean for what was to be said. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  [Codes.UnknownMessage]: { outcome: 'gone', scope: 'delivery', text: () => 'the message was deleted' },
  50005: { outcome: 'frozen', scope: 'delivery', text: () => 'the message is not of this bot' },
  ...Object.fromEntries(DEAD_INTERACTIONS.map((code) => [code, TOO_OLD])),

  [Codes.InvalidFormBodyOrContentType]: REFUSED,
  [Codes.CannotSendAnEmptyMessage]: REFUSED,
  [Codes.RequestEntityTooLarge]: REFUSED,
  50045: REFUSED,
  200000: refused('AutoMod of the server blocks the message'),
  200001: refused('AutoMod of the server blocks the message'),
  160006: refused('the server has as many active threads as Discord allows: archive some'),

  160005: closed('the thread is locked'),
  [THREAD_ARCHIVED]: closed('the thread is archived'),

  [Codes.MissingAccess]: channel(
    (of) => `xaxbot cannot see ${where(of)}: give it ${permissions(of, 'View Channel')} there`,
  ),
  [Codes.MissingPermissions]: channel(
    (of) =>
      `xaxbot lacks a permission in ${where(of)}: give it ${permissions(of, 'those of docs/discord.md')} there`,
  ),
  [Codes.UnknownChannel]: channel(
    (of) => `${where(of)} does not exist: correct channels: in xaxbot.yaml, or invite xaxbot to its server`,
  ),
  [Codes.UnknownGuild]: channel(
    () => 'xaxbot is not in the server: invite it with the link of docs/discord.md',
  ),
  50008: NO_TEXT_CHANNEL,
  50024: NO_TEXT_CHANNEL,
  [Codes.CannotSendMessagesToThisUser]: {
    outcome: 'never',
    scope: 'delivery',
    text: () =>
      'direct messages from members of the server are not accepted: allow them in the privacy settings of the server',
  },

  [UNAUTHORIZED]: REJECTED,
  40001: REJECTED,
};
/** What says, in a call to a thread, that there is no such thread. */
const NO_THREAD: readonly number[] = [Codes.UnknownChannel];

/** What a code means; one that nobody knows is about the call that met it, and nothing else. */
export function meaningOf(code: number, { inThread }: Pick<ProblemDetails, 'inThread'>): Meaning {
  if (inThread && NO_THREAD.includes(code)) return DELETED;
  return MEANINGS[code] ?? { outcome: 'unclear', scope: 'delivery', text: () => `Discord answered ${code}` };
}

/** Codes with which the gateway closes for good (discord-api-docs, "Gateway Close Event Codes"). */
export function gatewayProblem(code: number): string | undefined {
  switch (code) {
    case 4004:
      return REJECTED.text({ channel: undefined, inThread: false, lacking: [] });
    case 4013:
    case 4014:
      return 'Discord does not grant an intent: enable "Message Content Intent" for the app in the developer portal, or disable it there and restart';
    default:
      return undefined;
  }
}
