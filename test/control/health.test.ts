import { describe, expect, it } from 'vitest';
import { backupItem, healthOf } from '../../src/control/health.ts';
import type { Adapter, AdapterHealth } from '../../src/core/adapter.ts';
import type { Depth } from '../../src/store/delivery-trouble.ts';

describe('health of deliveries', () => {
  const said = (state: 'due' | 'dead' | 'plain', count: number) =>
    healthOf({
      config: { queues: [], channels: [], adapters: new Map() },
      queues: { areSeveral: false, find: () => undefined },
      others: [],
      outbox: {
        trouble: () => [{ adapter: 'slack', state, count, error: 'no answer' }],
        depth: () => ({ posts: 0, cards: 0, oldest: null }),
      },
      lastDelayMs: null,
      adapters: [],
      begunAt: 0,
    }).filter(({ name }) => name !== 'delivery');

  it('counts what waits and what is lost, one message as one', () => {
    expect(said('due', 1)).toEqual([
      { name: 'slack delivery', ok: false, detail: '1 message waiting: no answer' },
    ]);
    expect(said('dead', 1)[0]!.detail).toBe('1 message cannot be delivered: no answer');
    expect(said('due', 3)[0]!.detail).toBe('3 messages waiting: no answer');
  });

  it('tells how much waits, since when, and how long the last post took', () => {
    const delivery = (depth: Depth, lastDelayMs: number | null) =>
      healthOf({
        config: { queues: [], channels: [], adapters: new Map() },
        queues: { areSeveral: false, find: () => undefined },
        others: [],
        outbox: { trouble: () => [], depth: () => depth },
        lastDelayMs,
        adapters: [],
        begunAt: 0,
      })[0]!;
    expect(delivery({ posts: 0, cards: 0, oldest: null }, null)).toEqual({
      name: 'delivery',
      ok: true,
      detail: 'nothing waits',
    });
    const oldest = Date.parse('2026-11-30T10:00:00Z');
    expect(delivery({ posts: 1, cards: 2, oldest }, 430).detail).toBe(
      '1 post and 2 cards wait, the oldest post since 2026-11-30T10:00:00Z; the last post took 0.4 s',
    );
  });

  it('tells the rest where the database cannot be read', () => {
    const items = healthOf({
      config: { queues: [], channels: [], adapters: new Map() },
      queues: { areSeveral: false, find: () => undefined },
      others: [{ name: 'database', ok: false, detail: 'cannot be read' }],
      outbox: {
        trouble: () => [],
        depth: () => {
          throw new Error('disk I/O error');
        },
      },
      lastDelayMs: null,
      adapters: [],
      begunAt: 0,
    });
    expect(items.slice(1)).toEqual([{ name: 'delivery', ok: false, detail: 'disk I/O error' }]);
  });

  it('tells of the last backup, and why there is no later one', () => {
    const last = { path: '/data/x', at: Date.parse('2026-11-30T01:12:05Z'), bytes: 412_000 };
    const item = (made: typeof last | undefined, problem: string | null) =>
      backupItem({ last: () => made, problem: () => problem });
    expect(item(last, null)).toEqual({
      name: 'backup',
      ok: true,
      detail: 'the last of 2026-11-30T01:12:05Z, 412 kB',
    });
    expect(item(undefined, null)).toMatchObject({ ok: true, detail: expect.stringMatching(/^none yet/) });
    expect(item(last, 'The disk is full.')).toMatchObject({
      ok: false,
      detail: 'the last of 2026-11-30T01:12:05Z, 412 kB. The disk is full.',
    });
  });

  it('tells of each adapter since when it is as it is', () => {
    const adapter = (health: AdapterHealth) => ({ name: 'slack', health: () => health }) as Adapter;
    const items = healthOf({
      config: { queues: [], channels: [], adapters: new Map() },
      queues: { areSeveral: false, find: () => undefined },
      others: [],
      outbox: { trouble: () => [], depth: () => ({ posts: 0, cards: 0, oldest: null }) },
      lastDelayMs: null,
      adapters: [
        adapter({ state: 'up', detail: 'connected', since: 1_000 }),
        adapter({ state: 'up', detail: 'serves' }),
        adapter({ state: 'down', detail: 'no route', since: 2_000 }),
      ],
      begunAt: 500_000,
    });
    expect(items.slice(1).map(({ ok, detail }) => [ok, detail])).toEqual([
      [true, 'connected, since 1970-01-01T00:00:01Z'],
      [true, 'serves, since 1970-01-01T00:08:20Z'],
      [false, 'no route, since 1970-01-01T00:00:02Z'],
    ]);
  });
});
