import { beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/adapter.ts';
import { type Message, textMessage } from '../../src/core/message.ts';
import { createDeliverer, DELIVERY_TIMINGS } from '../../src/notify/deliverer.ts';
import { openDb } from '../../src/store/db.ts';
import { createOutbox, type Outbox } from '../../src/store/outbox.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { quietLog } from '../recorded.ts';
import { type Call, createPlatform } from './refusing-platform.ts';

const TABLE: Message = { blocks: [{ kind: 'table', columns: ['tag'], rows: [['loss']] }] };
const isWhole = ({ blocks }: Message) => blocks.some(({ kind }) => kind === 'table');
const noAnswer = () => new DeliveryError('retry', 'no answer');

describe('a platform that gives no answer', () => {
  let outbox: Outbox;
  let fails: (call: Call) => DeliveryError | undefined;
  let platform: ReturnType<typeof createPlatform>;
  let cards: Record<string, Message>;
  let back: string[];
  let onBack: () => void;
  const card = (subject: string, message: Message) => {
    cards[subject] = message;
    outbox.wantCard('platform', 'c', subject);
  };

  /** Delivers until nothing waits; `during`: what happens meanwhile, again and again. */
  async function deliverAll(during: () => void = () => {}): Promise<void> {
    const worker = create();
    worker.start();
    await eventually('all is sent', async () => {
      during();
      await worker.idle();
      return outbox.waitingCount() === 0;
    });
    await worker.stop();
  }

  /** What delivers, as after a restart. */
  function create() {
    return createDeliverer({
      outbox,
      adapters: new Map([['platform', platform.adapter]]),
      render: {
        card: async (subject) => cards[subject],
        post: async () => undefined,
        threadTitle: (subject) => subject,
      },
      onBack(adapter) {
        back.push(adapter);
        onBack();
      },
      clock: Date.now,
      log: quietLog,
      timings: { ...DELIVERY_TIMINGS, firstMs: 2, longestMs: 10, shortestWaitMs: 2 },
    });
  }

  beforeEach(() => {
    outbox = createOutbox(openDb(temporaryFolder()), Date.now);
    fails = () => undefined;
    platform = createPlatform({ by: (call) => fails(call) });
    cards = {};
    back = [];
    onBack = () => {};
  });

  it('for long is sent all that waits as it is, and what piled up is looked at once', async () => {
    for (let job = 1; job <= 4; job += 1) card(`q/job-${job}@1`, TABLE);
    fails = () => (platform.calls.length <= 60 ? noAnswer() : undefined);
    await deliverAll();
    expect(platform.sent.map(({ message }) => isWhole(message))).toEqual([true, true, true, true]);
    expect(back).toEqual(['platform']);
  });

  it('to one message while others get through is sent that one in a plainer form', async () => {
    card('heavy', TABLE);
    const tried: Message[] = [];
    fails = ({ message }) => {
      const isHeavy = message.blocks[0]!.kind === 'table' || tried.length > 0;
      if (isWhole(message)) tried.push(message);
      return isHeavy && isWhole(message) ? noAnswer() : undefined;
    };
    let others = 0;
    await deliverAll(() => {
      if (others >= 40 || platform.sent.some(({ message }) => !isLight(message))) return;
      others += 1;
      card(`light-${others}`, textMessage(`light ${others}`));
    });
    const heavy = platform.sent.filter(({ message }) => !isLight(message));
    expect(heavy).toHaveLength(1);
    expect(isWhole(heavy[0]!.message)).toBe(false);
    expect(tried.length).toBeGreaterThanOrEqual(3);
  });

  it('and is away as a whole is looked at as well when it answers again', async () => {
    card('q/job-1@1', TABLE);
    fails = () =>
      platform.calls.length <= 3
        ? new DeliveryError('retry', 'it is away', undefined, { scope: 'platform' })
        : undefined;
    await deliverAll();
    expect(back).toEqual(['platform']);
    card('q/job-1@1', textMessage('another look'));
    await deliverAll();
    expect(back).toEqual(['platform']);
  });

  it('is told nothing twice where what piled up cannot be folded', async () => {
    card('q/job-1@1', TABLE);
    fails = () => (platform.calls.length <= 1 ? noAnswer() : undefined);
    onBack = () => {
      throw new Error('the disk is full');
    };
    await deliverAll();
    expect(back).toEqual(['platform']);
    expect(platform.calls.map(({ what }) => what)).toEqual(['post', 'post']);
  });

  it('to an edit, now and then, is not held against a card that was shown in between', async () => {
    card('q/job-1@1', TABLE);
    await deliverAll();
    for (let look = 1; look <= 4; look += 1) {
      const failed = platform.calls.length + 1;
      fails = () => (platform.calls.length === failed ? noAnswer() : undefined);
      card('q/job-1@1', { blocks: [...TABLE.blocks, { kind: 'text', text: `look ${look}` }] });
      await deliverAll();
      expect(isWhole(platform.sent[0]!.message)).toBe(true);
    }
    expect(back).toHaveLength(4);
  });

  it('beside a message that is refused is sent the others as they are, and that one alone in a plainer form', async () => {
    card('refused', TABLE);
    for (let job = 1; job <= 3; job += 1) card(`q/job-${job}@1`, textMessage(`light ${job}`));
    let isAway = true;
    fails = ({ message }) => {
      if (isAway && platform.calls.length > 30) isAway = false;
      if (isWhole(message)) return new DeliveryError('refused', 'no tables here');
      return isAway ? noAnswer() : undefined;
    };
    await deliverAll();
    expect(platform.sent.filter(({ message }) => isLight(message))).toHaveLength(3);
    const plain = platform.sent.filter(({ message }) => !isLight(message));
    expect(plain.map(({ message }) => isWhole(message))).toEqual([false]);
    expect(platform.calls.filter(({ message }) => isWhole(message))).toHaveLength(1);
  });

  it('before a restart holds nothing against what waited then', async () => {
    card('q/job-1@1', TABLE);
    for (let start = 1; start <= 4; start += 1) {
      const begun = platform.calls.length;
      fails = ({ message }) => (isWhole(message) ? noAnswer() : undefined);
      const worker = create();
      worker.start();
      // Another one gets through each time, so that each failure after it would count.
      card(`light-${start}`, textMessage(`light ${start}`));
      await eventually('both were tried', () => platform.calls.length >= begun + 2);
      await worker.stop();
    }
    fails = () => undefined;
    await deliverAll();
    const [last] = platform.sent.filter(({ message }) => !isLight(message));
    expect(isWhole(last!.message)).toBe(true);
  });
});

const isLight = ({ blocks: [first] }: Message) =>
  first?.kind === 'text' && String(first.text).startsWith('light ');
