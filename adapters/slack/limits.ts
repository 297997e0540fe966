/**
 * Slack's limits, in characters unless stated otherwise, as @slack/types 3.2.0 and docs.slack.dev give them
 * (read 2026-11-23).
 */
export const BLOCKS_MAX = { message: 50, home: 100, modal: 100 } as const;
export const HEADER_MAX = 150;
export const BUTTONS_MAX = 25;
export const BUTTON_TEXT_MAX = 75;
export const ALT_TEXT_MAX = 2000;
export const TABLE_ROWS_MAX = 100;
export const TABLE_COLUMNS_MAX = 20;
/** All cells of a table together (docs.slack.dev, "Table block"): no JSON counts, which 100 x 20 cells have much of. */
export const TABLE_TEXT_MAX = 10_000;
export const SELECT_OPTIONS_MAX = 100;
/** An option's text and value; some places allow more, all allow this. */
export const OPTION_MAX = 75;
export const MODAL_TITLE_MAX = 24;
export const HINT_MAX = 2000;
export const SECTION_MAX = 3000;
export const INPUT_MAX = 3000;
/** chat.update refuses a longer text (`msg_too_long`). */
export const TEXT_MAX = 4000;
/** A message's blocks as JSON, a table by its text alone: `msg_blocks_too_long` was seen near 13,200 (bolt-js#2509, metabase#79908). */
export const BLOCKS_SIZE_MAX = 13_000;
/** chat.update, for all channels of a workspace together: Tier 3, "50+ per minute". */
export const UPDATES_PER_MINUTE = 50;
/** chat.postMessage: about one a second in a channel, short bursts are fine. */
export const POSTS_PER_SECOND = 1;
export const POST_BURST = 20;
/** A response_url's uses. */
export const RESPONSES_MAX = 5;
/** The event_type of what the bot delivers; its payload holds the key. */
export const DELIVERY_EVENT = 'xaxbot_delivery';
