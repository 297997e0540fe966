/**
 * What is asked of a history of years is found by an index: the job that began last, hypotheses, what ended and what changed lately. Of
 * transitions that nobody asked for here none is in an index.
 */
export const YEAR_INDEXES = `
DROP INDEX transitions_by_edit;
CREATE INDEX transitions_by_edit ON transitions (edit) WHERE edit > 0;
CREATE INDEX jobs_by_started ON jobs (queue, started_at DESC) WHERE started_at IS NOT NULL;
CREATE INDEX experiments_with_hypothesis ON experiments (session, position) WHERE json_extract(fields, '$[12]') <> '';
CREATE INDEX experiments_by_end ON experiments (session, json_extract(fields, '$[17]')) WHERE json_extract(fields, '$[16]') <> '';
CREATE INDEX experiments_by_change ON experiments (session, json_extract(fields, '$[19]'));
`;
