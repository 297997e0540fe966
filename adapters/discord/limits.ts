/**
 * Discord's limits, in characters unless stated otherwise, as discord-api-docs (c98d64b) gives them (read 2026-11-23).
 */
export const COMPONENTS_MAX = 40;
/** Attachments of a message. */
export const FILES_MAX = 10;
/** All text displays of a message together. */
export const TEXT_TOTAL_MAX = 4000;
/** Characters of a block of code that a phone shows in one line; it breaks what is longer (seen, not documented). */
export const PHONE_COLUMNS = 44;
export const ROW_BUTTONS_MAX = 5;
export const BUTTON_LABEL_MAX = 80;
export const ALT_TEXT_MAX = 1024;
export const THREAD_NAME_MAX = 100;
export const NONCE_MAX = 25;
export const MODAL_TITLE_MAX = 45;
export const MODAL_ITEMS_MAX = 5;
export const LABEL_MAX = 45;
export const LABEL_DESCRIPTION_MAX = 100;
export const TEXT_INPUT_MAX = 4000;
export const SELECT_OPTIONS_MAX = 25;
export const CHOICES_MAX = 25;
export const CHOICE_MAX = 100;
export const COMMAND_DESCRIPTION_MAX = 100;
export const SUBCOMMANDS_MAX = 25;
/** Names, descriptions and values of one command with all that is under it. */
export const COMMAND_TOTAL_MAX = 8000;
/** An option's text: 6000. */
export const OPTION_TEXT_MAX = 6000;
/** A file, bytes, in a server without boosts. */
export const FILE_MAX = 10 * 1024 * 1024;
/** Messages of a page of a channel's history. */
export const HISTORY_PAGE = 100;
/** Minutes after which a thread in which nothing is said is archived: a week, the longest. */
export const THREAD_ARCHIVE_MINUTES = 10_080;
/** Milliseconds since 1970 at which Discord's ids begin to count. */
export const EPOCH_MS = 1_420_070_400_000;
/** The id of a component, and of a form. */
export const CUSTOM_ID_MAX = 100;
/** What stands in an empty input. */
export const PLACEHOLDER_MAX = 100;
