import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Db, openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const OLDER = ['CREATE TABLE facts (fact TEXT NOT NULL) STRICT', 'ALTER TABLE facts ADD COLUMN at INTEGER'];
const NEWER = [...OLDER, "UPDATE facts SET fact = fact || '!'", 'CREATE TABLE more (x INTEGER) STRICT'];
const NOW = Date.parse('2026-11-30T01:12:05.678Z');
const COPY = 'xaxbot.sqlite.v2-20261130T011205Z';

let folder: string;
const file = (name: string) => join(folder, name);
const copies = () =>
  readdirSync(folder)
    .filter((name) => name.includes('.v'))
    .sort();
const facts = (db: Db) => db.prepare<[], string>('SELECT fact FROM facts ORDER BY rowid').pluck().all();
const versionOf = (db: Db) => db.pragma('user_version', { simple: true });
const older = () => openDb(folder, { migrations: OLDER });
const newer = (now = NOW) => openDb(folder, { migrations: NEWER, now: () => now });

function closed<T>(db: Db, look: (db: Db) => T): T {
  try {
    return look(db);
  } finally {
    db.close();
  }
}

beforeEach(() => {
  folder = temporaryFolder();
  closed(older(), (db) => db.exec("INSERT INTO facts (fact) VALUES ('one'), ('two')"));
});

describe('a database of an older version', () => {
  it('is brought to the present one, and kept as it was in a copy for its owner alone', () => {
    expect(closed(newer(), (db) => [versionOf(db), facts(db)])).toEqual([4, ['one!', 'two!']]);
    expect(copies()).toEqual([COPY]);
    expect(statSync(file(COPY)).mode & 0o777).toBe(0o600);
    renameSync(file(COPY), file('xaxbot.sqlite'));
    expect(closed(older(), (db) => [versionOf(db), facts(db)])).toEqual([2, ['one', 'two']]);
  });

  it('is copied with what stands only in its write-ahead log', () => {
    const writing = older();
    writing.exec("INSERT INTO facts (fact) VALUES ('three')");
    expect(statSync(file('xaxbot.sqlite-wal')).size).toBeGreaterThan(0);
    newer().close();
    writing.close();
    for (const left of ['xaxbot.sqlite', 'xaxbot.sqlite-wal', 'xaxbot.sqlite-shm'])
      rmSync(file(left), { force: true });
    renameSync(file(COPY), file('xaxbot.sqlite'));
    expect(closed(older(), facts)).toEqual(['one', 'two', 'three']);
  });

  it('can be gone back to and left again: of each version the last copy stays, and of three versions', () => {
    for (const [version, day] of [
      [1, 1],
      [2, 2],
      [2, 3],
      [3, 4],
      [4, 5],
    ] as const) {
      rmSync(file('xaxbot.sqlite'));
      const schema = (count: number) =>
        Array.from({ length: count }, (_, at) => `CREATE TABLE t${at} (x INTEGER)`);
      openDb(folder, { migrations: schema(version) }).close();
      openDb(folder, { migrations: schema(5), now: () => Date.UTC(2026, 11, day) }).close();
    }
    expect(copies()).toEqual([
      'xaxbot.sqlite.v2-20261203T000000Z',
      'xaxbot.sqlite.v3-20261204T000000Z',
      'xaxbot.sqlite.v4-20261205T000000Z',
    ]);
  });

  it('stays as it was, with its copy, where a migration fails, however often', () => {
    const wrong = [...NEWER, 'INSERT INTO nowhere VALUES (1)'];
    for (const later of [0, 1_000, 2_000])
      expect(() => openDb(folder, { migrations: wrong, now: () => NOW + later })).toThrow(
        expect.objectContaining({
          code: 'database-migration',
          message: `The database ${file('xaxbot.sqlite')} could not be brought from version 2 to 5: the step to version 5 failed (no such table: nowhere).`,
          hint: expect.stringMatching(
            /^Nothing in it was changed: it is as it was, and xaxbot\.sqlite\.v2-20261130T01120[567]Z beside it is a copy\. Go on with the xaxbot that you had until now/,
          ),
        }),
      );
    expect(closed(older(), (db) => [versionOf(db), facts(db)])).toEqual([2, ['one', 'two']]);
    expect(copies()).toEqual(['xaxbot.sqlite.v2-20261130T011207Z']);
  });

  it('stays as it was where it takes no more while a migration is written, and is brought on once it does', () => {
    const many =
      'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 9000) INSERT INTO facts SELECT x, x FROM n';
    const bounded = [...NEWER, 'PRAGMA max_page_count = 12', many];
    expect(() => openDb(folder, { migrations: bounded, now: () => NOW })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('the step to version 6 failed (database or disk is full)'),
        hint: `Nothing in it was changed: it is as it was, and ${COPY} beside it is a copy. Free up space there, and start xaxbot again.`,
      }),
    );
    expect(closed(newer(), facts)).toEqual(['one!', 'two!']);
  });

  it('of which not even a first version can be made is said to be moved away', () => {
    expect(() =>
      openDb(temporaryFolder(), { migrations: ['CREATE TABLE x (y)', 'CREATE TABLE x (y)'] }),
    ).toThrow(
      expect.objectContaining({
        hint: expect.stringMatching(/^Nothing in it was changed: it is as it was\. Move it away from \//),
      }),
    );
  });

  it('is not touched where there is no room for a copy, which is said in words', () => {
    const full = () => openDb(folder, { migrations: NEWER, freeBytes: () => 12_000 });
    expect(full).toThrow(/No backup of the database .* could be made: 1 MB are needed, 1 MB are free/);
    expect(copies()).toEqual([]);
    expect(closed(older(), (db) => [versionOf(db), facts(db)])).toEqual([2, ['one', 'two']]);
  });

  it('is not touched where something else stands in the way of the copy', () => {
    mkdirSync(file(`${COPY}/occupied`), { recursive: true });
    expect(() => newer()).toThrow(/No backup of the database .* could be made/);
    expect(closed(older(), versionOf)).toBe(2);
    expect(readdirSync(folder).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('is copied anew where a copy was cut off, of which nothing is left', () => {
    writeFileSync(file('xaxbot.sqlite.v2-20261129T000000Z.unfinished'), 'half a copy');
    newer().close();
    expect(copies()).toEqual([COPY]);
  });

  it('is as it was after a kill in the midst of a migration, and brought on by the next start', async () => {
    const endless =
      'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 1000000000) INSERT INTO facts SELECT x, x FROM n';
    const program = `
      import { openDb } from ${JSON.stringify(new URL('../../src/store/db.ts', import.meta.url).href)};
      openDb(${JSON.stringify(folder)}, { migrations: ${JSON.stringify([...NEWER, endless])} });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await eventually('rows are written', () => {
      const wal = file('xaxbot.sqlite-wal');
      return existsSync(wal) && statSync(wal).size > 1_000_000;
    });
    child.kill('SIGKILL');
    await ended;
    expect(closed(older(), (db) => [versionOf(db), facts(db)])).toEqual([2, ['one', 'two']]);
    expect(closed(newer(), facts)).toEqual(['one!', 'two!']);
    expect(copies()).toHaveLength(1);
  });
});

describe('a database of a newer version', () => {
  it('is refused with the copy that can be gone back to', () => {
    newer().close();
    expect(older).toThrow(/has version 4; this xaxbot knows versions up to 2/);
    expect(hintOf(older)).toContain(`${COPY} beside it was copied before the upgrade`);
  });

  it('is refused without a word of copies that are newer too, or of none', () => {
    newer().close();
    renameSync(file(COPY), file('xaxbot.sqlite.v3-20261130T011205Z'));
    expect(hintOf(older)).not.toContain('cop');
  });
});

it('an empty folder gets a database, and a database of the present version no copy', () => {
  const fresh = join(temporaryFolder(), 'data');
  openDb(fresh).close();
  expect(closed(openDb(fresh), versionOf)).toBe(MIGRATIONS.length);
  expect(readdirSync(fresh)).toEqual(['xaxbot.sqlite']);
});

function hintOf(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    return (error as { hint: string }).hint;
  }
  throw new Error('it was opened');
}
