import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { createKeptValues } from '../../src/store/kept-values.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { temporaryFolder } from '../helpers.ts';

it('a database of before there were kept values keeps what stands in it, and has none of any adapter', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, 19) });
  before.exec(
    `INSERT INTO deliveries (kind, key, adapter, channel, subject, state, created_at)
     VALUES ('card', 'card:job:web:c', 'web', 'c', 'job', 'due', 1)`,
  );
  before.close();
  const db = openDb(folder);
  expect(db.prepare('SELECT subject FROM deliveries').pluck().all()).toEqual(['job']);
  const discord = createKeptValues(db, 'discord');
  expect(discord.get('declared')).toBeUndefined();
  discord.set('declared', ['global', '123456789012345678']);
  discord.set('declared', ['123456789012345678']);
  db.close();
  const again = openDb(folder);
  expect(createKeptValues(again, 'discord').get('declared')).toEqual(['123456789012345678']);
  expect(createKeptValues(again, 'slack').get('declared')).toBeUndefined();
});
