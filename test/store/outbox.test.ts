import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { textMessage } from '../../src/core/message.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { createOutbox, type Outbox } from '../../src/store/outbox.ts';
import { cpuMs, temporaryFolder } from '../helpers.ts';

describe('the outbox', () => {
  let db: Db;
  let outbox: Outbox;
  /** What was waiting, and whether a transaction was open, each time that it announced. */
  let announced: { waiting: number; isOpen: boolean }[];
  beforeEach(() => {
    db = openDb(temporaryFolder());
    announced = [];
    outbox = createOutbox(db, Date.now, () => {
      announced.push({ waiting: outbox.waitingCount(), isOpen: db.inTransaction });
    });
  });
  const post = (key: string) =>
    outbox.addPost(key, 'web', 'c', null, { kind: 'message', message: textMessage(key) });

  it('says that something is pending once the transaction that put it there has ended, once for all of it', async () => {
    db.transaction(() => {
      post('a');
      post('b');
      outbox.wantCard('web', 'c', 'board:q');
      expect(announced).toEqual([]);
    })();
    await nextTurn();
    expect(announced).toEqual([{ waiting: 3, isOpen: false }]);
  });

  it('says so for each thing that makes something due', async () => {
    outbox.wantCard('web', 'c', 'job');
    await nextTurn();
    for (const make of [
      () => post('a'),
      () => outbox.refreshCards('job'),
      () => outbox.hurry('job'),
      () => outbox.resume('web'),
      () => outbox.wantCard('web', 'c', 'job'),
    ]) {
      announced = [];
      make();
      await nextTurn();
      expect(announced, make.toString()).toHaveLength(1);
    }
  });

  it('has nothing to show for a transaction that came to nothing', async () => {
    expect(() =>
      db.transaction(() => {
        post('a');
        throw new Error('undone');
      })(),
    ).toThrow('undone');
    await nextTurn();
    expect(announced).toEqual([{ waiting: 0, isOpen: false }]);
  });

  it('costs the same to look through, however much was said of a subject before', () => {
    const insert = db.prepare(
      `INSERT INTO deliveries (kind, key, adapter, channel, subject, state, created_at)
       VALUES ('post', ?, 'web', 'c', 'job', 'done', 1)`,
    );
    outbox.wantCard('web', 'c', 'job');
    for (let each = 0; each < 50; each += 1)
      outbox.addPost(`waiting-${each}`, 'web', 'c', 'job', {
        kind: 'message',
        message: textMessage('a'),
      });
    db.transaction(() => {
      for (let each = 0; each < 20_000; each += 1) insert.run(`said-${each}`);
    })();
    const began = cpuMs();
    for (let each = 0; each < 10; each += 1)
      expect(outbox.turns('web', 'c').now[0]?.delivery.kind).toBe('card');
    expect(cpuMs() - began).toBeLessThan(200);
  });
});
