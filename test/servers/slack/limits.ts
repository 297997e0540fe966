/** What Slack accepts, from its reference (docs.slack.dev, Block Kit and Web API, read 2026-11-23). */
export const MAX = {
  blocks: { message: 50, view: 100 },
  blockId: 255,
  actionId: 255,
  callbackId: 255,
  header: 150,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  contextElements: 10,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  buttonUrl: 3000,
  altText: 2000,
  selectOptions: 100,
  optionText: 75,
  optionValue: 150,
  viewTitle: 24,
  privateMetadata: 3000,
  inputLabel: 2000,
  inputHint: 2000,
  plainInput: 3000,
  tableRows: 100,
  tableColumns: 20,
  updateText: 4000,
  metadataBytes: 4000,
} as const;

/** Time for an acknowledgement, and for which a trigger may open a view, milliseconds. */
export const ACK_MS = 3_000;
export const RESPONSE_URL_USES = 5;
/** What a refused socket is told before it is closed, and how often Slack pings, milliseconds. */
export const PING_MS = 2_000;

/** The scope each method asks of a bot token. */
export const SCOPES: Readonly<Record<string, string>> = {
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.update': 'chat:write',
  'chat.delete': 'chat:write',
  'conversations.info': 'groups:read',
  'conversations.open': 'im:write',
  'conversations.history': 'channels:history',
  'conversations.replies': 'channels:history',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
  'files.delete': 'files:write',
  'files.info': 'files:read',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
};
