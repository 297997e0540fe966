/** What an adapter remembers of its platform across restarts, as JSON by name. */
export const KEPT_VALUES = `
CREATE TABLE kept_values (
  adapter TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (adapter, name)
) STRICT, WITHOUT ROWID;
`;
