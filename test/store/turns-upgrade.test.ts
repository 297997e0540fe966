import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import { temporaryFolder } from '../helpers.ts';

it('a card that an older version gave up is tried again, and a post that it gave up is not', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, 17) });
  before.exec(
    `INSERT INTO deliveries (kind, key, adapter, channel, subject, state, attempts, error, created_at) VALUES
       ('card', 'card:job:web:c', 'web', 'c', 'job', 'dead', 3, 'invalid_blocks', 1),
       ('post', 'old:web:c', 'web', 'c', NULL, 'dead', 3, 'given up', 1),
       ('post', 'new:web:c', 'web', 'c', NULL, 'due', 0, NULL, 1)`,
  );
  before.close();
  const outbox = createOutbox(openDb(folder), () => 1_000);
  expect(outbox.turns('web', 'c').now[0]?.delivery).toMatchObject({
    subject: 'job',
    attempts: 0,
    form: 0,
    lane: 1,
  });
  expect(outbox.waitingCount()).toBe(2);
});
