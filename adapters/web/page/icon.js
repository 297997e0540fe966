/** The bot's picture. */
export const ICON = new URL('icon.svg', import.meta.url).pathname;
