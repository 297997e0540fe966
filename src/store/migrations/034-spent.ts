/** Whether a row is of a run that began and is over, and the seconds that it took. */
const isOver = (row: string) =>
  `${row}.replaced = 0 AND ${row}.status NOT IN ('queued', 'running') AND json_extract(${row}.fields, '$[16]') <> ''`;
const secondsOf = (row: string) =>
  `max(0, coalesce(unixepoch(json_extract(${row}.fields, '$[17]'), 'subsec') - unixepoch(json_extract(${row}.fields, '$[16]'), 'subsec'), 0))`;
/** How many GPUs its job was put down to; one where nobody could tell. */
const gpusOf = (row: string) =>
  `coalesce((SELECT gpus FROM jobs WHERE queue = ${row}.queue AND job_id = ${row}.job_id AND enqueued_at = ${row}.enqueued_at), 1)`;
const add = (row: string) => `
  INSERT INTO session_spent (session, runs, gpu_seconds)
  SELECT ${row}.session, 1, ${secondsOf(row)} * ${gpusOf(row)} WHERE ${isOver(row)}
  ON CONFLICT (session) DO UPDATE SET runs = runs + 1, gpu_seconds = gpu_seconds + excluded.gpu_seconds;`;
const take = (row: string) => `
  UPDATE session_spent SET runs = runs - 1, gpu_seconds = gpu_seconds - ${secondsOf(row)} * ${gpusOf(row)}
  WHERE session = ${row}.session AND ${isOver(row)};`;

/** What keeps them as rows and jobs change. */
export const SPENT_TRIGGERS = `CREATE TRIGGER spent_row_added AFTER INSERT ON experiments BEGIN ${add('NEW')}
END;
CREATE TRIGGER spent_row_changed
AFTER UPDATE OF session, status, fields, replaced, queue, job_id, enqueued_at ON experiments BEGIN ${take('OLD')} ${add('NEW')}
END;
CREATE TRIGGER spent_row_removed AFTER DELETE ON experiments BEGIN ${take('OLD')}
END;
CREATE TRIGGER spent_gpus_known AFTER UPDATE OF gpus ON jobs WHEN OLD.gpus IS NOT NEW.gpus BEGIN
  UPDATE session_spent SET gpu_seconds = gpu_seconds + e.seconds * (coalesce(NEW.gpus, 1) - coalesce(OLD.gpus, 1))
  FROM (
    SELECT session, ${secondsOf('experiments')} AS seconds FROM experiments
    WHERE queue = NEW.queue AND job_id = NEW.job_id AND enqueued_at = NEW.enqueued_at AND ${isOver('experiments')}
  ) e WHERE session_spent.session = e.session;
END;
`;

/** What the runs of a session that are over have taken, kept as rows and jobs change: nobody adds up the runs of years. */
export const SPENT = `
CREATE TABLE session_spent (
  session INTEGER PRIMARY KEY,
  runs INTEGER NOT NULL,
  gpu_seconds REAL NOT NULL
) STRICT;
INSERT INTO session_spent
  SELECT session, count(*), total(${secondsOf('e')} * ${gpusOf('e')}) FROM experiments e WHERE ${isOver('e')} GROUP BY session;
DROP INDEX experiments_unfinished;
CREATE INDEX experiments_under_way ON experiments (session) WHERE status IN ('queued', 'running');
${SPENT_TRIGGERS}`;
