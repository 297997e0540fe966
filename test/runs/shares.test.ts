import { expect, it } from 'vitest';
import { sharesOf } from '../../src/runs/shares.ts';

const at = (text: string) => Date.parse(`2026-11-${text}Z`);

it('tells who had how much since a time, the most first, and what nobody can tell', () => {
  const taken = [
    { of: 'Ada', from: at('20T20:00'), to: at('21T02:00'), failed: false, gpus: 2, isUntimed: false },
    { of: 'Bob', from: at('21T02:00'), to: at('21T08:00'), failed: true, gpus: 4, isUntimed: false },
    { of: 'Ada', from: at('21T08:00'), to: null, failed: false, gpus: 1, isUntimed: false },
    { of: '', from: at('21T09:00'), to: at('21T09:00'), failed: true, gpus: null, isUntimed: false },
    { of: 'Bob', from: at('21T08:00'), to: at('21T09:00'), failed: false, gpus: 4, isUntimed: false },
    { of: 'Eve', from: at('21T09:00'), to: at('21T11:00'), failed: false, gpus: 2.5, isUntimed: true },
    { of: 'Eve', from: at('21T09:00'), to: at('21T10:00'), failed: false, gpus: null, isUntimed: false },
  ];
  expect(sharesOf(taken, at('21T00:00'), at('21T12:00'))).toEqual([
    { of: 'Bob', jobs: 2, hours: 7, failedHours: 6, gpuHours: 28, untold: 0 },
    { of: 'Ada', jobs: 2, hours: 6, failedHours: 0, gpuHours: 8, untold: 0 },
    { of: 'Eve', jobs: 2, hours: 3, failedHours: 0, gpuHours: 5, untold: 2 },
    { of: '', jobs: 1, hours: 0, failedHours: 0, gpuHours: 0, untold: 1 },
  ]);
});
