import { jitterOf } from '../src/core/noise.ts';
import { seededRandom } from '../src/queue/simulated/random.ts';
import type { Bench } from './table.ts';

const PAIRS = 4_000;
/** Points of a curve, and how closely each follows the one before it. */
const CURVES: readonly [number, number][] = [
  [200, 0],
  [200, 0.5],
  [200, 0.9],
  [60, 0.9],
  [20, 0],
  [20, 0.5],
  [20, 0.9],
];

/** Of a hundred pairs of runs that differ in nothing but chance, how many the jitter of their curves tells apart. */
export async function benchNoise(): Promise<Bench> {
  const random = seededRandom(7);
  const rows = CURVES.map(([length, correlation]) => {
    let apart = 0;
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const [one, other] = [curve(random, length, correlation), curve(random, length, correlation)];
      const margin = 2 * Math.hypot(jitterOf(one, {}) ?? 0, jitterOf(other, {}) ?? 0);
      if (Math.abs(one.values[length - 1]! - other.values[length - 1]!) > margin) apart += 1;
    }
    const what = `equal runs told apart, ${length} points, correlation ${correlation}`;
    return { what, value: (100 * apart) / PAIRS, unit: '%', target: null };
  });
  return { name: 'readings by the jitter of curves', rows };
}

function curve(random: () => number, length: number, correlation: number) {
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const values = new Float64Array(length);
  for (let index = 0; index < length; index += 1)
    values[index] =
      index === 0
        ? gauss()
        : correlation * values[index - 1]! + Math.sqrt(1 - correlation * correlation) * gauss();
  return {
    tag: 'value/loss',
    length,
    steps: Float64Array.from(values, (_, index) => index),
    wallTimes: new Float64Array(length),
    values,
  };
}
