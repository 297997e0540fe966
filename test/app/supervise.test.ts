import { afterEach, describe, expect, it } from 'vitest';
import { supervise } from '../../src/app/supervise.ts';
import type { Adapter } from '../../src/core/adapter.ts';
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
