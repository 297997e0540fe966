import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { PINGS } from '../../src/store/migrations/025-pings.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createPingStore } from '../../src/store/pings.ts';
import { createSubscriptions } from '../../src/store/subscriptions.ts';
import { createUnseenFailures } from '../../src/store/unseen-failures.ts';
import { temporaryFolder } from '../helpers.ts';

it('nobody has chosen anything after an upgrade, subscriptions stay, and an old failure is no reminder', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, MIGRATIONS.indexOf(PINGS)) });
  before.exec(
    `INSERT INTO subscriptions (person, adapter, channel, job, created_at) VALUES ('ada', 'web', 'dm:ada', '', 1);
     INSERT INTO watch_mutes (rule, job, until, muted_by) VALUES ('nan', '', 9000000000000, 'Ada')`,
  );
  before.close();
  const db = openDb(folder);
  const pings = createPingStore(db, () => 1_000);
  expect(pings.settings('ada')).toEqual({ off: [], quiet: null });
  expect(pings.mutes('ada')).toEqual([]);
  expect(createUnseenFailures(db).due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  expect(createSubscriptions(db, () => 1_000).of('ada')).toHaveLength(1);
  pings.set('ada', { off: ['watch'], quiet: { from: 0, to: 60, zone: 'Asia/Kolkata' } });
  pings.mute('ada', { job: null, until: 2_000 });
  pings.rename('ada', 'lovelace');
  expect(pings.settings('lovelace')).toEqual({
    off: ['watch'],
    quiet: { from: 0, to: 60, zone: 'Asia/Kolkata' },
  });
  expect([pings.mutes('ada').length, pings.mutes('lovelace').length]).toEqual([0, 1]);
});
