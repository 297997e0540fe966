import { expect, it } from 'vitest';
import { experimentRow } from '../../src/core/experiment.ts';
import { EXPERIMENT_LOG_LINES } from '../../src/experiments/csv.ts';
import { spentBy } from '../../src/experiments/spent.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { fieldsIn, fieldsText } from '../../src/store/experiment-rows.ts';
import { createExperimentStore } from '../../src/store/experiments.ts';
import { SPENT } from '../../src/store/migrations/034-spent.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../helpers.ts';

const BASE = Date.parse('2026-11-23T00:00:00Z');
const NOW = BASE + 200 * 3_600_000;
const SESSIONS = [1, 2];
const JOBS = 30;
const STATUSES = ['planned', 'queued', 'running', 'completed', 'failed', 'cancelled', 'superseded'];

interface Whole {
  status: string;
  fields: string;
  gpus: number | null;
  is_gone: number | null;
}

/** Added up from every row. */
function addedUp(db: Db, session: number) {
  const rows = db
    .prepare<[number], Whole>(
      `SELECT e.status, e.fields, j.gpus, j.removed = 1 AND j.status IN ('queued', 'running') AS is_gone
       FROM experiments e LEFT JOIN jobs j USING (queue, job_id, enqueued_at) WHERE e.session = ? AND e.replaced = 0`,
    )
    .all(session);
  return spentBy(
    rows.map(({ status, fields, gpus, is_gone }) => {
      const { started_at, ended_at } = fieldsIn(fields);
      return { status: is_gone ? 'gone' : status, started_at, ended_at, gpus };
    }),
    NOW,
  );
}

/** Makes one change after another, of whatever kind, in a database of whatever version from 31 on. */
function living(db: Db, gpus: readonly (number | null)[] = [null, 1, 4, 8]): () => void {
  const random = seededRandom(7);
  const below = (count: number) => Math.floor(random() * count);
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!;
  const time = () =>
    one(['', 'soon', new Date(BASE + below(100) * 3_600_000).toISOString().replace('.000', '')]);
  for (const id of SESSIONS)
    db.prepare(`INSERT INTO sessions (id, name, folder, created_at, used_at) VALUES (?, ?, ?, 1, 1)`).run(
      ...[id, `s${id}`, `/s${id}`],
    );
  for (let id = 0; id < JOBS; id += 1)
    db.prepare(
      `INSERT INTO jobs (queue, job_id, enqueued_at, task_key, status, body) VALUES ('q', ?, ?, 't', ?, '{}')`,
    ).run(`job-${id}`, id, one(['queued', 'running', 'completed']));
  const add = db.prepare(
    `INSERT INTO experiments (session, experiment_id, position, status, queue_job_id, objective_metric, fields, line)
     VALUES (?, ?, ?, ?, '', '', ?, '')`,
  );
  const link = db.prepare(
    `UPDATE OR IGNORE experiments SET queue = 'q', job_id = ?, enqueued_at = ? WHERE id = ?`,
  );
  let rows = 0;
  const put = db.prepare('UPDATE experiments SET status = ?, fields = ? WHERE id = ?');
  return () => {
    const status = one(STATUSES);
    const id = 1 + below(rows);
    const fields = fieldsText(experimentRow({ status, started_at: time(), ended_at: time() }));
    const what = rows === 0 ? 0 : below(8);
    if (what === 0) add.run(one(SESSIONS), `row-${rows}`, ++rows, status, fields);
    else if (what < 4) put.run(status, fields, id);
    else if (what === 4) link.run(...(([job]) => [`job-${job}`, job, id])([below(JOBS)]));
    else if (what === 5) db.prepare('UPDATE experiments SET replaced = 1 - replaced WHERE id = ?').run(id);
    else if (what === 6) db.prepare('DELETE FROM experiments WHERE id = ? AND id % 3 = 0').run(id);
    else
      db.prepare('UPDATE jobs SET gpus = ?, removed = ? WHERE id = ?').run(
        ...[one(gpus), below(2), 1 + below(JOBS)],
      );
  };
}

function expectAddedUp(db: Db): void {
  const store = createExperimentStore(db, EXPERIMENT_LOG_LINES);
  for (const id of SESSIONS) {
    const { gpuHours, ...counts } = spentBy(store.spans({ id }), NOW, store.spent({ id }));
    const whole = addedUp(db, id);
    expect({ ...counts, gpuHours: whole.gpuHours }).toEqual(whole);
    expect(gpuHours).toBeCloseTo(whole.gpuHours, 6);
  }
}

it('what runs have taken is after each of many changes what all rows add up to', () => {
  const db = openDb(temporaryFolder());
  const change = living(db, [null, 0, 1, 2.5, 8]);
  for (let count = 0; count < 1_000; count += 1) {
    change();
    expectAddedUp(db);
  }
  expect(addedUp(db, 1).gpuHours).toBeGreaterThan(100);
  db.close();
});

it('a database of before has added up what its runs have taken', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, MIGRATIONS.indexOf(SPENT)) });
  const change = living(before);
  for (let count = 0; count < 500; count += 1) change();
  before.close();
  const db = openDb(folder);
  expectAddedUp(db);
  expect(addedUp(db, 1).gpuHours).toBeGreaterThan(100);
  db.close();
});
