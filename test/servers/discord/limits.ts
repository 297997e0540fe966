/**
 * Discord's limits, written from its documentation (discord/discord-api-docs at c98d64b, 2026-08-06) and from nothing
 * of ours: the pages are named after `developers/`. Lengths are in characters, sizes in bytes, times in milliseconds.
 */

/** resources/message: Create Message, Embed Limits, Attachment. */
export const MESSAGE = {
  content: 2000,
  nonce: 25,
  embeds: 10,
  embedTotal: 6000,
  embedTitle: 256,
  embedDescription: 4096,
  embedFields: 25,
  embedFieldName: 256,
  embedFieldValue: 1024,
  embedFooter: 2048,
  embedAuthor: 256,
  attachments: 10,
  attachmentDescription: 1024,
  allowedMentionIds: 100,
  pageMost: 100,
  pageDefault: 50,
  /** "the past few minutes": three is the shortest that the words allow. */
  enforcedNonceMs: 3 * 60_000,
} as const;

/** reference: Uploading Files (default limit a file); resources/message: Create Message (a request). */
export const UPLOAD = { file: 10 * 1024 * 1024, request: 25 * 1024 * 1024 } as const;

/** components/reference. The total of text displays is the discord.js guide's. */
export const COMPONENTS = {
  rows: 5,
  buttonsInRow: 5,
  customId: 100,
  label: 80,
  url: 512,
  options: 25,
  optionText: 100,
  placeholder: 150,
  total: 40,
  textTotal: 4000,
  sectionTexts: 3,
  galleryItems: 10,
  mediaDescription: 1024,
} as const;

/** components/reference and interactions/receiving-and-responding: Modal. */
export const MODAL = {
  title: 45,
  items: 5,
  label: 45,
  description: 100,
  textInput: 4000,
  placeholder: 100,
  radioLeast: 2,
  groupMost: 10,
  files: 10,
} as const;

/** interactions/application-commands. */
export const COMMANDS = {
  slash: 100,
  user: 15,
  message: 15,
  name: 32,
  description: 100,
  options: 25,
  choices: 25,
  choiceText: 100,
  totalText: 8000,
  createsADay: 200,
  textLength: 6000,
  integer: 2 ** 53 - 1,
} as const;

/** interactions/receiving-and-responding. */
export const INTERACTION = {
  firstReplyMs: 3_000,
  tokenMs: 15 * 60_000,
  choices: 25,
  choiceText: 100,
} as const;

/** resources/channel: Start Thread; topics/threads. */
export const THREAD = { name: 100, archiveMinutes: [60, 1440, 4320, 10080] } as const;

/** topics/opcodes 30046; the window is discord-userdoccers' (unofficial), a channel. */
export const OLD_EDITS = { olderThanMs: 60 * 60_000, count: 3, windowMs: 6_000 } as const;

/** resources/channel: Reactions, 30010. */
export const REACTIONS = 20;

/** events/gateway: a payload's size in bytes, sends a minute, identifies a day. */
export const GATEWAY = {
  payload: 4096,
  sendsAMinute: 120,
  identifiesADay: 1000,
  heartbeatMs: 41_250,
} as const;
