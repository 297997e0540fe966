/** What Slack's error codes mean for the operator, with the fix (docs.slack.dev, methods' errors). */

/** The message to edit, or the one that begins the thread, is no longer there. */
export const GONE = ['message_not_found', 'thread_not_found'];
/** The message is there and cannot be edited. */
export const FROZEN = ['edit_window_closed', 'cant_update_message'];
/** Slack did not say whether it was done. */
export const DOUBTFUL = [
  'fatal_error',
  'internal_error',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
];
/** The message's own fault: it will be refused again. */
export const REFUSED = [
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'metadata_too_large',
  'invalid_metadata_format',
  'only_one_table_allowed',
  'invalid_arguments',
];

export interface ProblemDetails {
  method: string;
  channel?: string | undefined;
  /** The scope that was missing, as Slack names it. */
  needed?: string | undefined;
}

/** What is wrong and what to do, for codes that people can act on; undefined for others. */
export function problemText(code: string, { method, channel, needed }: ProblemDetails): string | undefined {
  const where = channel === undefined ? 'the channel' : `the channel ${channel}`;
  switch (code) {
    case 'not_in_channel':
    case 'user_not_in_channel':
      return `xaxbot is not in ${where}: type "/invite @xaxbot" there`;
    case 'channel_not_found':
      return `${where} does not exist, or xaxbot is not in it: invite it there, or correct channels: in xaxbot.yaml`;
    case 'is_archived':
      return `${where} is archived: unarchive it, or remove it from channels: in xaxbot.yaml`;
    case 'missing_scope':
      return `the app lacks the scope ${needed ?? 'for it'} (${method}): add it under "OAuth & Permissions" and install the app again`;
    case 'invalid_auth':
    case 'not_authed':
    case 'token_expired':
      return 'Slack rejects the token: put the current one in SLACK_BOT_TOKEN and SLACK_APP_TOKEN and restart';
    case 'token_revoked':
    case 'account_inactive':
    case 'org_login_required':
      return 'the token was revoked or the app removed: install it again and put the new token into SLACK_BOT_TOKEN';
    case 'not_allowed_token_type':
      return 'a token is in the wrong variable: SLACK_BOT_TOKEN starts with xoxb-, SLACK_APP_TOKEN with xapp-';
    case 'restricted_action':
    case 'restricted_action_read_only_channel':
    case 'restricted_action_thread_only_channel':
      return `the workspace does not let xaxbot post in ${where}: an admin can allow it in the channel's settings`;
    case 'ekm_access_denied':
    case 'team_access_not_granted':
      return `the workspace's admins do not let xaxbot in (${code})`;
    case 'storage_limit_reached':
    case 'file_uploads_disabled':
    case 'file_uploads_except_images_disabled':
      return `the workspace does not accept files (${code}): charts and logs are shown as text`;
    default:
      return undefined;
  }
}

/** Codes after which nothing works until somebody changes a token. */
export const TOKEN_PROBLEMS = [
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
  'account_inactive',
  'not_allowed_token_type',
];
