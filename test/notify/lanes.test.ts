import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Adapter, DeliveryError } from '../../src/core/adapter.ts';
import { textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { MessageRef } from '../../src/core/request.ts';
import { createDeliverer, DELIVERY_TIMINGS } from '../../src/notify/deliverer.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { openDb } from '../../src/store/db.ts';
import { LANES, type Lane } from '../../src/store/delivery.ts';
import { createOutbox, type Outbox } from '../../src/store/outbox.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

interface Call {
  what: 'post' | 'edit';
  text: string;
  thread: string | undefined;
}

/** A platform that takes as long for a call as `acts` does, and fails where that rejects. */
function createPlatform(acts: (call: Call) => Promise<void>) {
  const sent: { ref: MessageRef; key: string; thread: string | undefined; text: string }[] = [];
  const underWay: Call[] = [];
  /** The most that was under way at once in one thread. */
  const most = new Map<string, number>();
  async function during(call: Call): Promise<void> {
    underWay.push(call);
    const { thread } = call;
    const inThread = underWay.filter((each) => each.thread === thread).length;
    if (thread !== undefined) most.set(thread, Math.max(most.get(thread) ?? 0, inThread));
    try {
      await acts(call);
    } finally {
      underWay.splice(underWay.indexOf(call), 1);
    }
  }
  const adapter: Adapter = {
    name: 'platform',
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'up', detail: '' }),
    async post({ channel, thread }, message, key) {
      const text = plainText(message);
      await during({ what: 'post', text, thread: thread?.id });
      const ref = { channel, id: String(sent.length + 1) };
      sent.push({ ref, key, thread: thread?.id, text });
      return ref;
    },
    async update(ref, message, { thread }) {
      const text = plainText(message);
      await during({ what: 'edit', text, thread: thread?.id });
      sent.find((each) => each.ref.id === ref.id)!.text = text;
    },
    openThread: async (ref) => ref,
    findByKey: async (_target, key) => sent.find((each) => each.key === key)?.ref,
  };
  return { adapter, sent, underWay, most };
}

describe('what goes out beside what', () => {
  let outbox: Outbox;
  let cards: Record<string, string>;
  let acts: (call: Call) => Promise<void>;
  let platform: ReturnType<typeof createPlatform>;
  const post = (text: string, subject: string | null = null, lane: Lane = LANES.news) =>
    outbox.addPost(text, 'platform', 'c', subject, { kind: 'message', message: textMessage(text) }, { lane });

  function begin() {
    const worker = createDeliverer({
      outbox,
      adapters: new Map([['platform', platform.adapter]]),
      render: {
        card: async (subject) => textMessage(cards[subject]!),
        post: async (source) => (source as { message: ReturnType<typeof textMessage> }).message,
        threadTitle: (subject) => subject,
      },
      clock: Date.now,
      log: quietLog,
      timings: { ...DELIVERY_TIMINGS, firstMs: 5, longestMs: 50 },
    });
    worker.start();
    return worker;
  }

  async function deliverAll(): Promise<void> {
    const worker = begin();
    await eventually('all is sent', async () => {
      await worker.idle();
      return outbox.waitingChannels().length === 0;
    });
    await worker.stop();
  }
  const texts = () => platform.sent.map(({ text }) => text);

  beforeEach(() => {
    outbox = createOutbox(openDb(temporaryFolder()), Date.now);
    cards = { job: 'job v1', other: 'other v1' };
    acts = async () => {};
    platform = createPlatform((call) => acts(call));
  });

  /** Begins an edit that takes until it is let go. */
  async function withSlowEdit(lane: Lane): Promise<{ letGo: () => void; worker: ReturnType<typeof begin> }> {
    for (const subject of ['job', 'other']) outbox.wantCard('platform', 'c', subject);
    await deliverAll();
    const slow = Promise.withResolvers<void>();
    acts = ({ text }) => (text === 'job v2' ? slow.promise : Promise.resolve());
    cards.job = 'job v2';
    outbox.refreshCards('job', { lane });
    const worker = begin();
    await eventually('the edit is under way', () => platform.underWay.length === 1);
    return { letGo: () => slow.resolve(), worker };
  }

  it('is what people wait for, and news, beside a slow edit that only makes a card look newer', async () => {
    const { letGo, worker } = await withSlowEdit(LANES.looks);
    post('an alert', null, LANES.awaited);
    post('news', 'job');
    worker.kick();
    await eventually('they are said', () => texts().includes('an alert') && texts().includes('news'));
    expect([platform.underWay.map(({ text }) => text), texts()[0]]).toEqual([['job v2'], 'job v1']);
    letGo();
    await worker.idle();
    await worker.stop();
    expect(texts()[0]).toBe('job v2');
  });

  it('is the end of a job beside the slow edit of its card, though both are waited for', async () => {
    const { letGo, worker } = await withSlowEdit(LANES.awaited);
    post('Completed', 'job', LANES.awaited);
    worker.kick();
    await eventually('it is said', () => texts().includes('Completed'));
    expect(platform.underWay).toHaveLength(1);
    letGo();
    await worker.idle();
    await worker.stop();
  });

  it('is never the end of a job before what stands before it in its thread, nor before its card', async () => {
    const slow = Promise.withResolvers<void>();
    acts = ({ text }) => (text === 'Started' ? slow.promise : Promise.resolve());
    outbox.wantCard('platform', 'c', 'job');
    post('Started', 'job');
    post('Completed', 'job', LANES.awaited);
    post('elsewhere', 'other', LANES.awaited);
    const worker = begin();
    await eventually('others go on', () => texts().includes('elsewhere'));
    expect(texts()).not.toContain('Completed');
    slow.resolve();
    await worker.idle();
    await worker.stop();
    expect(texts().filter((text) => text !== 'elsewhere')).toEqual(['job v1', 'Started', 'Completed']);
  });

  it('shows the newest state of a card that was wanted anew while it was edited', async () => {
    const { letGo, worker } = await withSlowEdit(LANES.looks);
    cards.job = 'job v3';
    outbox.refreshCards('job');
    letGo();
    await worker.idle();
    await worker.stop();
    expect(texts()[0]).toBe('job v3');
  });

  it('is told once and in order in each thread, one at a time there, however long each takes and whatever fails', async () => {
    const random = seededRandom(3);
    const subjects = Array.from({ length: 6 }, (_, index) => `s${index}`);
    acts = async ({ what }) => {
      await sleep(random() * 8);
      if (what === 'post' && random() < 0.15) throw new DeliveryError('retry', 'no answer', 3);
    };
    for (const subject of subjects) {
      cards[subject] = `${subject} card`;
      outbox.wantCard('platform', 'c', subject);
    }
    const lanes = Object.values(LANES);
    for (let each = 0; each < 60; each += 1)
      post(`${each}`, subjects[each % 6]!, lanes[Math.floor(random() * 3)]!);
    for (const subject of subjects) outbox.refreshCards(subject);
    await deliverAll();
    expect(new Set(texts()).size).toBe(66);
    expect(platform.sent).toHaveLength(66);
    for (const [index, subject] of subjects.entries()) {
      const card = platform.sent.find(({ text }) => text === `${subject} card`)!;
      const under = platform.sent.filter(({ thread }) => thread === card.ref.id);
      expect(under.map(({ text }) => Number(text))).toEqual(
        Array.from({ length: 10 }, (_, turn) => index + turn * 6),
      );
      expect(Number(under[0]!.ref.id)).toBeGreaterThan(Number(card.ref.id));
      expect(platform.most.get(card.ref.id)).toBe(1);
    }
  });
});
