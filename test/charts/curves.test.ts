import { describe, expect, it } from 'vitest';
import { curvesChart } from '../../src/charts/curves.ts';
import { drawingOf } from '../../src/charts/drawing.ts';
import { liveOf } from '../../src/charts/live.ts';
import { pictureOf } from '../../src/charts/picture.ts';
import type { CurvesChart } from '../../src/core/metrics.ts';
import { line, series } from '../series.ts';

describe('what a chart of curves says', () => {
  const scales = (request: Parameters<typeof curvesChart>[0]) =>
    curvesChart(request).options.scales as unknown as Record<
      'x' | 'y',
      { type: string; max?: number; title: { text: string } }
    >;
  const decay = series(
    'value/loss',
    line(200, (index) => 1 + 0.001 * (200 - index)),
    { secondsApart: 60 },
  );

  it('lies over steps, over time, or over the time since each began', () => {
    const late = { ...decay, wallTimes: decay.wallTimes.map((time) => time + 3_600) };
    const curves = [
      { label: 'a', series: decay },
      { label: 'b', series: late },
    ];
    const lastX = (axis: 'step' | 'time' | 'relative') =>
      (
        curvesChart({ title: 't', axis, curves }).datasets.filter(({ unlisted }) => !unlisted) as {
          data: readonly { x: number }[];
        }[]
      ).map(({ data }) => Math.round(data.at(-1)!.x));
    expect(lastX('step')).toEqual([1_990, 1_990]);
    expect(lastX('time').map((x) => x)).toEqual([3, 4]);
    expect(scales({ title: 't', axis: 'time', curves }).x.title.text).toBe('hours since the first start');
    expect(lastX('relative')).toEqual([3, 3]);
    expect(curvesChart({ title: 't', axis: 'time', curves }).notes).toContain('from 2026-11-23 15:00:00 UTC');
  });

  it('leaves out of an axis of time what has no time, and says so', () => {
    const none = { ...decay, wallTimes: new Float64Array(200).fill(Number.NaN) };
    const late = { ...decay, wallTimes: decay.wallTimes.map((time, at) => (at < 50 ? Number.NaN : time)) };
    const bad = { ...none, values: new Float64Array(200).fill(Number.NaN) };
    for (const axis of ['time', 'relative'] as const) {
      const curves = [
        { label: 'a', series: decay },
        { label: 'b', series: none },
        { label: 'c', series: late },
        { label: 'd', series: bad },
      ];
      const chart = curvesChart({ title: 't', axis, curves });
      const live = liveOf(pictureOf({ title: 't', axis, curves }));
      expect(JSON.parse(JSON.stringify(live))).toEqual(live);
      for (const { xs } of live.plots[0]!.datasets) expect(xs!.every(Number.isFinite)).toBe(true);
      expect(chart.notes).toContain('without what has no time: b, c, d');
      expect(scales({ title: 't', axis, curves }).x.title.text).toMatch(/^hours since/);
      const alone = curvesChart({ title: 't', axis, curves: [curves[1]!] });
      expect(alone.notes).toEqual(['without what has no time: b']);
    }
    expect(curvesChart({ title: 't', curves: [{ label: 'b', series: none }] }).notes).toEqual([]);
  });

  it('calls epochs epochs, and says where curves count different things', () => {
    const epochs = { ...decay, counts: 'epoch' as const };
    const name = (...all: (typeof decay)[]) =>
      scales({ title: 't', curves: all.map((each) => ({ label: 'a', series: each })) }).x.title.text;
    expect([name(decay), name(epochs), name(epochs, decay)]).toEqual(['step', 'epoch', 'epoch or step']);
    const curves = [epochs, decay].map((each) => ({ label: 'a', series: each }));
    expect(curvesChart({ title: 't', curves }).notes).toContain('epochs beside steps');
    const [smoothed] = curvesChart({ title: 't', curves: [curves[0]!] }).datasets;
    expect(smoothed!.label).toMatch(/^smoothed, ±\d+ epochs$/);
  });

  it('is not flattened by how a run begins, and says so', () => {
    const values = line(200, (index) => (index < 4 ? 50 : 1 - index / 400) - 0.9);
    const chart = curvesChart({ title: 't', curves: [{ label: 'a', series: series('x', values) }] });
    expect((chart.options.scales.y as { max: number }).max).toBeLessThan(1);
    expect(chart.notes).toEqual(['starts at up to 49.1, above the chart']);
    expect(scales({ title: 't', curves: [{ label: 'a', series: decay }] }).y.max).toBeUndefined();
  });

  it('is plain JSON: nothing in it is lost or becomes something else on its way', () => {
    const picture = pictureOf({
      title: 't',
      curves: [
        { label: 'a', series: decay },
        { label: 'b', series: decay, behind: true },
      ],
    });
    expect(JSON.parse(JSON.stringify(picture))).toEqual(picture);
    expect(JSON.parse(JSON.stringify(drawingOf(liveOf(picture))))).toEqual(drawingOf(liveOf(picture)));
  });
});

describe('a chart of a run beside those it is measured against', () => {
  const flat = (steps: number, behind = false) => ({
    label: behind ? 'best' : 'own',
    series: series(
      'value/loss',
      line(steps, (index) => 1 + index / steps),
    ),
    behind,
  });
  const across = (request: CurvesChart) =>
    curvesChart(request).options.scales.x as { min: number; max: number };

  it('goes as far as the run itself and a little more', () => {
    const { max } = across({ title: 't', curves: [flat(100), flat(4_000, true)] });
    const own = across({ title: 't', curves: [flat(100)] }).max;
    expect(max).toBeGreaterThan(own);
    expect(max).toBeLessThan(own * 1.3);
    expect(across({ title: 't', curves: [flat(100), flat(50, true)] }).max).toBe(own);
  });

  it('grows with its legend, and shows a constant as one', () => {
    const curves = Array.from({ length: 7 }, () => flat(10));
    expect(pictureOf({ title: 't', curves }).height).toBeGreaterThan(
      pictureOf({ title: 't', curves: curves.slice(0, 1) }).height + 100,
    );
    const rate = series(
      'optimizer/rate',
      line(500, (index) => 3e-4 * (1 + (index % 3) * 1e-9)),
    );
    const { datasets } = curvesChart({ title: 't', curves: [{ label: 'a', series: rate }] });
    expect(
      new Set(datasets.flatMap(({ data }) => (data as readonly { y: number }[]).map(({ y }) => y))).size,
    ).toBe(1);
  });

  it('says numbers shortly, however large or small', () => {
    const yOf = (value: number) =>
      JSON.stringify(
        curvesChart({
          title: 't',
          curves: [
            {
              label: 'a',
              series: series(
                'x',
                line(20, () => value),
              ),
            },
          ],
        }).options.scales.y,
      );
    expect(yOf(3e-7)).toContain('scientific');
    expect(yOf(3e-3)).not.toContain('notation');
    const long = series(
      'loss',
      line(100, (index) => 100 - index + (index % 3)),
    );
    const steps = long.steps.map((step) => step * 1e9);
    expect(
      curvesChart({ title: 't', curves: [{ label: 'a', series: { ...long, steps } }] }).datasets[0]!.label,
    ).toBe('smoothed, ±59.4B steps');
  });

  it('of nothing but NaN has crosses alone, and of nothing says so', () => {
    const bad = curvesChart({
      title: 't',
      curves: [
        {
          label: 'a',
          series: series(
            'x',
            line(200, () => Number.NaN),
          ),
        },
      ],
    });
    expect(bad.datasets.map(({ part }) => part)).toEqual([undefined, 'bad']);
    expect(bad.legend).toBe('none');
    expect(curvesChart({ title: 't', curves: [{ label: 'a', series: series('x', []) }] }).notes).toEqual([
      'no points yet',
    ]);
  });

  it('tells panels apart by the ends of their names', () => {
    const panels = [1, 2].map((number) => series(`metrics/very/deep/hierarchy/value_${number}`, [1, 2, 3]));
    const titles = drawingOf(liveOf(pictureOf({ kind: 'panels', title: 't', panels }))).charts.map(
      ({ config }) => config.options!.plugins!.title!.text,
    );
    expect(titles).toEqual([expect.stringMatching(/^….*value_1$/), expect.stringMatching(/^….*value_2$/)]);
  });

  it('says units where they are known, and a million shortly', () => {
    const memory = series(
      '🔧 mem/rss/cur',
      line(20, (index) => 5e8 + index),
    );
    const y = curvesChart({ title: 't', curves: [{ label: 'a', series: memory }] }).options.scales.y;
    expect(JSON.stringify(y)).toContain('mem/rss/cur (bytes)');
    expect(JSON.stringify(y)).toContain('compact');
  });
});
