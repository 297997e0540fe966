import { beforeEach, describe, expect, it } from 'vitest';
import { type Adapter, DeliveryError } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { createDeliverer, DELIVERY_TIMINGS } from '../../src/notify/deliverer.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { BESIDE, LANES } from '../../src/store/delivery.ts';
import { createOutbox, type Outbox } from '../../src/store/outbox.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

/** Messages in the channel and in its threads, of which some are locked; each is found by its key. */
function createPlatform() {
  const sent: { ref: MessageRef; key: string; thread: string | undefined; text: string }[] = [];
  const locked = new Set<string>();
  const adapter: Adapter = {
    name: 'platform',
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'up', detail: '' }),
    async post({ channel, thread }, message, key) {
      if (thread && locked.has(thread.id)) throw new DeliveryError('closed', 'the thread is locked');
      const ref = { channel, id: String(sent.length + 1) };
      sent.push({ ref, key, thread: thread?.id, text: plainText(message) });
      return ref;
    },
    async update(ref, message, { thread }) {
      const found = sent.find((each) => each.ref.id === ref.id && each.thread === thread?.id);
      if (!found) throw new DeliveryError('gone', 'the message was deleted');
      found.text = plainText(message);
    },
    openThread: async (ref) => ref,
    findByKey: async ({ thread }, key) =>
      sent.find((each) => each.key === key && each.thread === thread?.id)?.ref,
  };
  return { adapter, sent, locked };
}

describe('what is moved out of a thread that takes nothing more', () => {
  let db: Db;
  let outbox: Outbox;
  let platform: ReturnType<typeof createPlatform>;
  let cards: Record<string, string>;
  const lane = LANES.awaited;
  const source = (text: string) => ({ kind: 'message' as const, message: textMessage(text) });
  const end = () => outbox.addPost('end', 'platform', 'c', 'job', source('Completed'), { lane });
  const beside = () =>
    outbox.addPost(`${BESIDE}end`, 'platform', 'c', null, source('job completed'), { lane });

  async function deliverAll(): Promise<void> {
    const worker = createDeliverer({
      outbox,
      adapters: new Map([['platform', platform.adapter]]),
      render: {
        card: async (subject): Promise<Message> => textMessage(cards[subject]!),
        post: async (source) => (source as { message: Message }).message,
        threadTitle: (subject) => subject,
      },
      clock: Date.now,
      log: quietLog,
      timings: { ...DELIVERY_TIMINGS, firstMs: 5, longestMs: 50 },
    });
    worker.start();
    await eventually('all is sent', async () => {
      await worker.idle();
      return outbox.waitingChannels().length === 0;
    });
    await worker.stop();
  }
  const since = (count: number) => platform.sent.slice(count).map(({ thread, text }) => [thread, text]);

  beforeEach(async () => {
    db = openDb(temporaryFolder());
    outbox = createOutbox(db, Date.now);
    platform = createPlatform();
    cards = { job: 'job card', proposal: 'a proposal' };
    outbox.wantCard('platform', 'c', 'job');
    outbox.addPost('start', 'platform', 'c', 'job', source('Started'));
    await deliverAll();
    platform.locked.add('1');
  });
  const MOVED = 'Moved here from the thread of job: the thread is locked.';

  it('is one message where the channel is told the same, and what follows stands under it', async () => {
    end();
    beside();
    outbox.addPost('later', 'platform', 'c', 'job', source('a note'));
    await deliverAll();
    expect(since(2)).toEqual([
      [undefined, `Completed\n${MOVED}`],
      ['3', 'a note'],
    ]);
  });

  it('is what the channel was told before, where it was', async () => {
    beside();
    await deliverAll();
    end();
    outbox.addPost('later', 'platform', 'c', 'job', source('a note'));
    await deliverAll();
    expect(since(2)).toEqual([
      [undefined, 'job completed'],
      ['3', 'a note'],
    ]);
  });

  it('is looked for as what the channel was told, where a crash left that open', async () => {
    beside();
    const { delivery } = outbox.turns('platform', 'c').now[0]!;
    outbox.begin(delivery);
    await platform.adapter.post({ channel: 'c' }, textMessage('job completed'), delivery.key);
    end();
    await deliverAll();
    expect(since(2)).toEqual([[undefined, 'job completed']]);
  });

  it('is said once, though it crashed between the closing and the saying, and between the saying and the writing', async () => {
    end();
    beside();
    outbox.closeThread('job', 'platform', 'c', 'the thread is locked');
    await deliverAll();
    expect(since(2)).toEqual([[undefined, `Completed\n${MOVED}`]]);
    platform.locked.add('3');
    outbox.addPost('more', 'platform', 'c', 'job', source('more'));
    outbox.closeThread('job', 'platform', 'c', 'the thread is locked');
    const { delivery } = outbox.turns('platform', 'c').now[0]!;
    outbox.begin(delivery);
    await platform.adapter.post({ channel: 'c' }, textMessage('Moved: more'), delivery.key);
    await deliverAll();
    expect(since(3)).toEqual([[undefined, 'Moved: more']]);
  });

  it('is moved again when the thread that it went on in is closed too', async () => {
    end();
    await deliverAll();
    outbox.addPost('a', 'platform', 'c', 'job', source('a'));
    await deliverAll();
    platform.locked.add('3');
    for (const key of ['b', 'c']) outbox.addPost(key, 'platform', 'c', 'job', source(key));
    await deliverAll();
    expect(since(3)).toEqual([
      ['3', 'a'],
      [undefined, `b\n${MOVED}`],
      ['5', 'c'],
    ]);
  });

  it('is a card too, in place of what points to it, and is kept up to date where it stands', async () => {
    outbox.addPost(`${BESIDE}card:proposal`, 'platform', 'c', null, source('a proposal waits'), { lane });
    await deliverAll();
    outbox.wantCard('platform', 'c', 'proposal', { within: 'job', lane });
    await deliverAll();
    outbox.addPost('later', 'platform', 'c', 'job', source('a note'));
    await deliverAll();
    cards.proposal = 'a proposal: approved';
    outbox.refreshCards('proposal');
    await deliverAll();
    expect(since(2)).toEqual([
      [undefined, 'a proposal: approved'],
      ['3', 'a note'],
    ]);
  });
});
