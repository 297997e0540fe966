import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { createFileStore } from '../../src/store/files.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import { createPruning } from '../../src/store/prune.ts';
import { pruneFiles } from '../../src/store/prune-files.ts';
import { temporaryFolder } from '../helpers.ts';

const DAY = 24 * 3_600_000;

it('files that no message refers to go a week after they were last made; others, and what is being written, stay', async () => {
  const folder = temporaryFolder();
  const db = openDb(folder);
  const files = createFileStore(folder);
  const path = (name: string) => join(folder, 'files', name);
  const age = (name: string, days: number) => {
    const at = (Date.now() - days * DAY) / 1000;
    utimesSync(path(name), at, at);
  };
  const save = async (text: string) => (await files.save(Buffer.from(text), 'txt')).file;
  const [shown, waiting, old, fresh, again] = [
    await save('shown'),
    await save('waiting'),
    await save('old'),
    await save('fresh'),
    await save('again'),
  ];
  for (const name of [shown!, waiting!, old!, again!]) age(name, 8);
  age(fresh!, 6);
  await save('again');
  writeFileSync(path(`${'a'.repeat(32)}.txt.part`), 'half');
  writeFileSync(path(`${'b'.repeat(32)}.txt.part`), 'half, long ago');
  age(`${'b'.repeat(32)}.txt.part`, 2);
  db.prepare(`INSERT INTO web_messages (seq, channel, body, created_at) VALUES (1, 'queue', ?, 0)`).run(
    JSON.stringify({ blocks: [{ kind: 'file', file: { file: shown } }] }),
  );
  createOutbox(db, Date.now).addPost('p', 'web', 'queue', null, {
    kind: 'message',
    message: { blocks: [{ kind: 'file', file: { file: waiting! }, name: 'x', bytes: 1 }] },
  });
  expect(pruneFiles(db, join(folder, 'files'), Date.now())).toBe(2);
  expect(readdirSync(join(folder, 'files')).sort()).toEqual(
    [shown, waiting, fresh, again, `${'a'.repeat(32)}.txt.part`].sort(),
  );
  mkdirSync(join(folder, 'none'));
  expect(pruneFiles(db, join(folder, 'nowhere'), Date.now())).toBe(0);
  db.close();
});

it('posts that were said go after thirty days, a few at a time; what waits, and cards, stay', () => {
  const db = openDb(temporaryFolder());
  let now = 0;
  const add = db.prepare(
    `INSERT INTO deliveries (kind, key, adapter, channel, subject, state, created_at) VALUES (?, ?, 'web', 'queue', 's', ?, ?)`,
  );
  for (let count = 0; count < 1_200; count += 1) add.run('post', `said:${count}`, 'done', 0);
  add.run('post', 'waits', 'due', 0);
  add.run('card', null, 'done', 0);
  add.run('post', 'lately', 'done', 20 * DAY);
  const keys = () =>
    db.prepare<[], string>('SELECT coalesce(key, kind) FROM deliveries ORDER BY id').pluck().all();
  const { tick } = createPruning(db, () => now);
  now = 29 * DAY;
  tick();
  expect(keys()).toHaveLength(1_203);
  now = 31 * DAY;
  tick();
  expect(keys()).toHaveLength(703);
  tick();
  tick();
  expect(keys()).toEqual(['waits', 'card', 'lately']);
  db.close();
});

it('the room of what was forgotten goes back to the disk, of a database of before too', () => {
  const folder = temporaryFolder();
  const before = new Database(join(folder, 'xaxbot.sqlite'));
  for (const sql of MIGRATIONS.slice(0, 28)) before.exec(sql);
  before.pragma('user_version = 28');
  before.close();
  const db = openDb(folder);
  expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
  const add = db.prepare(
    `INSERT INTO deliveries (kind, key, adapter, channel, state, body, created_at) VALUES ('post', ?, 'web', 'queue', 'dead', ?, 0)`,
  );
  db.transaction(() => {
    for (let count = 0; count < 2_000; count += 1) add.run(`said:${count}`, 'x'.repeat(9_000));
  })();
  const { tick } = createPruning(db, () => 31 * DAY);
  const pages = () => db.pragma('page_count', { simple: true }) as number;
  const full = pages();
  for (let turn = 0; turn < 40; turn += 1) tick();
  expect(pages()).toBeLessThan(full / 4);
  db.pragma('wal_checkpoint(TRUNCATE)');
  expect(statSync(join(folder, 'xaxbot.sqlite')).size).toBe(4_096 * pages());
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  db.close();
});
