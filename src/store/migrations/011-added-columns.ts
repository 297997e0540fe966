/** Columns that somebody added to a log, as file and database last agreed on them, and in older states of rows. */
export const ADDED_COLUMNS = `
ALTER TABLE experiments ADD COLUMN extra_base TEXT NOT NULL DEFAULT '{}';
UPDATE experiments SET extra_base = extra WHERE base IS NOT NULL;
ALTER TABLE experiment_versions ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
`;
