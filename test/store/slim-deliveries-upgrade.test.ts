import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Db, openDb } from '../../src/store/db.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { createOutbox, type Outbox } from '../../src/store/outbox.ts';
import { temporaryFolder } from '../helpers.ts';

const [JOB, OTHER] = ['vm/job-0000007@1795763929.548', 'vm/job-0000008@1795763930.5'];
const HASH = 'DKsoiRtKlHMSSpDr/unN7QKZw+XCoccJvS0KDXgrLHY=';
const at = (channel: string, id: string) => JSON.stringify({ channel, id });

describe('deliveries of a database of before they were slim', () => {
  let folder: string;
  let db: Db;
  let outbox: Outbox;

  beforeEach(() => {
    folder = temporaryFolder();
    const before = openDb(folder, { migrations: MIGRATIONS.slice(0, 27) });
    const add = before.prepare(
      `INSERT INTO deliveries (kind, key, adapter, channel, subject, body, ref, thread, state, delivered_hash, replaced, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    );
    const card = (subject: string, adapter: string, channel: string, ref: string | null, more: unknown[]) =>
      add.run('card', `card:${subject}:${adapter}:${channel}`, adapter, channel, subject, null, ref, ...more);
    card(JOB, 'slack', 'C1', at('C1', '1700.5'), [at('C1', '1700.5'), 'done', HASH, 0]);
    card(JOB, 'discord', '11', at('11', '12'), [at('13', '13'), 'done', HASH, 2]);
    card(OTHER, 'slack', 'direct:U1', at('D1', '1700.6'), [null, 'due', HASH, 0]);
    const said = JSON.stringify({ source: { kind: 'transition', transition: 1 } });
    add.run(
      'post',
      'transition:1:slack:C1',
      'slack',
      'C1',
      JOB,
      said,
      at('C1', '1700.7'),
      null,
      'done',
      HASH,
      0,
    );
    add.run('post', 'transition:2:slack:C1', 'slack', 'C1', JOB, said, null, null, 'due', null, 0);
    const message = before.prepare('INSERT INTO card_messages (adapter, ref, subject) VALUES (?, ?, ?)');
    message.run('slack', at('C1', '1700.5'), JOB);
    message.run('discord', at('11', '12'), JOB);
    message.run('discord', at('13', '13'), JOB);
    message.run('discord', at('11', '9'), JOB);
    message.run('slack', at('D1', '1700.6'), OTHER);
    before.close();
    db = openDb(folder);
    outbox = createOutbox(db, () => 1_000);
  });

  afterEach(() => db.close());

  it('are the same messages, in the same threads, as the same versions', () => {
    expect(outbox.card(JOB, 'slack', 'C1')).toMatchObject({
      key: `card:${JOB}:slack:C1`,
      ref: { channel: 'C1', id: '1700.5' },
      thread: { channel: 'C1', id: '1700.5' },
      deliveredHash: HASH.slice(0, 22),
    });
    expect(outbox.card(JOB, 'discord', '11')).toMatchObject({
      key: `card:${JOB}:discord:11#2`,
      ref: { channel: '11', id: '12' },
      thread: { channel: '13', id: '13' },
    });
    expect(outbox.turns('slack', 'direct:U1').now[0]?.delivery).toMatchObject({
      subject: OTHER,
      ref: { channel: 'D1', id: '1700.6' },
    });
  });

  it('are found by their messages, and by those that were cards before', () => {
    const subjectOf = (adapter: string, channel: string, id: string) =>
      outbox.subjectOf(adapter, { channel, id });
    expect(subjectOf('slack', 'C1', '1700.5')).toBe(JOB);
    expect(subjectOf('slack', 'D1', '1700.6')).toBe(OTHER);
    for (const id of ['12', '9']) expect(subjectOf('discord', '11', id)).toBe(JOB);
    expect(subjectOf('discord', '13', '13')).toBe(JOB);
    expect(subjectOf('discord', '11', '1700.5')).toBeUndefined();
    expect(outbox.subjectOfPost('slack', { channel: 'C1', id: '1700.7' })).toBe(JOB);
    outbox.replaceCard(JOB, 'slack', 'C1');
    expect(outbox.card(JOB, 'slack', 'C1')?.ref).toBeNull();
    expect(subjectOf('slack', 'C1', '1700.5')).toBe(JOB);
  });

  it('are said once: what was said is not said again, what waits goes out', () => {
    const source = { kind: 'transition', transition: 9 } as const;
    outbox.addPost('transition:1', 'slack', 'C1', JOB, source);
    outbox.addPost('transition:2', 'slack', 'C1', JOB, source);
    expect(outbox.turns('slack', 'C1').now.map(({ delivery }) => delivery.body?.source)).toEqual([
      { kind: 'transition', transition: 1 },
    ]);
    outbox.wantCard('slack', 'C1', JOB);
    expect(
      outbox.turns('slack', 'C1').now.find(({ delivery }) => delivery.kind === 'card')?.delivery,
    ).toMatchObject({ id: 1, ref: { channel: 'C1', id: '1700.5' } });
    expect(db.prepare('SELECT count(*) FROM deliveries').pluck().get()).toBe(5);
  });
});
