/** The web chat: its messages, and who may enter. */
export const WEB = `
CREATE TABLE web_placeholder (id INTEGER PRIMARY KEY) STRICT;
`;
