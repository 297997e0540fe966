import { SPENT_TRIGGERS } from './034-spent.ts';

/** An array has a number of GPUs on the average, which need not be a whole one. */
export const AVERAGE_GPUS = `
DROP TRIGGER spent_row_added;
DROP TRIGGER spent_row_changed;
DROP TRIGGER spent_row_removed;
DROP TRIGGER spent_gpus_known;
ALTER TABLE jobs ADD COLUMN average_gpus REAL;
UPDATE jobs SET average_gpus = gpus WHERE gpus IS NOT NULL;
ALTER TABLE jobs DROP COLUMN gpus;
ALTER TABLE jobs RENAME COLUMN average_gpus TO gpus;
${SPENT_TRIGGERS}`;
