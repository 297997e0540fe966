import { describe, expect, it } from 'vitest';
import { totalsOf } from '../../src/metrics/totals.ts';

describe('how far a training is to go', () => {
  it.each([
    [
      { max_steps: '60', num_train_epochs: '3.0' },
      { steps: 60, epochs: 3 },
    ],
    // The Trainer's word for no limit.
    [
      { max_steps: '-1', num_train_epochs: '3' },
      { steps: null, epochs: 3 },
    ],
    [{ epochs: '100' }, { steps: null, epochs: 100 }],
    [{ 'trainer.max_epochs': '20' }, { steps: null, epochs: 20 }],
    [{ total_timesteps: '1e6' }, { steps: 1_000_000, epochs: null }],
    // Which of them counts nobody says.
    [
      { 'a.epochs': '3', 'b.epochs': '5' },
      { steps: null, epochs: null },
    ],
    [
      { max_steps: 'null', lr: '0.1' },
      { steps: null, epochs: null },
    ],
  ])('by %o', (settings, totals) => {
    expect(totalsOf(settings)).toEqual(totals);
  });
});
