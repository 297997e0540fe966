import { describe, expect, it } from 'vitest';
import type { Series } from '../../src/core/metrics.ts';
import type { WatchRule } from '../../src/core/watch.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';
import { checkRun, type RunView } from '../../src/watch/conditions.ts';

const START = 1_795_446_000_000;
const MINUTE = 60_000;

/** A curve with a point of 10 steps every ten seconds. */
function series(
  tag: string,
  values: readonly number[],
  secondsApart: (index: number) => number = () => 10,
): Series {
  let at = START / 1000;
  const wallTimes = values.map((_, index) => {
    at += secondsApart(index);
    return at;
  });
  return {
    tag,
    length: values.length,
    steps: Float64Array.from(values, (_, index) => index * 10),
    wallTimes: Float64Array.from(wallTimes),
    values: Float64Array.from(values),
  };
}

function run(curves: readonly Series[], more: Partial<RunView> = {}): RunView {
  const last = Math.max(START, ...curves.map((each) => (each.wallTimes[each.length - 1] ?? 0) * 1000));
  return { series: curves, objective: null, startedAt: START, writtenAt: last, now: last + 1_000, ...more };
}

const words = (rule: Omit<WatchRule, 'name'>, view: RunView, firing = false) =>
  checkRun({ name: 'x', ...rule }, view, firing)?.words ?? null;
const repeated = (count: number, value: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => value(index));

describe('a NaN', () => {
  const ending = (...values: number[]) => run([series('value/loss', [1, 2, 3, ...values])]);

  it('is found when it is the last point, infinite values too, and by default in any training metric', () => {
    expect(words({ when: 'nan' }, ending(Number.NaN))).toBe('value/loss is NaN, since step 30');
    expect(words({ when: 'nan' }, ending(Number.NEGATIVE_INFINITY))).toContain('is -Inf');
    expect(words({ when: 'nan' }, run([series('a', [1]), series('grad/norm', [1, Number.NaN])]))).toContain(
      'grad/norm',
    );
  });
  it('in a timer says nothing about the training', () => {
    expect(words({ when: 'nan' }, run([series('🕒 timers/dt', [Number.NaN])]))).toBeNull();
  });
  it('must last for as many points as the rule says', () => {
    expect(words({ when: 'nan', points: 3 }, ending(Number.NaN, Number.NaN))).toBeNull();
    expect(words({ when: 'nan', points: 3 }, ending(Number.NaN, Number.NaN, Number.NaN))).not.toBeNull();
  });
  it('is over only after as many good points', () => {
    const view = ending(Number.NaN, Number.NaN, 1);
    expect(words({ when: 'nan', points: 2 }, view, true)).not.toBeNull();
    expect(words({ when: 'nan', points: 2 }, ending(Number.NaN, Number.NaN, 1, 1), true)).toBeNull();
    expect(words({ when: 'nan', points: 2 }, view, false)).toBeNull();
  });
});

describe('a threshold', () => {
  const rule = { when: 'above', tag: 'value/loss', value: 5, points: 2 } as const;
  it('must be crossed for the points asked for, and is one episode while the curve wavers', () => {
    expect(words(rule, run([series('value/loss', [1, 6])]))).toBeNull();
    expect(words(rule, run([series('value/loss', [1, 6, 7])]))).toBe('value/loss is 7, above 5 for 2 points');
    expect(words({ ...rule, points: 1 }, run([series('value/loss', [1, 7])]))).toMatch(/ for 1 point$/);
    expect(
      words(
        { when: 'above', tag: '🧠 mem/rss', value: 5e8, points: 1 },
        run([series('🧠 mem/rss', [543_211_520])]),
      ),
    ).toBe('🧠 mem/rss is 543 MB, above 500 MB for 1 point');
    expect(words(rule, run([series('value/loss', [6, 7, 4])]), true)).not.toBeNull();
    expect(words(rule, run([series('value/loss', [6, 7, 4, 4])]), true)).toBeNull();
  });
  it('may be a lower one, and is about its own metric alone', () => {
    expect(
      words({ when: 'below', tag: 'acc', value: 0.5, points: 1 }, run([series('acc', [0.4])])),
    ).toContain('below 0.5');
    expect(words(rule, run([series('other', [9, 9, 9])]))).toBeNull();
  });
});

it('what is no number is no return below a threshold, nor to the best', () => {
  const nan = [Number.NaN, Number.NaN, Number.NaN];
  const rule = { when: 'above', tag: 'value/loss', value: 5, points: 2 } as const;
  expect(words(rule, run([series('value/loss', [9, 9, ...nan])]), true)).not.toBeNull();
  const lost = [...repeated(100, () => 0.5), ...repeated(20, () => 9), ...repeated(20, () => Number.NaN)];
  expect(words({ when: 'diverged' }, run([series('value/loss', lost)]), true)).toMatch(/^value\/loss is NaN/);
});

describe('divergence', () => {
  const random = seededRandom(5);
  const noisy = repeated(200, (index) => 0.5 + 2 * Math.exp(-index / 30) + 0.05 * (random() - 0.5));
  it('is a curve far from its best by its own noise and by a ratio', () => {
    const away = [...noisy, ...repeated(20, () => 2 + random() * 0.1)];
    expect(words({ when: 'diverged' }, run([series('value/loss', away)]))).toMatch(
      /^value\/loss is 2\.\d+, away from its best of 0\.\d+ at step/,
    );
  });
  it('is neither noise nor a slow rise', () => {
    expect(words({ when: 'diverged' }, run([series('value/loss', noisy)]))).toBeNull();
    const rising = [...noisy, ...repeated(20, () => 0.7)];
    expect(words({ when: 'diverged' }, run([series('value/loss', rising)]))).toBeNull();
  });
  it('goes the other way for an objective that should grow', () => {
    const falling = [...repeated(100, () => 0.9 + random() * 0.01), ...repeated(20, () => 0.2)];
    const objective = { metric: 'acc', mode: 'max' } as const;
    expect(words({ when: 'diverged', value: 1.5 }, run([series('acc', falling)], { objective }))).toContain(
      'away from its best',
    );
    expect(
      words({ when: 'diverged', value: 1.5 }, run([series('acc', falling.toReversed())], { objective })),
    ).toBeNull();
  });
});

it('which way is better is said by the objective, the rule or the name, and else nothing is said', () => {
  const random = seededRandom(7);
  const rising = (tag: string) =>
    run([
      series(
        tag,
        repeated(120, (index) => index / 10 + random() * 0.1),
      ),
    ]);
  const fallen = (tag: string) =>
    run([series(tag, [...repeated(100, () => 0.9 + random() * 0.01), ...repeated(20, () => 0.01)])]);
  const diverged = { when: 'diverged' } as const;
  for (const tag of ['value/reward', 'value/accuracy', 'eval_score', 'value/x'])
    expect(words({ ...diverged, tag }, rising(tag)), tag).toBeNull();
  for (const tag of ['value/reward', 'acc', 'top1_accuracy'])
    expect(words({ ...diverged, tag }, fallen(tag)), tag).toContain('away from its best');
  expect(words({ ...diverged, tag: 'value/x' }, fallen('value/x'))).toBeNull();
  expect(words({ ...diverged, tag: 'value/x', mode: 'max' }, fallen('value/x'))).toContain('away');
  const plateau = { when: 'plateau', points: 50, value: 0.01 } as const;
  expect(words({ ...plateau, tag: 'value/accuracy' }, rising('value/accuracy'))).toBeNull();
  expect(words({ ...plateau, tag: 'value/x' }, rising('value/x'))).toBeNull();
});

it('divergence by one measure alone is what a rule says that names one alone', () => {
  const random = seededRandom(9);
  const slight = [...repeated(100, () => 1 + random() * 0.01), ...repeated(20, () => 1.2)];
  const view = run([series('value/loss', slight)]);
  expect(words({ when: 'diverged' }, view)).toBeNull();
  expect(words({ when: 'diverged', deviations: 6 }, view)).toContain('away from its best');
  expect(words({ when: 'diverged', value: 1.1 }, view)).toContain('away from its best');
  expect(words({ when: 'diverged', value: 1.5 }, view)).toBeNull();
});

it('a plateau is a window in which nothing improved', () => {
  const rule = { when: 'plateau', points: 50, value: 0.01 } as const;
  const flat = [...repeated(100, (index) => 10 - index / 12), ...repeated(60, () => 1.8)];
  expect(words(rule, run([series('value/loss', flat)]))).toBe(
    'value/loss has not improved on 1.75 since step 1,100',
  );
  expect(
    words(
      rule,
      run([
        series(
          'value/loss',
          repeated(160, (index) => 10 - index / 20),
        ),
      ]),
    ),
  ).toBeNull();
  expect(
    words(
      rule,
      run([
        series(
          'value/loss',
          repeated(40, () => 1),
        ),
      ]),
    ),
  ).toBeNull();
});

describe('a stall', () => {
  const rule = { when: 'stalled', minutes: 20 } as const;
  const points = series(
    'value/loss',
    repeated(30, () => 1),
  );
  const last = points.wallTimes[29]! * 1000;
  it('is silence of a job that the queue says runs', () => {
    expect(words(rule, run([points], { now: last + 19 * MINUTE }))).toBeNull();
    expect(words(rule, run([points], { now: last + 21 * MINUTE }))).toBe(
      'it has logged nothing new for 21 min, but the queue says it is running',
    );
  });
  it('is told of a run that never logged anything as such', () => {
    const view = run([], { writtenAt: null, now: START + 25 * MINUTE });
    expect(words(rule, view)).toContain('nothing at all for 25 min');
  });
  it('is not told of a run that logs seldom', () => {
    const seldom = series(
      'value/loss',
      repeated(10, () => 1),
      () => 600,
    );
    expect(words(rule, run([seldom], { now: seldom.wallTimes[9]! * 1000 + 60 * MINUTE }))).toBeNull();
  });
});

it('a slow run is one that makes half its usual steps, and is over when it makes them again', () => {
  const slowAfter = (from: number, count: number) =>
    run([
      series(
        'value/loss',
        repeated(count, () => 1),
        (index) => (index >= from ? 40 : 10),
      ),
    ]);
  expect(words({ when: 'slow' }, slowAfter(100, 100))).toBeNull();
  expect(words({ when: 'slow' }, slowAfter(80, 100))).toBe('it runs at 0.25 steps/s; usually 1 in this run');
  expect(words({ when: 'slow' }, slowAfter(1_000, 30))).toBeNull();
});

it('an evaluation or a checkpoint that pauses a run is no slowness, and noise in its steps is none', () => {
  const random = seededRandom(21);
  const rule = { when: 'slow' } as const;
  const paused = series(
    'value/loss',
    repeated(400, () => 1),
    (index) => (index % 40 === 39 ? 600 : index % 7 === 0 ? 40 : 10),
  );
  const noisy = series(
    'value/loss',
    repeated(400, () => 1),
    () => 4 + 12 * random(),
  );
  for (const curve of [paused, noisy])
    for (let length = 40; length <= 400; length += 1)
      expect(words(rule, run([{ ...curve, length }])), `${length}`).toBeNull();
});

it('a pause like one that the run came back from is not silence', () => {
  const rule = { when: 'stalled', minutes: 20 } as const;
  const evaluated = series(
    'value/loss',
    repeated(200, () => 1),
    (index) => (index === 100 ? 45 * 60 : 10),
  );
  const last = evaluated.wallTimes[199]! * 1000;
  expect(words(rule, run([evaluated], { now: last + 44 * MINUTE }))).toBeNull();
  expect(words(rule, run([evaluated], { now: last + 70 * MINUTE }))).toContain('nothing new for');
  // What lies between a run and its resumption is no pause of it.
  const resumed = { startedAt: evaluated.wallTimes[100]! * 1000 };
  expect(words(rule, run([evaluated], { ...resumed, now: last + 44 * MINUTE }))).toContain('nothing new for');
});

it('a clock that was set back is no silence', () => {
  const points = series(
    'value/loss',
    repeated(30, () => 1),
  );
  const back = run([points], { now: START - 600 * MINUTE });
  expect(words({ when: 'stalled' }, back)).toBeNull();
  expect(words({ when: 'slow' }, back)).toBeNull();
});
