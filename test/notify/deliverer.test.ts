import { beforeEach, describe, expect, it } from 'vitest';
import { type Adapter, DeliveryError } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { createDeliverer } from '../../src/notify/deliverer.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import type { Delivery } from '../../src/store/delivery.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

type Failure = 'before' | 'after' | 'never';

/** A platform that keeps what it was sent, and fails as told: before it takes a message, or after, without an answer. */
function createPlatform() {
  const sent: { ref: MessageRef; key: string; thread: string | undefined; text: string; edits: number }[] =
    [];
  const failures: Failure[] = [];
  const fail = (when: Failure) => {
    if (failures[0] !== when) return;
    failures.shift();
    if (when === 'never') throw new DeliveryError('never', 'the channel is archived');
    throw new DeliveryError(when === 'before' ? 'retry' : 'doubtful', 'no answer', 5);
  };
  const adapter: Adapter = {
    name: 'platform',
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'up', detail: '' }),
    async post(target, message, key) {
      fail('before');
      fail('never');
      const ref = { channel: target.channel, id: String(sent.length + 1) };
      sent.push({ ref, key, thread: target.thread?.id, text: plainText(message), edits: 0 });
      fail('after');
      return ref;
    },
    async update(ref, message) {
      fail('before');
      const found = sent.find((each) => each.ref.id === ref.id)!;
      Object.assign(found, { text: plainText(message), edits: found.edits + 1 });
      fail('after');
    },
    openThread: async (ref) => ref,
    findByKey: async (_target, key) => sent.find((each) => each.key === key)?.ref,
  };
  return { adapter, sent, failures, texts: () => sent.map(({ text }) => text) };
}

describe('delivering what is to be said', () => {
  let db: Db;
  let outbox: ReturnType<typeof createOutbox>;
  let platform: ReturnType<typeof createPlatform>;
  let cards: Record<string, string>;
  const post = (key: string, text: string, subject: string | null = null) =>
    outbox.addPost(key, 'platform', 'c', subject, { kind: 'message', message: textMessage(text) });

  function deliverer() {
    return createDeliverer({
      outbox,
      adapters: new Map([['platform', platform.adapter]]),
      render: {
        card: async (subject): Promise<Message | undefined> =>
          cards[subject] === undefined ? undefined : textMessage(cards[subject]),
        post: async (source) => (source as { message: Message }).message,
        threadTitle: (subject) => subject,
      },
      clock: Date.now,
      log: quietLog,
    });
  }

  async function deliverAll(): Promise<void> {
    const worker = deliverer();
    worker.start();
    await eventually('nothing left to send', async () => {
      await worker.idle();
      return outbox.waitingChannels().length === 0;
    });
    await worker.stop();
  }

  beforeEach(() => {
    db = openDb(temporaryFolder());
    outbox = createOutbox(db, Date.now);
    platform = createPlatform();
    cards = { job: 'v1' };
  });

  it('sends posts in order, a card before what stands in its thread', async () => {
    outbox.wantCard('platform', 'c', 'job');
    post('a', 'first', 'job');
    post('b', 'second', 'job');
    await deliverAll();
    expect(platform.sent.map(({ text, thread }) => [text, thread])).toEqual([
      ['v1', undefined],
      ['first', '1'],
      ['second', '1'],
    ]);
  });

  it('folds many changes of a card into one edit, and makes none when it looks the same', async () => {
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll();
    for (const version of ['v2', 'v3', 'v4']) {
      cards.job = version;
      outbox.wantCard('platform', 'c', 'job');
    }
    await deliverAll();
    outbox.refreshCards('job');
    await deliverAll();
    expect(platform.sent).toMatchObject([{ text: 'v4', edits: 1 }]);
  });

  it('says a key once, however often it is added', async () => {
    post('a', 'once');
    await deliverAll();
    post('a', 'once');
    await deliverAll();
    expect(platform.texts()).toEqual(['once']);
  });

  it('keeps the order through failures, and sends nothing twice when an answer was lost', async () => {
    outbox.wantCard('platform', 'c', 'job');
    for (const name of ['a', 'b', 'c', 'd']) post(name, name, 'job');
    platform.failures.push('after', 'before', 'before', 'after', 'after');
    await deliverAll();
    expect(platform.texts()).toEqual(['v1', 'a', 'b', 'c', 'd']);
  });

  it('folds what nobody has heard of, where it is much, and tells each change once', async () => {
    for (let job = 1; job <= 5; job += 1) {
      outbox.wantCard('platform', 'c', `q/job-${job}@1`);
      cards[`q/job-${job}@1`] = `card ${job}`;
      outbox.addPost(`t:${job}`, 'platform', 'c', `q/job-${job}@1`, { kind: 'transition', transition: job });
    }
    let folded: number[] = [];
    outbox.fold('platform', 'c', 2, (transitions) => {
      folded = transitions;
    });
    expect(folded).toEqual([1, 2, 3]);
    expect(outbox.waitingCount()).toBe(4);
    outbox.fold('platform', 'c', 2, () => expect.unreachable());
  });

  it('folds an end with what is said of it in the channel beside its thread, and leaves both where that was said', async () => {
    const beside = (job: number) =>
      outbox.addPost(`beside:t:${job}`, 'platform', 'c', null, { kind: 'ending-alone', transition: job });
    for (let job = 1; job <= 3; job += 1) {
      outbox.wantCard('platform', 'c', `q/job-${job}@1`);
      outbox.addPost(`t:${job}`, 'platform', 'c', `q/job-${job}@1`, { kind: 'ending', transition: job });
      beside(job);
    }
    outbox.begin({ id: 3 } as Delivery);
    let folded: number[] = [];
    outbox.fold('platform', 'c', 1, (transitions) => {
      folded = transitions;
    });
    expect(folded).toEqual([2]);
    expect(outbox.waitingCount()).toBe(6);
  });

  it('lets one message that can never be sent not hold up the others, and says so', async () => {
    post('bad', 'bad');
    post('good', 'good');
    platform.failures.push('never');
    await deliverAll();
    expect(platform.texts()).toEqual(['good']);
    expect(outbox.trouble()).toMatchObject([
      { adapter: 'platform', state: 'dead', count: 1, error: 'the channel is archived' },
    ]);
  });

  it('goes on past a message that cannot be rendered', async () => {
    outbox.wantCard('platform', 'c', 'unknown');
    post('good', 'good');
    await deliverAll();
    expect(platform.texts()).toEqual(['good']);
  });

  it('finds what was sent when it crashed between the sending and its own writing', async () => {
    outbox.wantCard('platform', 'c', 'job');
    post('a', 'a', 'job');
    for (let crash = 0; crash < 3; crash += 1) {
      const next = outbox.turns('platform', 'c').now[0]?.delivery;
      if (!next) break;
      outbox.begin(next);
      await platform.adapter.post({ channel: 'c' }, textMessage(next.kind === 'card' ? 'v1' : 'a'), next.key);
      await deliverAll();
    }
    expect(platform.texts()).toEqual(['v1', 'a']);
  });

  it('says everything once and in order when it is killed between any two steps', async () => {
    const wanted = [
      ['v2', undefined],
      ['a', '1'],
      ['b', '1'],
      ['c', undefined],
    ];
    let steps = 0;
    for (let crashAt = 1; crashAt <= 200; crashAt += 1) {
      db = openDb(temporaryFolder());
      outbox = createOutbox(db, Date.now);
      platform = createPlatform();
      cards = { job: 'v1' };
      outbox.wantCard('platform', 'c', 'job');
      post('a', 'a', 'job');
      post('b', 'b', 'job');
      post('c', 'c');
      let step = 0;
      const dying = <T extends object>(real: T): T =>
        new Proxy(real, {
          get(target, name) {
            const value = target[name as keyof T];
            if (typeof value !== 'function') return value;
            return (...args: unknown[]) => {
              step += 1;
              if (step >= crashAt) throw new Error('killed');
              const result = (value as (...given: unknown[]) => unknown).apply(target, args);
              if (step + 1 === crashAt) step += 1; // also right after a step, before its answer is used
              return result;
            };
          },
        });
      const alive = { outbox, adapter: platform.adapter };
      outbox = dying(alive.outbox);
      platform.adapter = dying(alive.adapter);
      const worker = deliverer();
      try {
        worker.start();
        await worker.idle();
      } catch {}
      await worker.stop().catch(() => {});
      outbox = alive.outbox;
      platform.adapter = alive.adapter;
      cards.job = 'v2';
      outbox.refreshCards('job');
      await deliverAll();
      expect(
        platform.sent.map(({ text, thread }) => [text, thread]),
        `killed at step ${crashAt}`,
      ).toEqual(wanted);
      db.close();
      if (step < crashAt) break;
      steps = crashAt;
    }
    expect(steps).toBeGreaterThan(20);
  });
});
