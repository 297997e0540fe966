import { describe, expect, it } from 'vitest';
import { DeliveryError } from '../../src/core/adapter.ts';
import { withPatience } from '../../src/core/patience.ts';

describe('what is done with patience', () => {
  /** Fails in turn so, and then succeeds. */
  function failing(...outcomes: ('retry' | 'doubtful' | 'never')[]) {
    let tries = 0;
    return async () => {
      const outcome = outcomes[tries];
      tries += 1;
      if (outcome !== undefined) throw new DeliveryError(outcome, outcome, 1);
      return tries;
    };
  }

  it('is done again where that may help', async () => {
    expect(await withPatience(failing('retry', 'doubtful', 'doubtful'))).toBe(4);
    await expect(withPatience(failing('retry', 'never'))).rejects.toThrow('never');
  });

  it('is repeated as often as is said where it may have been done, and put off any number of times', async () => {
    expect(await withPatience(failing('retry', 'doubtful', 'retry'), { repeats: 1 })).toBe(4);
    await expect(withPatience(failing('doubtful', 'doubtful'), { repeats: 1 })).rejects.toThrow('doubtful');
  });

  it('counts the time of calls as it does that of pauses', async () => {
    let tries = 0;
    const slow = async () => {
      tries += 1;
      await new Promise((resolve) => setTimeout(resolve, 60));
      throw new DeliveryError('retry', 'slow', 1);
    };
    await expect(withPatience(slow, { forMs: 50 })).rejects.toThrow('slow');
    expect(tries).toBe(1);
  });

  it('ends with what it waits in', async () => {
    const end = new AbortController();
    const work = withPatience(
      async () => {
        throw new DeliveryError('retry', 'limited', 20_000);
      },
      { ending: end.signal },
    );
    end.abort();
    await expect(work).rejects.toThrow('limited');
  });
});
