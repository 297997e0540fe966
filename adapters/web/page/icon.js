const svg = (more) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2457c5"/><path d="M6 10c5 0 5 13 10 13s4-8 10-8" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/>${more}</svg>`)}`;

/** The bot's picture; as data, since the address of the page's files is another after a restart of the bot. */
export const ICON = svg('');
/** The same with a dot: there is something unread. */
export const ICON_UNREAD = svg(
  '<circle cx="24" cy="8" r="7" fill="#e5484d" stroke="#fff" stroke-width="2"/>',
);
