import type { AdapterPorts } from '../../src/core/adapter-ports.ts';

/** The bot's scopes, each with what it is for (docs.slack.dev/reference/scopes). slack-manifest.yaml has the same. */
export const BOT_SCOPES: Readonly<Record<string, string>> = {
  'app_mentions:read': 'commands in a thread: @xaxbot kill',
  'channels:history': 'finding a message whose delivery is in doubt, and the message that a reaction keeps',
  'channels:read': 'whether everybody can come into a channel, where the settings give nobody a role',
  'chat:write': 'cards, threads and answers',
  commands: '/xax and the shortcut "Save as note"',
  'files:read': 'knowing when an uploaded chart can be shown',
  'files:write': 'charts, logs and the CSV',
  'groups:history': 'the same as channels:history in private channels',
  'groups:read': 'the same as channels:read of private channels',
  'im:history': 'commands in direct messages',
  'im:write': 'notifying subscribers, and files for the requester only',
  'reactions:read': 'keeping a message as a note by the reaction :memo:',
  'usergroups:read': 'who is in a user group that the settings give a role',
  'users:read': 'names, and who is a guest, of another workspace or deactivated',
};

/** Those that an app may lack while the settings do not ask for what they are for. */
const ON_DEMAND = { closedChannels: ['channels:read', 'groups:read'], groups: ['usergroups:read'] } as const;

/** The scopes that the bot needs with these settings. */
export function neededScopes({ groups, closedChannels }: AdapterPorts['decidesBy']): string[] {
  const idle: readonly string[] = [
    ...(groups.length > 0 ? [] : ON_DEMAND.groups),
    ...(closedChannels ? [] : ON_DEMAND.closedChannels),
  ];
  return Object.keys(BOT_SCOPES).filter((scope) => !idle.includes(scope));
}

/** Those that a token lacks; none when Slack does not say which it has. */
export function missingScopes(needed: readonly string[], granted: readonly string[] | undefined): string[] {
  return granted ? needed.filter((scope) => !granted.includes(scope)) : [];
}
