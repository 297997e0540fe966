/** What Discord accepts, from discord-api-docs (c98d64b, read 2026-11-23). */
export const MAX = {
  content: 2000,
  components: 40,
  textTotal: 4000,
  sectionTexts: 3,
  galleryItems: 10,
  rowButtons: 5,
  label: 80,
  customId: 100,
  altText: 1024,
  modalTitle: 45,
  modalItems: 5,
  modalLabel: 45,
  modalDescription: 100,
  textInput: 4000,
  selectOptions: 25,
  choices: 25,
  choice: 100,
  threadName: 100,
  nonce: 25,
  fileBytes: 10 * 1024 * 1024,
  commandName: 32,
  commandDescription: 100,
  commandOptions: 25,
  commandTotal: 8000,
} as const;

/** Time for the first answer to an interaction, and for which its token is good, milliseconds. */
export const FIRST_ANSWER_MS = 3_000;
export const TOKEN_MS = 15 * 60_000;
/** Messages older than this count as old when they are edited, milliseconds. */
export const OLD_MS = 3_600_000;
/** How long enforce_nonce remembers, milliseconds. */
export const NONCE_MS = 5 * 60_000;
export const EPOCH_MS = 1_420_070_400_000;

/** Bits of permissions, by the names that its settings show. */
export const PERMISSIONS = {
  'View Channel': 1n << 10n,
  'Send Messages': 1n << 11n,
  'Manage Messages': 1n << 13n,
  'Embed Links': 1n << 14n,
  'Attach Files': 1n << 15n,
  'Read Message History': 1n << 16n,
  'Manage Threads': 1n << 34n,
  'Create Public Threads': 1n << 35n,
  'Send Messages In Threads': 1n << 38n,
} as const;
export type Permission = keyof typeof PERMISSIONS;

export const INTENTS = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  reactions: 1 << 10,
  directMessages: 1 << 12,
  messageContent: 1 << 15,
} as const;
