import { expect, it } from 'vitest';
import { type ExperimentRow, experimentRow } from '../../src/core/experiment.ts';
import { atOnce } from '../../src/core/slices.ts';
import { EXPERIMENT_LOG_LINES } from '../../src/experiments/csv.ts';
import { openDb } from '../../src/store/db.ts';
import { createExperimentStore } from '../../src/store/experiments.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../helpers.ts';

const PLAIN = experimentRow({
  experiment_id: 'plain',
  status: 'completed',
  updated_at: '2026-11-27T18:06:49Z',
});
const QUOTED = experimentRow({
  experiment_id: 'quoted',
  status: 'completed',
  hypothesis: 'wider, "surely"\nwins\\ – 日本',
  notes: '","',
});
const EXTRA = experimentRow({ experiment_id: 'extra', owner: 'ada' });
const EARLIER = { ...PLAIN, notes: 'as it was, once' };
const BEHIND = { ...QUOTED, notes: 'in the file' };

it('rows of a database of before their texts were a list are the same rows, with the same lines and what the file holds', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, 29) });
  before.exec(
    `INSERT INTO sessions (id, name, folder, extra_columns, created_at, used_at) VALUES (1, 's', '/s', '[]', 1, 1), (2, 't', '/t', '["mine"]', 1, 1)`,
  );
  const add = before.prepare(
    `INSERT INTO experiments (id, session, experiment_id, position, status, queue_job_id, objective_metric, fields, extra, line, base, extra_base)
     VALUES (?, ?, ?, ?, ?, '', '', ?, ?, ?, ?, ?)`,
  );
  const put = (
    id: number,
    session: number,
    row: ExperimentRow,
    extra: Record<string, string>,
    base: ExperimentRow | null,
  ) =>
    add.run(
      ...[id, session, row.experiment_id, id, row.status, JSON.stringify(row), JSON.stringify(extra)],
      EXPERIMENT_LOG_LINES.row({ fields: row, extra }, session === 2 ? ['mine'] : []),
      base && JSON.stringify(base),
      JSON.stringify(extra),
    );
  put(1, 1, PLAIN, {}, PLAIN);
  put(2, 1, QUOTED, {}, BEHIND);
  put(3, 2, EXTRA, { mine: 'a, b' }, null);
  before
    .prepare(
      'INSERT INTO experiment_versions (experiment, fields, updated_at, superseded_at) VALUES (1, ?, ?, 5)',
    )
    .run(JSON.stringify(EARLIER), EARLIER.updated_at);
  const [one, two] = [{ id: 1 }, { id: 2 }];
  const lines = (session: number) =>
    before
      .prepare<[number], string>('SELECT line FROM experiments WHERE session = ? ORDER BY position')
      .pluck()
      .all(session)
      .join('');
  const texts = [lines(1), lines(2)];
  before.close();

  const db = openDb(folder);
  const store = createExperimentStore(db, EXPERIMENT_LOG_LINES);
  expect(store.rows(one).map(({ fields, base }) => [fields, base])).toEqual([
    [PLAIN, PLAIN],
    [QUOTED, BEHIND],
  ]);
  expect(store.rows(two)).toMatchObject([{ fields: EXTRA, base: null, extra: { mine: 'a, b' } }]);
  expect([store.csv(one), store.csv(two)].map((csv, index) => csv.endsWith(`\n${texts[index]}`))).toEqual([
    true,
    true,
  ]);
  expect(store.stateAt(store.row(one, 'plain')!, 4)).toEqual(EARLIER);
  expect([PLAIN, EARLIER, BEHIND, QUOTED].map((row) => store.stoodSo(one, row))).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect([...store.fieldPagesBackwards(one)].flat()).toEqual([...store.fieldPages(one)].flat().reverse());

  const { pieces, agree } = atOnce(store.snapshot(one));
  expect(Buffer.concat(pieces).toString()).toBe(store.csv(one));
  atOnce(agree(10, 'digest'));
  expect(store.rows(one).map(({ fields, base }) => base?.notes === fields.notes)).toEqual([true, true]);
  expect(store.versionsSince(store.row(one, 'quoted')!, 9)).toMatchObject([{ fields: BEHIND }]);
  const kept = db.prepare('SELECT base, line FROM experiments WHERE session = 1 ORDER BY id').raw().all();
  expect(kept).toEqual([
    ['', ''],
    ['', EXPERIMENT_LOG_LINES.row({ fields: QUOTED, extra: {} }, [])],
  ]);
  store.put({ ...store.row(one, 'plain')!, fields: { ...PLAIN, notes: 'later' } });
  expect(store.row(one, 'plain')).toMatchObject({ base: PLAIN, fields: { notes: 'later' } });
  db.close();
});
