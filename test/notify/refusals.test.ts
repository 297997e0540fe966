import { beforeEach, describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/adapter.ts';
import type { Log } from '../../src/core/log.ts';
import type { Message } from '../../src/core/message.ts';
import { textMessage } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import type { Destination } from '../../src/core/request.ts';
import { createDeliverer, DELIVERY_TIMINGS, type Deliverer } from '../../src/notify/deliverer.ts';
import { type Db, openDb } from '../../src/store/db.ts';
import { LANES } from '../../src/store/delivery.ts';
import { createOutbox, type Outbox } from '../../src/store/outbox.ts';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type Call, createPlatform } from './refusing-platform.ts';

const KILL: Message = {
  blocks: [
    { kind: 'heading', text: 'job-7' },
    { kind: 'table', columns: ['tag'], rows: [['loss']] },
    { kind: 'buttons', buttons: [{ label: 'Kill', command: 'kill', options: {} }] },
  ],
};
const labels = ({ blocks }: Message) =>
  blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons.map(({ label }) => label) : []));

describe('what a platform refuses', () => {
  let db: Db;
  let outbox: Outbox;
  let refuses: { by: (call: Call) => DeliveryError | undefined };
  let platform: ReturnType<typeof createPlatform>;
  let cards: Record<string, Message>;
  let warnings: string[];
  const post = (key: string, subject: string | null = null, channel = 'c') =>
    outbox.addPost(key, 'platform', channel, subject, { kind: 'message', message: textMessage(key) });

  async function deliverAll(
    until = () => outbox.waitingChannels().length === 0,
    channels?: Destination[],
    timings: Partial<typeof DELIVERY_TIMINGS> = {},
    during: (worker: Deliverer) => void = () => {},
  ): Promise<void> {
    const warn = (_fields: object, message: string) => void warnings.push(message);
    const silent = () => {};
    const log: Log = { debug: silent, info: silent, warn, error: warn };
    const worker = createDeliverer({
      outbox,
      adapters: new Map([['platform', platform.adapter]]),
      render: {
        card: async (subject) => cards[subject],
        post: async (source) => (source as { message: Message }).message,
        threadTitle: (subject) => subject,
      },
      ...(channels ? { channels: () => channels } : {}),
      clock: Date.now,
      log,
      timings: {
        ...DELIVERY_TIMINGS,
        firstMs: 5,
        longestMs: 50,
        refusedMs: 5,
        refusedLongestMs: 20,
        ...timings,
      },
    });
    worker.start();
    await eventually('all is sent', async () => {
      during(worker);
      await worker.idle();
      return until();
    });
    await worker.stop();
  }

  beforeEach(() => {
    db = openDb(temporaryFolder());
    outbox = createOutbox(db, Date.now);
    refuses = { by: () => undefined };
    platform = createPlatform({ by: (call) => refuses.by(call) });
    cards = { job: KILL };
    warnings = [];
  });
  const hasTable = ({ message }: Call) => message.blocks.some(({ kind }) => kind === 'table');
  const invalid = (call: Call) =>
    hasTable(call) ? new DeliveryError('refused', 'invalid_blocks') : undefined;

  it('is shown in a plainer form with its buttons, which is told once and until it is whole again', async () => {
    refuses.by = invalid;
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll();
    expect([platform.texts(), labels(platform.sent[0]!.message)]).toEqual([
      [expect.stringContaining('loss')],
      ['Kill'],
    ]);
    expect(outbox.trouble()).toEqual([
      { adapter: 'platform', state: 'plain', count: 1, error: 'invalid_blocks' },
    ]);
    expect(warnings).toHaveLength(1);
    refuses.by = () => undefined;
    cards.job = textMessage('ended');
    outbox.refreshCards('job');
    await deliverAll();
    expect([platform.texts(), outbox.trouble()]).toEqual([['ended'], []]);
  });

  it('is tried whole again with the next state only, not each time that the same is wanted', async () => {
    refuses.by = invalid;
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll();
    const before = platform.calls.length;
    outbox.refreshCards('job');
    await deliverAll();
    expect(platform.calls).toHaveLength(before);
  });

  it('keeps no button of an ended job, though every edit is refused', async () => {
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll();
    cards.job = textMessage('ended');
    refuses.by = ({ what }) => (what === 'edit' ? new DeliveryError('refused', '50035') : undefined);
    outbox.refreshCards('job');
    await deliverAll();
    expect(platform.texts().at(-1)).toBe('ended');
  });

  it('for a reason that nobody knows holds up nothing else, and is not lost', async () => {
    let isBroken = true;
    refuses.by = ({ message }) =>
      isBroken && plainText(message).includes('bad') ? new DeliveryError('unclear', 'code 1') : undefined;
    post('bad');
    post('good');
    await deliverAll(() => platform.texts().includes('good'));
    isBroken = false;
    await deliverAll();
    expect(platform.texts()).toEqual(['good', 'bad']);
  });

  it('in one thread is said in the channel, once and marked, and what comes next under that', async () => {
    outbox.wantCard('platform', 'c', 'job');
    post('first', 'job');
    await deliverAll();
    refuses.by = ({ thread }) =>
      thread === '1' ? new DeliveryError('closed', 'the thread is locked') : undefined;
    for (const key of ['second', 'third']) post(key, 'job');
    outbox.wantCard('platform', 'c', 'other');
    cards.other = textMessage('other');
    await deliverAll();
    expect(platform.sent.slice(2).map(({ thread, message }) => [thread, plainText(message)])).toEqual([
      [undefined, 'second\nMoved here from the thread of job: the thread is locked.'],
      ['3', 'third'],
      [undefined, 'other'],
    ]);
    expect([outbox.trouble(), warnings.length]).toEqual([[], 1]);
    expect(outbox.subjectOf('platform', { channel: 'c', id: '3' })).toBe('job');
  });

  it('because the channel is gone waits, while other channels go on', async () => {
    const missing = () => new DeliveryError('retry', 'no such channel', 20, { scope: 'channel' });
    let isMissing = true;
    platform.adapter.post = async ({ channel }, message) => {
      if (channel === 'c' && isMissing) throw missing();
      platform.sent.push({ ref: { channel, id: '9' }, thread: undefined, message });
      return { channel, id: '9' };
    };
    post('here');
    post('there', null, 'd');
    await deliverAll(() => platform.texts().includes('there'));
    expect(platform.texts()).toEqual(['there']);
    isMissing = false;
    await deliverAll();
    expect(platform.texts()).toEqual(['there', 'here']);
  });

  it('is no longer tried, nor told, in a channel that was taken from the settings', async () => {
    refuses.by = () => new DeliveryError('retry', 'no such channel', 5_000, { scope: 'channel' });
    outbox.wantCard('platform', 'c', 'job');
    post('news');
    await deliverAll(() => platform.calls.length > 0);
    refuses.by = () => undefined;
    await deliverAll(undefined, [{ adapter: 'platform', channel: 'd' }]);
    outbox.refreshCards('job');
    await deliverAll();
    expect([platform.texts(), outbox.trouble(), outbox.waitingCount()]).toEqual([[], [], 0]);
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll(undefined, [{ adapter: 'platform', channel: 'c' }]);
    expect(platform.sent).toHaveLength(1);
  });

  it('in every form is not tried anew each time that the connection comes back, as what failed for that is', async () => {
    refuses.by = ({ message }) =>
      plainText(message).includes('bad') ? new DeliveryError('refused', 'invalid') : undefined;
    post('bad');
    let reconnects = 0;
    await deliverAll(
      () => reconnects > 6,
      undefined,
      { refusedMs: 60_000, refusedLongestMs: 60_000 },
      (worker) => {
        reconnects += 1;
        worker.resume('platform');
      },
    );
    expect(platform.calls).toHaveLength(3);
  });

  it('for its pace is not sent before its time because the connection came back', async () => {
    refuses.by = () => new DeliveryError('retry', 'limit', 60_000, { scope: 'platform', paced: 'all' });
    post('news');
    let reconnects = 0;
    const reconnect = (worker: Deliverer) => {
      reconnects += 1;
      worker.resume('platform');
    };
    await deliverAll(() => reconnects > 4, undefined, {}, reconnect);
    expect(platform.calls).toHaveLength(1);
  });

  it('for good as an edit is sent again once the old card is gone, be that after a while', async () => {
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll();
    const removals: string[] = [];
    platform.adapter.remove = async ({ id }) => {
      removals.push(id);
      if (removals.length < 3) throw new DeliveryError('retry', 'no answer', 5);
      platform.sent[0]!.message = textMessage('removed');
    };
    cards.job = textMessage('ended');
    refuses.by = ({ what }) => (what === 'edit' ? new DeliveryError('frozen', 'too old') : undefined);
    outbox.refreshCards('job');
    await deliverAll();
    expect([platform.texts(), removals]).toEqual([
      ['removed', 'ended'],
      ['1', '1', '1'],
    ]);
  });

  it('for good is sent again though the old card cannot be removed', async () => {
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll();
    platform.adapter.remove = async () => {
      throw new DeliveryError('retry', 'no permission', 60_000, { scope: 'channel' });
    };
    cards.job = textMessage('ended');
    refuses.by = ({ what }) => (what === 'edit' ? new DeliveryError('frozen', 'too old') : undefined);
    outbox.refreshCards('job');
    await deliverAll();
    expect(platform.texts().at(-1)).toBe('ended');
  });

  it('for its pace alone is no failure, and holds up what is counted with it only', async () => {
    outbox.wantCard('platform', 'c', 'job');
    await deliverAll();
    let limited = 1;
    refuses.by = ({ what }) =>
      what === 'edit' && limited-- > 0
        ? new DeliveryError('retry', 'limit', 200, { scope: 'platform', paced: 'edits' })
        : undefined;
    cards.job = textMessage('newer');
    outbox.refreshCards('job', { lane: LANES.awaited });
    post('news');
    await deliverAll(() => platform.texts().includes('news'));
    expect(platform.texts()).not.toContain('newer');
    expect([warnings, outbox.trouble()]).toEqual([[], []]);
    await deliverAll();
    expect(platform.texts()).toContain('newer');
  });
});
