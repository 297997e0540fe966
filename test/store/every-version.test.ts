import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, it } from 'vitest';
import { type Db, openDb } from '../../src/store/db.ts';
import { AUDIT } from '../../src/store/migrations/022-audit.ts';
import { WEB_LOGINS } from '../../src/store/migrations/023-web-logins.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../helpers.ts';

const ROWS = 3;
/** What somebody wrote once, which no audit holds. */
const WORDS = 'the wide one surely wins';
/** What a migration takes out on purpose: tokens that work for whoever holds them. */
const TAKEN_OUT = ['web_links', 'web_sessions'];

type Value = string | number | Buffer | null;
type Row = Record<string, Value>;
interface Column {
  name: string;
  type: string;
  pk: number;
  notnull: 0 | 1;
}

/** Where a value decides what a migration does, those that it meets. */
const TOLD: Record<string, Record<string, readonly Value[]>> = {
  deliveries: {
    kind: ['card', 'post', 'post'],
    state: ['done', 'due', 'dead'],
    // A card had one, and has none since.
    key: [null, 'b', 'c'],
  },
  audit: {
    options: [
      JSON.stringify({ named: { job: 'job-0000007', text: WORDS }, assignments: { lr: '0.5' } }),
      JSON.stringify({ named: {}, assignments: { note: WORDS } }),
      WORDS,
    ],
    outcome: ['done', 'begun', WORDS],
    finished_at: [5_000, null, null],
  },
  kills: { signal: ['SIGTERM', null, 'SIGKILL'] },
  jobs: { removed: [0, 0, 1] },
  waiting_launches: { kind: ['after', 'retry', 'after'], state: ['waiting', 'launched', 'dropped'] },
  experiments: { base: ['{}', null, '{}'], extra: ['{"a":"b"}', '{}', '{}'] },
};

/** What a migration writes in another way on purpose: tests of their own say how. */
const WRITTEN_ANEW: Record<string, readonly string[]> = {
  deliveries: ['key', 'body', 'delivered_hash', 'form_of'],
  experiments: ['fields', 'base', 'line'],
  experiment_versions: ['fields'],
};

const tablesOf = (db: Db) =>
  db
    .prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .pluck()
    .all();
const columnsOf = (db: Db, table: string) => db.pragma(`table_info(${table})`) as Column[];
const rowsOf = (db: Db, table: string) =>
  db.prepare<[], Row>(`SELECT * FROM ${table} ORDER BY ${columnsOf(db, table)[0]!.name}, 2`).all();

/** Puts rows into every table, with a value in each column. */
function fill(db: Db): void {
  for (const table of tablesOf(db)) {
    const columns = columnsOf(db, table);
    const refers = new Set(
      (db.pragma(`foreign_key_list(${table})`) as { from: string }[]).map((key) => key.from),
    );
    const add = db.prepare(
      `INSERT INTO ${table} (${columns.map(({ name }) => name)}) VALUES (${columns.map(() => '?')})`,
    );
    for (let row = 0; row < ROWS; row += 1)
      add.run(
        columns.map(({ name, type, pk, notnull }, at): Value => {
          const told = TOLD[table]?.[name];
          if (told && (told[row] !== null || !notnull)) return told[row]!;
          if (refers.has(name) || (pk > 0 && type === 'INTEGER')) return row + 1;
          if (type === 'BLOB') return Buffer.from(`${table} ${name} ${row}`);
          return type === 'TEXT' ? JSON.stringify(`${table} ${name} ${row}`) : 1_000 * (row + 1) + at;
        }),
      );
  }
}

/** A database as the first `version` migrations leave it, full of rows; what they are. */
function databaseOf(version: number): { folder: string; before: Map<string, Row[]> } {
  const folder = temporaryFolder();
  const db = new Database(join(folder, 'xaxbot.sqlite'));
  db.pragma('foreign_keys = OFF');
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(0, version)) db.exec(sql);
    db.pragma(`user_version = ${version}`);
    fill(db);
  })();
  const before = new Map(tablesOf(db).map((table) => [table, rowsOf(db, table)]));
  db.close();
  return { folder, before };
}

/** What of a row is in every version, besides what a migration changes on purpose. */
function lasting(row: Row, columns: ReadonlySet<string>): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => columns.has(name)));
}

const schemaOf = (db: Db) =>
  db.prepare<[], string>('SELECT type || name FROM sqlite_master ORDER BY 1').pluck().all();

let newest: Db;
beforeAll(() => {
  newest = new Database(':memory:');
  for (const sql of MIGRATIONS) newest.exec(sql);
});

it.each(Array.from(MIGRATIONS.keys()).slice(1))(
  'version %i with rows in every table becomes the newest, with all of them',
  (version) => {
    const { folder, before } = databaseOf(version);
    const db = openDb(folder);
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    expect(db.pragma('foreign_key_check')).toEqual([]);
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(schemaOf(db)).toEqual(schemaOf(newest));
    expect(readdirSync(folder).filter((name) => name.includes(`.v${version}-`))).toHaveLength(1);
    const tables = new Set(tablesOf(db));
    for (const [table, rows] of before) {
      if (version <= MIGRATIONS.indexOf(WEB_LOGINS) && TAKEN_OUT.includes(table)) {
        expect(tables.has(table), table).toBe(false);
        continue;
      }
      if (version <= MIGRATIONS.indexOf(AUDIT) && table === 'audit') {
        expectRetold(db);
        continue;
      }
      const names = new Set(columnsOf(db, table).map(({ name }) => name));
      for (const name of WRITTEN_ANEW[table] ?? []) names.delete(name);
      for (const name of names) if (!(name in rows[0]!)) names.delete(name);
      const now = rowsOf(db, table).map((row) => lasting(row, names));
      expect(now, table).toEqual(expect.arrayContaining(rows.map((row) => lasting(row, names))));
    }
    db.close();
  },
);

/** What was done stands with what came of it, and nobody's words with either. */
function expectRetold(db: Db): void {
  const entries = db.prepare<[], Row>('SELECT event, attempt, person, options FROM audit ORDER BY id').all();
  const begun = entries.filter(({ event }) => event === 'begun');
  expect(begun.map(({ person }) => person)).toEqual([0, 1, 2].map((row) => `"audit person ${row}"`));
  const ends = entries.filter(({ attempt }) => attempt !== null);
  expect(ends.map(({ event }) => event).sort()).toEqual(['done', 'failed']);
  expect(entries).toHaveLength(begun.length + ends.length);
  expect(JSON.stringify(rowsOf(db, 'audit'))).not.toContain(WORDS);
}
