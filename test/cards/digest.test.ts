import { expect, it } from 'vitest';
import { digestMessage } from '../../src/cards/digest.ts';
import type { Digest } from '../../src/core/digest.ts';
import { plainText } from '../../src/core/plain-text.ts';

const digest: Digest = {
  period: 'day',
  from: 0,
  to: 86_400_000,
  session: 'lr-study',
  ended: [
    { status: 'completed', count: 3 },
    { status: 'failed', count: 14 },
  ],
  runs: Array.from({ length: 11 }, (_, index) => ({
    experiment: `e${index}`,
    status: 'completed',
    value: 0.5,
    changes: '',
  })),
  failed: Array.from({ length: 10 }, (_, index) => ({ jobId: `job-${index}`, task: 'Toy', why: 'KeyError' })),
  learnt: [],
  best: null,
  busyHours: 5,
  idleHours: 19,
  gpus: null,
  gpuHours: null,
  verdictsOpen: [],
  waiting: 0,
  next: null,
  stop: null,
};

it('a digest says how many it does not show', () => {
  const text = plainText(digestMessage(digest));
  expect(text).toContain('3 completed, 14 failed');
  expect(text).toContain('and 1 more run.');
  expect(text).toContain('and 4 more failures.');
  expect(plainText(digestMessage({ ...digest, ended: [{ status: 'failed', count: 10 }] }))).not.toContain(
    'failures.',
  );
});
