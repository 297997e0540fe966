import { cpSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { ELSEWHERE } from './elsewhere.ts';
import { found, reading } from './run-of-files.ts';

describe("MLflow's database", () => {
  const SQLITE = join(ELSEWHERE, 'mlflow/sqlite/mlflow.db');
  const INSERT = `INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)
    SELECT key, 0.125, timestamp + 1, run_uuid, 1000000, 0 FROM metrics ORDER BY rowid LIMIT 1`;

  function database() {
    const { folder, reader } = reading({});
    const path = join(folder, 'mlflow.db');
    cpSync(SQLITE, path);
    return { path, reader };
  }

  it('that a writer holds a transaction on is read once that is over', async () => {
    const { path, reader } = database();
    const writer = new Database(path);
    // So small a cache that the transaction is in the file before it is over.
    writer.pragma('cache_size = 1');
    writer.exec('BEGIN EXCLUSIVE');
    for (let count = 0; count < 200; count += 1)
      writer.exec(INSERT.replace('1000000', String(1_000_000 + count)));
    const during = await found(reader);
    expect(during.values).toEqual({});
    expect(during.unread['mlflow.db']).toMatch(/^is in the midst of a change/);
    writer.exec('COMMIT');
    writer.close();
    const after = await found(reader);
    expect(Object.values(after.values)).toContain(0.125);
    expect(after.unread).toEqual({});
  });

  it('in WAL mode is read as far as its file goes, and the rest is said', async () => {
    const { path, reader } = database();
    const writer = new Database(path);
    writer.pragma('journal_mode = wal');
    writer.pragma('wal_autocheckpoint = 0');
    writer.exec(INSERT);
    const { values, unread } = await found(reader);
    expect(Object.keys(values).length).toBeGreaterThan(0);
    expect(Object.values(values)).not.toContain(0.125);
    expect(unread['mlflow.db']).toMatch(/^is written by way of a log beside it \(WAL\)/);
    writer.close();
    const after = await found(createRunReader(createRunFiles(dirname(path))));
    expect(Object.values(after.values)).toContain(0.125);
    expect(after.unread).toEqual({});
  });

  it('of another version, or half of one, is said to be that', async () => {
    const { path, reader } = database();
    const other = new Database(path);
    other.exec('ALTER TABLE metrics RENAME TO values_logged');
    other.close();
    expect((await found(reader)).unread['mlflow.db']).toBe(
      'has no table "metrics": MLflow of another version, or another program\'s',
    );
    const half = reading({ 'mlflow.db': readFileSync(SQLITE).subarray(0, 20_000) });
    expect((await found(half.reader)).unread['mlflow.db']).toMatch(/^has 20000 of its \d+ bytes: /);
  });
});
