import { describe, expect, it } from 'vitest';
import { healthOf } from '../../src/control/health.ts';

describe('health of deliveries', () => {
  const said = (state: 'due' | 'dead' | 'plain', count: number) =>
    healthOf({
      config: { queues: [], channels: [], adapters: new Map() },
      queues: { areSeveral: false, find: () => undefined },
      others: [],
      outbox: { trouble: () => [{ adapter: 'slack', state, count, error: 'no answer', oldest: 0 }] },
      adapters: [],
    });

  it('counts what waits and what is lost, one message as one', () => {
    expect(said('due', 1)).toEqual([
      { name: 'slack delivery', ok: false, detail: '1 message waiting: no answer' },
    ]);
    expect(said('dead', 1)[0]!.detail).toBe('1 message cannot be delivered: no answer');
    expect(said('due', 3)[0]!.detail).toBe('3 messages waiting: no answer');
  });
});
