import { describe, expect, it } from 'vitest';
import { digestMessage } from '../../src/cards/digest.ts';
import type { Digest } from '../../src/core/digest.ts';
import { plainText } from '../../src/core/plain-text.ts';

const digest = (isAdvised: boolean, advice: string): Digest => ({
  period: 'day',
  since: 0,
  until: 86_400_000,
  session: 's1',
  ended: [],
  runs: [],
  failed: [],
  learnt: [],
  best: null,
  busyHours: 1,
  idleHours: 23,
  gpus: null,
  gpuHours: null,
  verdictsOpen: [],
  waiting: 0,
  next: {
    preset: 'toy',
    suggestion: {
      settings: {},
      changes: [],
      parent: 'a',
      hypothesis: 'lr 0.1 -> 0.3 may do better than a',
      expected: 'about 1 ± 0.1',
      why: '',
      rows: [],
    },
  },
  stop: {
    why: 'the last 3 runs did not improve on a (1): b, c, d',
    rows: ['b', 'c', 'd', 'a'],
    isAdvised,
    advice,
  },
});

it('a digest says how many it does not show', () => {
  const run = (index: number) => ({ experiment: `e${index}`, status: 'completed', value: 0.5, changes: '' });
  const failure = (index: number) => ({ jobId: `job-${index}`, task: 'Toy', why: 'KeyError' });
  const shown = (failures: number) =>
    plainText(
      digestMessage({
        ...digest(false, ''),
        ended: [
          { status: 'completed', count: 3 },
          { status: 'failed', count: failures },
        ],
        runs: Array.from({ length: 11 }, (_, index) => run(index)),
        failed: Array.from({ length: 10 }, (_, index) => failure(index)),
      }),
    );
  expect(shown(14)).toContain('3 completed, 14 failed');
  expect(shown(14)).toContain('and 1 more run.');
  expect(shown(14)).toContain('and 4 more failures.');
  expect(shown(10)).not.toContain('failures.');
});

describe('a stop rule that is met, in the digest', () => {
  it('stands beside the advice to go on and what is next', () => {
    const text = plainText(digestMessage(digest(false, 'no lr above 0.1 was tried yet')));
    expect(text).toContain('Stop rule met: the last 3 runs did not improve on a (1): b, c, d.');
    expect(text).toContain('Advice: continue: no lr above 0.1 was tried yet.');
    expect(text).toContain('Next: lr 0.1 → 0.3 may do better than a');
  });

  it('stands beside the advice to stop, with nothing that is next', () => {
    const text = plainText(digestMessage(digest(true, 'no run is expected to gain more than 0.001')));
    expect(text).toContain('Advice: stop: no run is expected to gain more than 0.001.');
    expect(text).not.toContain('Next:');
  });
});
