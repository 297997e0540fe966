import { expect, it } from 'vitest';
import { openDb } from '../../src/store/db.ts';
import { RUN_PLACES } from '../../src/store/migrations/026-run-places.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createRunPlaceStore } from '../../src/store/run-places.ts';
import { temporaryFolder } from '../helpers.ts';

it('no run has a place of its own after an upgrade, and one that is found stays', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, MIGRATIONS.indexOf(RUN_PLACES)) });
  before.exec(
    `INSERT INTO subscriptions (person, adapter, channel, job, created_at) VALUES ('ada', 'web', 'dm:ada', '', 1)`,
  );
  before.close();
  const job = { queue: 'g1', jobId: 'job-0000001', enqueuedAt: 1_764_500_000.25 };
  const db = openDb(folder);
  const places = createRunPlaceStore(db);
  expect(db.prepare('SELECT count(*) FROM subscriptions').pluck().get()).toBe(1);
  expect(places.get(job)).toBeUndefined();
  places.put(job, { folder: '/home/ada/proj/out', because: 'as its setting output_dir says' });
  places.put(job, { folder: '/home/ada/proj/out2', because: 'as a line says that it printed' });
  db.close();
  const again = createRunPlaceStore(openDb(folder));
  expect(again.get(job)).toEqual({
    folder: '/home/ada/proj/out2',
    because: 'as a line says that it printed',
  });
  // Numbers begin again when a queue's state file is deleted: another job.
  expect(again.get({ ...job, enqueuedAt: job.enqueuedAt + 1 })).toBeUndefined();
});
