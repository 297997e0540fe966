import { buffer } from 'node:stream/consumers';
import Database from 'better-sqlite3';

/**
 * The process that reads an MLflow database (its schema: mlflow/store/tracking/dbmodels of 3.17): the file's bytes on standard
 * input, what it has as JSON on standard output. `argv`: the number of the last row that is known, and how many rows
 * may follow. A copy in memory, in a process that ends: whatever the file holds touches neither it nor the bot.
 */
export interface MlflowAnswer {
  runs: {
    id: string;
    name: string;
    status: string;
    startedAt: number | null;
    params: Record<string, string>;
  }[];
  rows: [row: number, run: string, key: string, step: number, time: number, value: number | 'nan'][];
}

const [known, most] = process.argv.slice(2).map(Number);
/** Runs that are read, the newest. */
const RUNS_MAX = 50;
/** Settings of one run that are read. */
const PARAMS_MAX = 1_000;
/** Where the header says how the file is written (sqlite.org/fileformat.html, 1.3): 2 is a log beside it, which a copy in memory has not. */
const FORMAT_VERSIONS = [18, 19];

const bytes = await buffer(process.stdin);
for (const at of FORMAT_VERSIONS) if (bytes[at] === 2) bytes[at] = 1;
const db = new Database(bytes, { readonly: true });
db.pragma('trusted_schema = off');
const isTable = db.prepare(`SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?`).pluck();
for (const name of ['runs', 'metrics', 'params'])
  if (isTable.get(name) !== 1)
    throw new Error(`has no table "${name}": MLflow of another version, or another program's`);

const computed = db.prepare('SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden <> 0').pluck();
for (const name of ['runs', 'metrics', 'params'])
  if (computed.get(name) !== 0) throw new Error(`computes columns of its table "${name}": no MLflow does`);

const params = db.prepare(
  `SELECT key, value FROM params WHERE run_uuid = ? ORDER BY key LIMIT ${PARAMS_MAX}`,
);
const runs = db
  .prepare(
    `SELECT run_uuid AS id, name, status, start_time AS startedAt FROM runs
     WHERE lifecycle_stage = 'active' ORDER BY start_time DESC LIMIT ${RUNS_MAX}`,
  )
  .all() as Omit<MlflowAnswer['runs'][number], 'params'>[];
const rows = db
  .prepare(
    `SELECT rowid, run_uuid, key, step, timestamp, CASE WHEN is_nan THEN 'nan' ELSE value END
     FROM metrics WHERE rowid > ? AND run_uuid IN (SELECT value FROM json_each(?)) ORDER BY rowid LIMIT ?`,
  )
  .raw()
  .all(known, JSON.stringify(runs.map(({ id }) => id)), most) as MlflowAnswer['rows'];
const answer: MlflowAnswer = {
  runs: runs.map((each) => ({
    ...each,
    params: Object.fromEntries(
      (params.all(each.id) as { key: string; value: string }[]).map(({ key, value }) => [key, value]),
    ),
  })),
  rows,
};
process.stdout.write(JSON.stringify(answer));
