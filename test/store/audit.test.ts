import { expect, it } from 'vitest';
import { createAudit } from '../../src/store/audit.ts';
import { openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../helpers.ts';

const BEFORE = MIGRATIONS.slice(0, 20);

it('nobody changes an entry, takes one out, puts another in its place, or slips one in before it', () => {
  const db = openDb(temporaryFolder());
  const audit = createAudit(db, () => 1_000);
  const entry = { event: 'begun', person: 'ada', adapter: 'web', channel: 'queue', command: 'kill' } as const;
  const attempt = audit.add(entry);
  audit.end(attempt, 'done', 'note 1');
  const rows = () => db.prepare('SELECT * FROM audit').all();
  const before = rows();
  const attacks = [
    "UPDATE audit SET person = 'eve'",
    'UPDATE audit SET id = 7',
    'DELETE FROM audit',
    'DELETE FROM audit WHERE id = 2',
    "INSERT OR REPLACE INTO audit (id, at, event) VALUES (1, 5, 'x')",
    "INSERT OR REPLACE INTO audit (at, event, attempt) VALUES (5, 'x', 1)",
    "REPLACE INTO audit (id, at, event) VALUES (2, 5, 'x')",
    "INSERT INTO audit (id, at, event) VALUES (1, 5, 'x') ON CONFLICT (id) DO UPDATE SET at = 7",
    "INSERT INTO audit (id, at, event) VALUES (-1, 5, 'x')",
    "INSERT INTO audit (id, at, event) VALUES (0, 5, 'x')",
  ];
  for (const sql of attacks) {
    expect(() => db.exec(sql), sql).toThrow(/append-only/);
    expect(rows(), sql).toEqual(before);
  }
  db.close();
});

it('an audit of an earlier version keeps who did what when, and of their words the length', () => {
  const folder = temporaryFolder();
  const older = openDb(folder, { migrations: BEFORE });
  const add = older.prepare(
    `INSERT INTO audit (at, person, adapter, channel, command, options, outcome, finished_at, approved_by)
     VALUES (?, ?, 'web', 'queue', ?, ?, ?, ?, ?)`,
  );
  const options = (named: object, assignments: object = {}) => JSON.stringify({ named, assignments });
  add.run(100, 'ada', 'note', options({ job: 'last', text: 'sesame opens "it"' }), 'done', 300, null);
  add.run(
    200,
    'claude',
    'queue',
    options({ preset: 'toy' }, { lr: '0.1', name: 'sesame' }),
    'failed: sesame',
    250,
    'ada',
  );
  add.run(400, 'bob', 'kill', `${options({ text: 'sesame' }).slice(0, -3)}`, 'begun', null, null);
  older.close();

  const db = openDb(folder);
  const list = createAudit(db, () => 0).list({ limit: 10 });
  const told = list.map(({ at, event, person, command, options, approvedBy, outcome }) => [
    at,
    event,
    person,
    command,
    options,
    approvedBy,
    outcome && [outcome.event, outcome.at],
  ]);
  expect(told).toEqual([
    [400, 'begun', 'bob', 'kill', { other: { length: 41 } }, null, null],
    [
      200,
      'begun',
      'claude',
      'queue',
      { preset: { length: 3 }, lr: '0.1', name: { length: 6 } },
      'ada',
      ['failed', 250],
    ],
    [100, 'begun', 'ada', 'note', { job: 'last', text: { length: 17 } }, null, ['done', 300]],
  ]);
  expect(db.prepare('SELECT at FROM audit ORDER BY id').pluck().all()).toEqual([100, 200, 250, 300, 400]);
  expect(JSON.stringify(db.prepare('SELECT * FROM audit').all())).not.toContain('sesame');
  expect(() => db.exec('DELETE FROM audit')).toThrow(/append-only/);
  db.close();
});
