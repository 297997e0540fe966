/** The experiment log: sessions, their rows and what both sides of the file last agreed on. */
export const EXPERIMENTS = `
CREATE TABLE experiments_placeholder (id INTEGER PRIMARY KEY) STRICT;
`;
