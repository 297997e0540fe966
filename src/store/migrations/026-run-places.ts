/** Where jobs write their metrics that have none in their run folder. */
export const RUN_PLACES = `
CREATE TABLE run_places (
  job TEXT PRIMARY KEY,
  folder TEXT NOT NULL,
  because TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
