import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { WEB_LOGINS } from '../../src/store/migrations/023-web-logins.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createWebLogins } from '../../src/store/web-logins.ts';
import { temporaryFolder } from '../helpers.ts';

it('tokens of an older version let nobody in any more, and its messages stay', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, MIGRATIONS.indexOf(WEB_LOGINS)) });
  before.exec(
    `INSERT INTO web_sessions (token_hash, person, expires_at) VALUES ('${'0'.repeat(64)}', 'ada', 9000000000000);
     INSERT INTO web_links (token_hash, person, expires_at) VALUES ('${'1'.repeat(64)}', 'ada', 9000000000000);
     INSERT INTO web_messages (seq, channel, body, created_at) VALUES (1, 'queue', '{"blocks":[]}', 1)`,
  );
  before.close();
  const db = openDb(folder);
  const logins = createWebLogins(db, () => 1_000);
  expect(logins.all()).toEqual([]);
  logins.add({ id: 'a', person: 'ada', publicKey: 'k', browser: 'Firefox on Linux' });
  expect(logins.find('a')).toMatchObject({ person: 'ada', madeAt: 1_000, usedAt: 1_000 });
  expect(db.prepare('SELECT count(*) AS messages FROM web_messages').get()).toEqual({ messages: 1 });
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE name IN ('web_sessions', 'web_links')")
    .all();
  expect(tables).toEqual([]);
});
