import { expect, it } from 'vitest';
import { createActions } from '../../src/store/actions.ts';
import { createConfirmations } from '../../src/store/confirmations.ts';
import { openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createPressStore } from '../../src/store/presses.ts';
import { temporaryFolder } from '../helpers.ts';

it('buttons and questions of an older version go on working, and what is pressed is remembered', () => {
  const folder = temporaryFolder();
  const before = openDb(folder, { migrations: MIGRATIONS.slice(0, 18) });
  before.exec(
    `INSERT INTO actions (id, command, options, form, used_at) VALUES ('a1', 'retry', '{"job":"vm/job-0000007@1"}', 0, 1);
     INSERT INTO confirmations (token_hash, person, adapter, channel, command, options, session, expires_at)
       VALUES ('${'0'.repeat(64)}', 'ada', 'web', 'queue', 'kill', '{}', 's', 2000)`,
  );
  before.close();
  const db = openDb(folder);
  const known = { command: 'retry', options: { job: 'vm/job-0000007@1' }, form: false, replaces: false };
  expect(createActions(db, () => 1_000).byId('a1')).toEqual(known);
  expect(db.prepare('SELECT person, question FROM confirmations').all()).toEqual([
    { person: 'ada', question: null },
  ]);
  const confirmations = createConfirmations(db, () => 1_000);
  const asked = {
    person: 'ada',
    adapter: 'web',
    channel: 'queue',
    session: 's',
    command: 'kill',
    options: {},
  };
  const question = { blocks: [] };
  confirmations.ask({ ...asked, token: 't', question, expiresAt: 2_000 });
  expect(confirmations.take('t', 'ada', 'web')).toMatchObject({ command: 'kill', question });
  const presses = createPressStore(db, () => 1_000);
  presses.add({ key: 'k', kind: 'button', deed: 'd', person: 'ada', personName: 'Ada', at: 1_000 });
  presses.finish('k', 'Queued');
  expect(presses.byKey('k')).toMatchObject({ isDone: true, outcome: 'Queued', personName: 'Ada' });
});

it('a button has the id that it had, and one whose answer stands in its place another', () => {
  const actions = createActions(openDb(temporaryFolder()), () => 1_000);
  const status = { command: 'status', options: {}, form: false };
  const [plain, inPlace] = [false, true].map((replaces) => actions.idOf({ ...status, replaces }));
  expect(plain).not.toBe(inPlace);
  expect([plain, inPlace].map((id) => actions.byId(id!)?.replaces)).toEqual([false, true]);
});
