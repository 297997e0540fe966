/** The bot's scopes, each with what it is for (docs.slack.dev/reference/scopes). slack-manifest.yaml has the same. */
export const BOT_SCOPES: Readonly<Record<string, string>> = {
  'app_mentions:read': 'commands in a thread: @xaxbot kill',
  'channels:history': 'finding a message whose delivery is in doubt, and the message that a reaction keeps',
  'chat:write': 'cards, threads and answers',
  commands: '/xax and the shortcut "Save as note"',
  'files:read': 'knowing when an uploaded chart can be shown',
  'files:write': 'charts, logs and the CSV',
  'groups:history': 'the same as channels:history in private channels',
  'im:history': 'commands in direct messages',
  'im:write': 'notifying subscribers, and files for the requester only',
  'reactions:read': 'keeping a message as a note by the reaction :memo:',
  'users:read': 'names, and who is a guest or of another workspace',
};

/** The scopes that a token lacks; none when Slack does not say which it has. */
export function checkScopes(granted: readonly string[] | undefined): string[] {
  return granted ? Object.keys(BOT_SCOPES).filter((scope) => !granted.includes(scope)) : [];
}
