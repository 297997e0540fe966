import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { supervise } from '../../src/app/supervise.ts';
import { type Adapter, OpeningError } from '../../src/core/adapter.ts';
import { testHandlers } from '../handlers.ts';
import { eventually } from '../helpers.ts';
import { quietLog } from '../recorded.ts';

const TIMINGS = { firstMs: 1, longestMs: 5, closeMs: 50, steadyMs: 1_000 };

/** An adapter that does nothing, and what of it is another. */
function adapterWith(own: Partial<Adapter>): Adapter {
  const ref = { channel: 'c', id: '1' };
  return {
    name: 'toy',
    start: async () => {},
    stop: async () => {},
    health: () => ({ state: 'up', detail: 'here' }),
    post: async () => ref,
    update: async () => {},
    openThread: async () => ref,
    findByKey: async () => undefined,
    ...own,
  };
}

describe('an adapter that keeps itself open', () => {
  let supervised: Adapter | undefined;
  afterEach(() => supervised?.stop());
  const isUp = () => supervised?.health().state === 'up';

  /** Opens it; `makes`: what each attempt makes of it, the last again and again. */
  async function opened(...makes: ((onLost: (reason: string) => void) => Adapter)[]): Promise<void> {
    let attempts = 0;
    const open = (onLost: (reason: string) => void) => makes[Math.min(attempts++, makes.length - 1)]!(onLost);
    supervised = supervise('toy', open, { clock: Date.now, log: quietLog, timings: TIMINGS, onUp: () => {} });
    await supervised.start(testHandlers({}));
  }

  it('is made again after it could not be made', async () => {
    const refused = () => {
      throw new Error('the library refuses the settings');
    };
    await opened(refused, () => adapterWith({}));
    await eventually('it is up', isUp);
  });

  it('tells health why it cannot be made, and stops all the same', async () => {
    await opened(() => {
      throw new Error('the library refuses the settings');
    });
    expect(supervised!.health()).toMatchObject({ state: 'down', detail: 'the library refuses the settings' });
    await supervised!.stop();
  });

  it('is stopped while it is being opened, and never made again', async () => {
    let stops = 0;
    let made = 0;
    const hanging = () => {
      made += 1;
      return adapterWith({
        start: () => new Promise(() => {}),
        async stop() {
          stops += 1;
        },
      });
    };
    await opened(hanging);
    await supervised!.stop();
    expect([made, stops]).toEqual([1, 1]);
    await sleep(20);
    expect(made).toBe(1);
  });

  it('is made anew when what it is made from is something else, also while it was being opened, and only then', async () => {
    let channels = ['a'];
    const made: string[][] = [];
    const stopped: string[][] = [];
    let open = () => {};
    const make = () => {
      const own = channels;
      made.push(own);
      return adapterWith({
        start: () => (own.length === 2 ? new Promise((resolve) => (open = resolve)) : Promise.resolve()),
        stop: async () => void stopped.push(own),
      });
    };
    supervised = supervise('toy', make, {
      ...{ clock: Date.now, log: quietLog, timings: TIMINGS, onUp: () => {} },
      madeFrom: () => channels,
    });
    await supervised.start(testHandlers({}));
    await eventually('it is up', isUp);
    channels = ['a'];
    supervised.settingsChanged!();
    expect(supervised.health().state).toBe('up');
    channels = ['a', 'b'];
    supervised.settingsChanged!();
    await eventually('it is made anew', () => made.length === 2);
    channels = ['b'];
    supervised.settingsChanged!();
    open();
    await eventually('it is up', () => made.length === 3 && isUp());
    expect([made, stopped]).toEqual([
      [['a'], ['a', 'b'], ['b']],
      [['a'], ['a', 'b']],
    ]);
  });

  it('is not made before its platform allows', async () => {
    const at: number[] = [];
    await opened(
      () => {
        at.push(Date.now());
        throw new OpeningError('too many connections', 200);
      },
      () => {
        at.push(Date.now());
        return adapterWith({});
      },
    );
    await eventually('it is up', isUp);
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(195);
  });

  it('waits longer and longer when it is lost again and again as soon as it is open', async () => {
    const at: number[] = [];
    const lostSoon = (onLost: (reason: string) => void) => {
      at.push(Date.now());
      return adapterWith({
        async start() {
          setTimeout(() => onLost('closed'), 1);
        },
      });
    };
    const timings = { firstMs: 20, longestMs: 10_000, closeMs: 50, steadyMs: 60_000 };
    supervised = supervise('toy', lostSoon, { clock: Date.now, log: quietLog, timings, onUp: () => {} });
    await supervised.start(testHandlers({}));
    await eventually('it was opened often', () => at.length >= 5);
    expect(at[4]! - at[3]!).toBeGreaterThanOrEqual(160);
  });

  it('is made again after it was lost before it was made, and after one that cannot even be closed', async () => {
    const lostAtOnce = (onLost: (reason: string) => void) => {
      onLost('cut off');
      return adapterWith({});
    };
    const cannotClose = () =>
      adapterWith({
        start: () => Promise.reject(new Error('refused')),
        stop() {
          throw new Error('it was never open');
        },
      });
    await opened(lostAtOnce, cannotClose, () => adapterWith({}));
    await eventually('it is up', isUp);
  });
});
