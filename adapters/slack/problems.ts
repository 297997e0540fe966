import type { DeliveryOutcome, DeliveryScope } from '../../src/core/delivery-error.ts';

/** The one method that takes the app's token, and not the bot's. */
export const OPEN_METHOD = 'apps.connections.open';

export interface ProblemDetails {
  method: string;
  channel?: string | undefined;
  /** The scope that was missing, as Slack names it. */
  needed?: string | undefined;
}

/** What an error code of Slack's means. */
export interface Meaning {
  outcome: DeliveryOutcome;
  /** What else fares the same. */
  scope: DeliveryScope;
  /** What is wrong, and where somebody can mend it, how. */
  text(details: ProblemDetails): string;
  /** It concerns this method only, in its scope. */
  ofMethod?: boolean;
  /** Nothing works until somebody changes a token. */
  ofToken?: boolean;
}

const where = ({ channel }: ProblemDetails) =>
  channel === undefined ? 'the channel' : `the channel ${channel}`;

const GONE: Meaning = { outcome: 'gone', scope: 'delivery', text: () => 'the message was deleted' };
const FROZEN: Meaning = {
  outcome: 'frozen',
  scope: 'delivery',
  text: () => 'the message can no longer be edited',
};
const REFUSED: Meaning = { outcome: 'refused', scope: 'delivery', text: () => 'Slack refuses the message' };
/** Slack did not say whether it was done. */
const DOUBTFUL: Meaning = { outcome: 'doubtful', scope: 'delivery', text: () => 'Slack failed' };
const closed = (why: string): Meaning => ({ outcome: 'closed', scope: 'thread', text: () => why });
const channel = (text: Meaning['text'], ofMethod = false): Meaning => ({
  outcome: 'retry',
  scope: 'channel',
  text,
  ofMethod,
});
/** Of two tokens, the one that the method takes. */
const token = (ofBot: string, ofApp: string): Meaning => ({
  outcome: 'retry',
  scope: 'platform',
  text: ({ method }) => (method === OPEN_METHOD ? ofApp : ofBot),
  ofToken: true,
});
const platform = (text: Meaning['text'], ofMethod = false): Meaning => ({
  outcome: 'retry',
  scope: 'platform',
  text,
  ofMethod,
});

const NOT_THERE = channel((of) => `xaxbot is not in ${where(of)}: type "/invite @xaxbot" there`);
const RESTRICTED = channel(
  (of) =>
    `the workspace does not let xaxbot post in ${where(of)}: an admin can allow it in the channel's settings`,
  true,
);
const NEW_APP_TOKEN =
  'make one under "Basic Information", "App-Level Tokens", put it into SLACK_APP_TOKEN and restart';
const REJECTED = token(
  'Slack rejects the token in SLACK_BOT_TOKEN: put the current one there and restart',
  `Slack rejects the token in SLACK_APP_TOKEN: ${NEW_APP_TOKEN}`,
);
const REVOKED = token(
  'the token was revoked or the app removed: install it again, put the new token into SLACK_BOT_TOKEN and restart',
  `the token in SLACK_APP_TOKEN was revoked or the app removed: ${NEW_APP_TOKEN}`,
);
const NO_SOCKET_MODE = platform(
  () =>
    'Socket Mode is switched off for the app: switch it on at https://api.slack.com/apps, under "Socket Mode"',
);
const ADMINS = platform(
  () => "the workspace's admins do not let xaxbot in: ask one of them to approve the app",
);
const NO_FILES: Meaning = {
  outcome: 'refused',
  scope: 'delivery',
  text: () => 'the workspace does not accept files: charts and logs are shown as text',
  ofMethod: true,
};
const DELETED = closed('the thread was deleted');
const LOCKED = closed('the thread is locked');

/** One person cannot be written to; nothing else fares the same. */
const unreachable = (why: string): Meaning => ({ outcome: 'never', scope: 'delivery', text: () => why });
const NO_ACCOUNT = unreachable('there is no such account any more: correct people: in xaxbot.yaml');

/** Slack's error codes (docs.slack.dev, methods' errors), and reasons to close a socket, by what they mean for what was to be said. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  message_not_found: GONE,
  edit_window_closed: FROZEN,
  cant_update_message: FROZEN,

  fatal_error: DOUBTFUL,
  internal_error: DOUBTFUL,
  request_timeout: DOUBTFUL,
  service_unavailable: DOUBTFUL,
  team_added_to_org: DOUBTFUL,

  invalid_blocks: REFUSED,
  invalid_blocks_format: REFUSED,
  msg_blocks_too_long: REFUSED,
  msg_too_long: REFUSED,
  no_text: REFUSED,
  metadata_too_large: REFUSED,
  invalid_metadata_format: REFUSED,
  invalid_metadata_schema: REFUSED,
  only_one_table_allowed: REFUSED,
  too_many_attachments: REFUSED,
  invalid_arguments: REFUSED,

  thread_not_found: DELETED,
  invalid_thread_ts: DELETED,
  cannot_reply_to_message: closed('the message takes no replies'),
  thread_locked: LOCKED,
  restricted_action_thread_locked: LOCKED,
  restricted_action_non_threadable_channel: closed('the channel has no threads'),

  cannot_dm_bot: unreachable('a bot takes no direct messages: correct people: in xaxbot.yaml'),
  user_disabled: unreachable('the account is deactivated: an admin can activate it'),
  user_not_found: NO_ACCOUNT,
  users_not_found: NO_ACCOUNT,
  user_not_visible: unreachable('the account cannot be seen by the app: an admin can allow it'),
  messages_tab_disabled: unreachable(
    'the app takes no direct messages: switch on "Messages Tab" under "App Home" in its settings',
  ),

  not_in_channel: NOT_THERE,
  user_not_in_channel: NOT_THERE,
  channel_not_found: channel(
    (of) =>
      `${where(of)} does not exist, or xaxbot is not in it: invite it there, or correct channels: in xaxbot.yaml`,
  ),
  is_archived: channel(
    (of) => `${where(of)} is archived: unarchive it, or remove it from channels: in xaxbot.yaml`,
  ),
  restricted_action: RESTRICTED,
  restricted_action_read_only_channel: RESTRICTED,
  restricted_action_thread_only_channel: RESTRICTED,

  missing_scope: platform(
    ({ needed, method }) =>
      method === OPEN_METHOD
        ? `the token in SLACK_APP_TOKEN lacks the scope ${needed ?? 'connections:write'}: ${NEW_APP_TOKEN}`
        : `the app lacks the scope ${needed ?? 'for it'} (${method}): add it under "OAuth & Permissions" and install the app again`,
    true,
  ),
  socket_mode_not_enabled: NO_SOCKET_MODE,
  forbidden_team: NO_SOCKET_MODE,
  link_disabled: NO_SOCKET_MODE,
  too_many_websockets: platform(
    () => 'the app has as many connections as Slack allows, ten: stop the other processes that use it',
  ),
  invalid_auth: REJECTED,
  not_authed: REJECTED,
  token_expired: REJECTED,
  token_revoked: REVOKED,
  account_inactive: REVOKED,
  org_login_required: REVOKED,
  not_allowed_token_type: token(
    'the token in SLACK_BOT_TOKEN is of another kind: it takes the one that begins with xoxb-',
    'the token in SLACK_APP_TOKEN is of another kind: it takes the one that begins with xapp-',
  ),
  ekm_access_denied: ADMINS,
  team_access_not_granted: ADMINS,
  storage_limit_reached: NO_FILES,
  file_uploads_disabled: NO_FILES,
  file_uploads_except_images_disabled: NO_FILES,
};

/** Methods whose failures concern everything of the kind that they say. */
const SAYS = ['chat.postMessage', 'chat.update'];

/** What a code means; one that nobody knows is about the call that met it, and nothing else. */
export function meaningOf(code: string, { method }: Pick<ProblemDetails, 'method'>): Meaning {
  const known = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (!known)
    return { outcome: 'unclear', scope: 'delivery', text: () => `Slack answered ${code} to ${method}` };
  // Without the scope for a look-up or an upload, all that needs neither goes on.
  if (known.ofMethod && known.scope === 'platform' && !SAYS.includes(method))
    return { ...known, scope: 'delivery' };
  return known;
}
