import { describe, expect, it } from 'vitest';
import { NOISES, robustSpread } from '../../bench/noise-kinds.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { checkRun } from '../../src/watch/conditions.ts';
import { cpuMs } from '../helpers.ts';

const LOOK = 25;

interface Given {
  mode?: 'min' | 'max';
  /** Seconds between the points. */
  pauses?: (index: number) => number;
  /** After how many points the watch looks: every so many, or at these. */
  looks?: number | readonly number[];
}

/** What the watch that holds by default says of a curve as it grows: after how many points it begins and ends. */
function told(values: readonly number[] | Float64Array, { mode = 'min', pauses, looks = LOOK }: Given = {}) {
  const column = Float64Array.from(values);
  const wallTimes = new Float64Array(column.length);
  for (let index = 1; index < column.length; index += 1)
    wallTimes[index] = wallTimes[index - 1]! + (pauses?.(index) ?? 1);
  const steps = Float64Array.from(column, (_, index) => index);
  const ends =
    typeof looks === 'number'
      ? Array.from({ length: Math.floor(column.length / looks) }, (_, index) => (index + 1) * looks)
      : looks;
  const events: string[] = [];
  let since: number | null = null;
  for (const length of ends) {
    const now = wallTimes[length - 1]! * 1000;
    const series = [{ tag: 'value/loss', length, steps, wallTimes, values: column }];
    const run = { series, objective: { metric: 'value/loss', mode }, startedAt: 0, writtenAt: now, now };
    const holds: boolean =
      checkRun({ name: 'diverged', when: 'diverged' }, run, since !== null, since ?? now) !== null;
    if (holds !== (since !== null)) events.push(`${holds ? 'begins' : 'ends'} ${length}`);
    since = holds ? (since ?? now) : null;
  }
  return events;
}

const begins = (events: readonly string[]) =>
  Number(/^begins (\d+)$/.exec(events[0] ?? '')?.[1] ?? Number.NaN);
const random = seededRandom(11);
const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const points = (count: number, value: (index: number) => number, noise = 0.05) =>
  Array.from({ length: count }, (_, index) => value(index) + noise * gauss());

describe('flat noise', () => {
  const SEEDS = 5;
  for (const [name, noise] of Object.entries(NOISES).filter(([each]) => !each.startsWith('a rhythm')))
    it(`is no divergence, and a leap of five spreads in it is told within a hundred points: ${name}`, () => {
      let alarms = 0;
      let late = 0;
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const flat = noise(seededRandom(seed), 5_000);
        alarms += told(flat).filter((event) => event.startsWith('begins')).length;
        const off = 5 * robustSpread(flat);
        const leapt = flat.map((value, index) => (index < 4_000 ? value : value + off)).subarray(0, 4_100);
        const looks = Array.from({ length: 20 }, (_, index) => 4_005 + 5 * index);
        if (!(begins(told(leapt, { looks })) <= 4_100)) late += 1;
      }
      expect(alarms).toBeLessThanOrEqual(1);
      expect(late).toBeLessThanOrEqual(1);
    }, 60_000);

  it('of which each point repeats itself to a step, or never moves, is none', () => {
    expect(told(points(3_000, () => 3, 0.1).map((value) => Math.round(value * 10) / 10))).toEqual([]);
    expect(told(points(3_000, () => 3, 0.1).map((value) => Math.round(value * 2) / 2))).toEqual([]);
    expect(told(points(1_000, () => 1, 0))).toEqual([]);
    expect(told([...points(500, () => 1, 0), ...points(300, () => 1 + 1e-7, 0)])).toEqual([]);
    expect(begins(told([...points(500, () => 1, 0), ...points(300, () => 3, 0)]))).toBeLessThanOrEqual(600);
  });

  it('of which some points are no numbers is none, and hides no divergence', () => {
    const holes = (values: number[]) => values.map((value, index) => (index % 5 === 0 ? Number.NaN : value));
    expect(told(holes(points(3_000, () => 1)))).toEqual([]);
    const left = told(holes([...points(1_000, () => 1), ...points(200, () => 1.5)]));
    expect(begins(left)).toBeLessThanOrEqual(1_100);
  });
});

describe('a loss that leaves its level', () => {
  for (const mode of ['min', 'max'] as const) {
    const sign = mode === 'min' ? 1 : -1;
    it(`is told though it fell for long before (${mode})`, () => {
      for (const [over, count] of [
        [30, 1_000],
        [100, 1_000],
        [300, 3_000],
      ] as const) {
        const fell = points(count, (index) => sign * (0.5 + 2 * Math.exp(-index / over)));
        const events = told([...fell, ...points(300, () => sign * 0.78)], { mode });
        expect(begins(events), `${over}: ${events}`).toBeGreaterThan(count);
        expect(begins(events), `${over}: ${events}`).toBeLessThanOrEqual(count + 100);
      }
    });
  }

  it('is told when it drifts away, and when it falls without end and leaps back', () => {
    expect(
      begins(told([...points(3_000, () => 1), ...points(1_000, (index) => 1 + index / 1_000)])),
    ).toBeLessThan(3_500);
    expect(begins(told(points(3_000, (index) => 1 + 0.5 * ((index - 1_000) / 1_000) ** 2)))).toBeLessThan(
      2_500,
    );
    const leapt = told([...points(2_000, (index) => 3 - index / 1_000), ...points(200, () => 3)]);
    expect(begins(leapt)).toBeLessThanOrEqual(2_100);
  });

  it('is one episode until it is back, however long that takes', () => {
    const events = told([...points(1_000, () => 1), ...points(6_000, () => 1.4), ...points(300, () => 1)]);
    expect(events).toHaveLength(2);
    expect(begins(events)).toBeLessThanOrEqual(1_100);
    expect(Number(events[1]!.slice('ends '.length))).toBeGreaterThan(7_000);
  });

  it('is told alike whether its points come one by one, in one go, or at uneven times', () => {
    const curve = [...points(1_000, () => 1), ...points(3_000, () => 1.5)];
    expect(begins(told(curve.slice(0, 1_200), { looks: 1 }))).toBeLessThanOrEqual(1_100);
    for (const end of [1_150, 1_700, 1_980])
      expect(told(curve, { looks: [1_000, end] })).toEqual([`begins ${end}`]);
    const uneven = told(curve, { pauses: (index) => (Math.floor(index / 37) % 2 === 0 ? 1 : 10) });
    expect(uneven).toEqual(told(curve));
  }, 30_000);

  it('is told of a run of 200,000 points, at the cost of a look that is bounded', () => {
    const long = [...points(200_000, () => 1), ...points(100, () => 1.5)];
    const began = cpuMs();
    expect(told(long, { looks: [200_000, 200_100] })).toEqual(['begins 200100']);
    expect(cpuMs() - began).toBeLessThan(2_000);
  });

  it('needs a level to leave: a few points are none', () => {
    expect(told([...points(30, () => 1), ...points(60, () => 1.3)])).toEqual([]);
    expect(begins(told([...points(90, () => 1), ...points(60, () => 9)], { looks: 10 }))).toBeLessThanOrEqual(
      120,
    );
  });

  it('after a resume from an earlier step is judged by the points that are left', () => {
    const before = points(1_000, () => 1);
    expect(begins(told([...before, ...points(100, () => 3)]))).toBeGreaterThan(1_000);
    expect(told([...before, ...points(300, () => 1)])).toEqual([]);
  });
});

describe('a spike that comes back', () => {
  it('is no divergence', () => {
    for (const [length, height] of [
      [5, 4],
      [12, 4],
      [20, 1.6],
      [40, 1.6],
    ] as const) {
      const curve = [...points(1_000, () => 1), ...points(length, () => height), ...points(300, () => 1)];
      expect(told(curve, { looks: 1 }), `${length} points of ${height}`).toEqual([]);
    }
  }, 30_000);

  it('is none either when it takes its time, as after a restart of the learning rate', () => {
    for (const over of [5, 10, 20, 40]) {
      const curve = [...points(1_000, () => 1), ...points(600, (index) => 1 + 4 * Math.exp(-index / over))];
      expect(told(curve, { looks: 5 }), `over ${over} points`).toEqual([]);
    }
  });
});
