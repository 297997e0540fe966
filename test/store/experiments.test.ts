import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { experimentRow } from '../../src/core/experiment.ts';
import { atOnce } from '../../src/core/slices.ts';
import { EXPERIMENT_LOG_LINES, formatExperimentLog } from '../../src/experiments/csv.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createExperimentStore, type ExperimentStore } from '../../src/store/experiments.ts';
import { createNotes } from '../../src/store/notes.ts';
import { createSessionStore, type Session, type SessionStore } from '../../src/store/sessions.ts';

const KEY = { queue: 'gpu1', jobId: 'job-0000001', enqueuedAt: 1_795_447_042.125 };
const row = (experiment_id: string, notes = '') => ({
  fields: experimentRow({ experiment_id, notes }),
  extra: {},
});

let dir: string;
let db: Db;
let store: ExperimentStore;
let session: Session;
let sessions: SessionStore;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'xaxbot-store-'));
  db = openDb(dir);
  store = createExperimentStore(db, EXPERIMENT_LOG_LINES);
  sessions = createSessionStore(db);
  session = sessions.use('s1', '/srv/s1', 1);
});
afterEach(() => {
  db.close();
  rmSync(dir, { recursive: true });
});

describe('experiments in the database', () => {
  it('are there again after the database was opened anew', () => {
    store.add(session, { ...row('a', 'ünï\n"x"'), extra: { mood: 'fine' } }, KEY);
    createNotes(db).add(KEY, { author: 'ada', text: 'one', at: 5 });
    db.close();
    db = openDb(dir);
    store = createExperimentStore(db, EXPERIMENT_LOG_LINES);
    expect(createSessionStore(db).last()).toEqual(session);
    expect(store.ofJob(KEY)).toMatchObject({
      ...row('a', 'ünï\n"x"'),
      extra: { mood: 'fine' },
      job: KEY,
      base: null,
    });
    expect(createNotes(db).ofJob(KEY)).toMatchObject([{ author: 'ada', text: 'one', at: 5, state: 'kept' }]);
  });

  it('belong to one session each, and the session used last is the one to go on with', () => {
    store.add(session, row('a'), null);
    const second = sessions.use('s2', '/srv/s2', 2);
    store.add(second, row('a', 'another'), null);
    expect(store.row(session, 'a')?.fields.notes).toBe('');
    expect(store.row(second, 'a')?.fields.notes).toBe('another');
    sessions.use('s1', '/srv/s1', 3);
    expect(sessions.last()?.name).toBe('s1');
  });

  it('make the same CSV as their rows do, with the columns that were added', () => {
    const rows = [row('a'), { ...row('b', 'x,y'), extra: { mood: 'fine' } }];
    for (const each of rows) store.add(session, each, null);
    expect(store.csv(session)).toBe(formatExperimentLog(rows));
    store.setExtraColumns(session, ['mood']);
    expect(store.csv(session)).toBe(formatExperimentLog(rows, ['mood']));
  });

  it('can be brought into another order; those that are not named follow', () => {
    for (const id of ['a', 'b', 'c', 'd']) store.add(session, row(id), null);
    atOnce(store.arrange(session, ['c', 'a']));
    expect(store.rows(session).map(({ fields }) => fields.experiment_id)).toEqual(['c', 'a', 'b', 'd']);
    store.add(session, row('e'), null);
    expect(store.rows(session).at(-1)?.fields.experiment_id).toBe('e');
  });

  it('agree with the file on what was written, not on what has changed since', () => {
    store.add(session, row('a', 'one'), null);
    const { pieces, agree } = atOnce(store.snapshot(session));
    store.put({ ...store.row(session, 'a')!, ...row('a', 'two') });
    atOnce(agree(10, 'digest'));
    expect(Buffer.concat(pieces).toString()).toContain('one');
    expect(store.row(session, 'a')).toMatchObject({ base: { notes: 'one' }, fields: { notes: 'two' } });
  });

  it('know by its digest the file that says what they say, until one of them changes', () => {
    const write = (digest: string) => atOnce(atOnce(store.snapshot(session)).agree(10, digest));
    const said = () => store.file(session).digest;
    expect(store.file(session)).toEqual({ digest: null, bytes: 0 });
    store.add(session, row('a', 'one'), null);
    write('one');
    expect(store.file(session)).toEqual({ digest: 'one', bytes: store.csv(session).length });
    write('the same');
    expect(said()).toBe('the same');
    const changes: (() => void)[] = [
      () => store.put({ ...store.row(session, 'a')!, ...row('a', 'two') }),
      () => store.add(session, row('b'), null),
      () => store.add(session, row('c'), KEY),
      () => store.linkJob(store.row(session, 'b')!, KEY, store.ofJob(KEY)),
      () => atOnce(store.arrange(session, ['b', 'a'])),
      () => store.setExtraColumns(session, ['mood']),
      () => store.forgetFile(session),
    ];
    for (const [count, change] of changes.entries()) {
      write(`written ${count}`);
      expect(said()).toBe(`written ${count}`);
      change();
      expect(said()).toBe(null);
    }
  });

  it('do not know a file that was written while one of them changed', () => {
    store.add(session, row('a', 'one'), null);
    const { agree } = atOnce(store.snapshot(session));
    expect(store.file(session).digest).toBe(null);
    store.put({ ...store.row(session, 'a')!, ...row('a', 'two') });
    atOnce(agree(10, 'digest'));
    expect(store.file(session).digest).toBe(null);
  });

  it('remember what stood in the file before, until it is too old to come back', () => {
    store.add(session, { fields: experimentRow({ experiment_id: 'a', updated_at: 'T1' }), extra: {} }, null);
    atOnce(atOnce(store.snapshot(session)).agree(1_000, 'digest'));
    const known = store.row(session, 'a')!;
    store.put({ ...known, fields: { ...known.fields, notes: 'newer', updated_at: 'T2' } });
    atOnce(atOnce(store.snapshot(session)).agree(2_000, 'digest'));
    expect(store.versionsOfCopy(known, 'T1')).toEqual([{ fields: known.fields, extra: {} }]);
    expect(store.versionsSince(known, 2_000)).toHaveLength(1);
    expect(store.versionsSince(known, 2_001)).toHaveLength(0);
    store.put({ ...known, fields: { ...known.fields, notes: 'newest' } });
    atOnce(atOnce(store.snapshot(session)).agree(40 * 24 * 3_600_000, 'digest'));
    expect(store.versionsOfCopy(known, 'T1')).toEqual([]);
  });

  it('give their job to a planned row and step aside', () => {
    store.add(session, row('plan-1'), null);
    store.add(session, row('job-0000001'), KEY);
    store.linkJob(store.row(session, 'plan-1')!, KEY, store.ofJob(KEY));
    expect(store.ofJob(KEY)?.fields.experiment_id).toBe('plan-1');
    expect(store.rows(session)).toHaveLength(1);
    expect(store.row(session, 'job-0000001')).toMatchObject({ replaced: true, job: null });
  });
});
