import { expect, it } from 'vitest';
import { sharesOf } from '../../src/runs/shares.ts';

const at = (text: string) => Date.parse(`2026-11-${text}Z`);

it('tells who had how much since a time, the most first, and what nobody can tell', () => {
  const taken = [
    { of: 'Ada', from: at('20T20:00'), to: at('21T02:00'), failed: false, gpus: 2 },
    { of: 'Bob', from: at('21T02:00'), to: at('21T08:00'), failed: true, gpus: 4 },
    { of: 'Ada', from: at('21T08:00'), to: null, failed: false, gpus: 1 },
    { of: '', from: at('21T09:00'), to: at('21T09:00'), failed: true, gpus: null },
    { of: 'Bob', from: at('21T08:00'), to: at('21T09:00'), failed: false, gpus: 4 },
  ];
  expect(sharesOf(taken, at('21T00:00'), at('21T12:00'))).toEqual([
    { of: 'Bob', jobs: 2, hours: 7, failedHours: 6, gpuHours: 28 },
    { of: 'Ada', jobs: 2, hours: 6, failedHours: 0, gpuHours: 8 },
    { of: '', jobs: 1, hours: 0, failedHours: 0, gpuHours: null },
  ]);
});
