/**
 * Numbers that are not given out again although no row has them: those of rows that a database had which was lost. What people,
 * buttons, cursors and messages on the platforms call by such a number is never something else.
 */
export const NUMBERING = `
CREATE TABLE numbering (
  name TEXT PRIMARY KEY,
  above INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
