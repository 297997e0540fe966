import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

const read = (folder: string) => createRunReader(createRunFiles(folder)).read();
const names = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

describe('a run of very much', () => {
  it('keeps so many metrics of all files together, and says that there are more', async () => {
    const folder = temporaryFolder();
    const line = JSON.stringify({ step: 1, ...Object.fromEntries(names(1_500).map((name) => [name, 0.5])) });
    for (let file = 0; file < 5; file += 1) writeFileSync(join(folder, `log-${file}.jsonl`), `${line}\n`);
    const { series, sources } = await read(folder);
    expect(series.length).toBe(2_000);
    expect(sources?.unread).toEqual([
      { path: '.', why: 'has more metrics in its files than are kept; 2000 are, of the first files' },
    ]);
  });

  it('keeps fewer points of each the more there are, the ends among them', async () => {
    const folder = temporaryFolder();
    const rows = Array.from({ length: 3_000 }, (_, step) =>
      [step, ...names(40).map(() => step / 10)].join(','),
    );
    for (let trial = 0; trial < 40; trial += 1) {
      mkdirSync(join(folder, `trial-${trial}`));
      writeFileSync(
        join(folder, `trial-${trial}`, 'progress.csv'),
        `${['step', ...names(40)].join(',')}\n${rows.join('\n')}\n`,
      );
    }
    const { series } = await read(folder);
    expect(series.length).toBe(1_600);
    expect(series.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(400_000);
    for (const { length, steps, values } of series) {
      expect(length).toBeGreaterThan(60);
      expect([steps[0], steps[length - 1], values[length - 1]]).toEqual([0, 2_999, 299.9]);
    }
  });

  it('of a database of many runs reads the newest', async () => {
    const folder = temporaryFolder();
    const db = new Database(join(folder, 'mlflow.db'));
    db.exec(`
      CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time INTEGER, lifecycle_stage TEXT);
      CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
      CREATE TABLE metrics (key TEXT, value REAL, timestamp INTEGER, run_uuid TEXT, step INTEGER, is_nan INTEGER);
      BEGIN`);
    const run = db.prepare(`INSERT INTO runs VALUES (?, 'r', 'RUNNING', ?, 'active')`);
    const metric = db.prepare(`INSERT INTO metrics VALUES ('loss', ?, ?, ?, 1, 0)`);
    for (let index = 0; index < 5_000; index += 1) {
      const id = index.toString(16).padStart(32, '0');
      run.run(id, 1_795_000_000_000 + index);
      metric.run(index, 1_795_000_000_000 + index, id);
    }
    db.exec('COMMIT');
    db.close();
    const { series } = await read(folder);
    expect(series.map(({ values, length }) => values[length - 1])).toEqual([4_999]);
  });

  it('of a database that computes its columns reads nothing, and says so', async () => {
    const folder = temporaryFolder();
    const db = new Database(join(folder, 'mlflow.db'));
    db.exec(`
      CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time INTEGER, lifecycle_stage TEXT);
      CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
      CREATE TABLE metrics (key TEXT, value REAL AS (step + 1), timestamp INTEGER, run_uuid TEXT, step INTEGER, is_nan INTEGER)`);
    db.close();
    const { series, sources } = await read(folder);
    expect(series).toEqual([]);
    expect(sources?.unread).toEqual([
      { path: 'mlflow.db', why: 'computes columns of its table "metrics": no MLflow does' },
    ]);
  });
});
