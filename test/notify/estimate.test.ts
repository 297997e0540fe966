import { expect, it } from 'vitest';
import { estimatedStarts, secondsLeft } from '../../src/notify/estimate.ts';
import { job } from '../experiments/world.ts';

const NOW = 1_795_100_000_000;
const running = (ranSeconds: number) =>
  job(7, { status: 'running', startedAt: NOW / 1000 - ranSeconds, endedAt: null });

it('a run that takes longer than usual tells nothing of its end, nor of what waits behind it', () => {
  expect(secondsLeft(running(400), null, 600, NOW)).toEqual({ low: 200, high: 200 });
  for (const ran of [600, 601, 90_000]) expect(secondsLeft(running(ran), null, 600, NOW)).toBeNull();
  expect(estimatedStarts([job(8)], secondsLeft(running(700), null, 600, NOW), () => 600)).toEqual([null]);
});

it('a clock that was set back leaves no run more time than it usually takes', () => {
  expect(secondsLeft(running(-448), null, 600, NOW)).toEqual({ low: 600, high: 600 });
});
