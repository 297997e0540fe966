import { jitterOf } from '../src/core/noise.ts';
import { seededRandom } from '../src/queue/simulated/random.ts';
import { checkRun } from '../src/watch/conditions.ts';
import { autoregressive, NOISES, robustSpread } from './noise-kinds.ts';
import { type Bench, percentile, type Row } from './table.ts';

const PAIRS = 4_000;
/** Points of a curve, and how closely each follows the one before it. */
const CURVES: readonly [number, number][] = [
  [200, 0],
  [200, 0.5],
  [200, 0.9],
  [2_000, 0.99],
  [60, 0.9],
  [20, 0],
  [20, 0.5],
  [20, 0.9],
];

/** Runs of a noise, points of each, and after how many points the watch looks again. */
const SEEDS = 20;
const POINTS = 5_000;
const LOOK = 10;
/** A loss leaves its level by so many robust spreads after so many points, and is to be told within so many more. */
const OFF = 5;
const FLAT = [1_000, 4_000];
const TOLD_WITHIN = 100;

/**
 * Of a hundred pairs of runs that differ in nothing but chance, how many the jitter of their curves tells apart; and
 * what the watch `diverged` that holds by default says of flat noise, and of a loss that leaves its level.
 */
export async function benchNoise(): Promise<Bench> {
  return { name: 'noise: readings and the watch diverged', rows: [...readings(), ...alarms()] };
}

function readings(): Row[] {
  const random = seededRandom(7);
  return CURVES.map(([length, correlation]) => {
    let apart = 0;
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const [one, other] = [curve(random, length, correlation), curve(random, length, correlation)];
      const margin = 2 * Math.hypot(jitterOf(one, {}) ?? 0, jitterOf(other, {}) ?? 0);
      if (Math.abs(one.values[length - 1]! - other.values[length - 1]!) > margin) apart += 1;
    }
    const what = `equal runs told apart, ${length} points, correlation ${correlation}`;
    return { what, value: (100 * apart) / PAIRS, unit: '%', target: null };
  });
}

function alarms(): Row[] {
  return Object.entries(NOISES).flatMap(([name, noise]) => {
    let raised = 0;
    const delays: number[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const flat = noise(seededRandom(seed), POINTS);
      raised += raisedIn(flat);
      const off = OFF * robustSpread(flat);
      for (const from of FLAT)
        delays.push(
          toldAfter(
            flat.map((value, index) => (index < from ? value : value + off)),
            from,
          ),
        );
    }
    const told = delays.filter((delay) => delay <= TOLD_WITHIN);
    return [
      {
        what: `alarms in ${SEEDS} flat runs of ${POINTS} points, ${name}`,
        value: raised,
        unit: '',
        target: 1,
      },
      {
        what: `${OFF} spreads off told within ${TOLD_WITHIN} points, ${name}`,
        value: (100 * told.length) / delays.length,
        unit: '%',
        target: null,
      },
      {
        what: `… points until then, the longest of those, ${name}`,
        value: percentile(told, 1),
        unit: '',
        target: TOLD_WITHIN,
      },
    ];
  });
}

/** Episodes of the watch, looked at as the run grows. */
function raisedIn(values: Float64Array): number {
  let raised = 0;
  let since: number | null = null;
  for (let length = LOOK; length <= values.length; length += LOOK) {
    const holds = check(values, length, since);
    if (holds && since === null) raised += 1;
    since = holds ? (since ?? (length - 1) * 1000) : null;
  }
  return raised;
}

function toldAfter(values: Float64Array, from: number): number {
  for (let length = from + LOOK; length <= from + TOLD_WITHIN; length += LOOK)
    if (check(values, length, null)) return length - from;
  return Number.POSITIVE_INFINITY;
}

/** A point a second. */
const SECONDS = Float64Array.from({ length: POINTS }, (_, index) => index);

function check(values: Float64Array, length: number, since: number | null): boolean {
  const series = [{ tag: 'value/loss', length, steps: SECONDS, wallTimes: SECONDS, values }];
  const run = { series, objective: null, startedAt: 0, writtenAt: length * 1000, now: length * 1000 };
  return checkRun({ name: 'diverged', when: 'diverged' }, run, since !== null, since ?? run.now) !== null;
}

function curve(random: () => number, length: number, correlation: number) {
  const values = autoregressive(random, length, correlation);
  return {
    tag: 'value/loss',
    length,
    steps: SECONDS.subarray(0, length),
    wallTimes: new Float64Array(length),
    values,
  };
}
