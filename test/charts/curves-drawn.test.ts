import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../src/charts/picture.ts';
import type { Curve } from '../../src/core/metrics.ts';
import { line, series } from '../series.ts';
import { createDrawing, expectFramed } from './drawn.ts';
import { BLUE, curveOf, RED, VERMILLION } from './pixels.ts';

const { charts, drawn } = createDrawing();

const GREY = [0x7a, 0x85, 0x94] as const;
/** How many neighbours stand side by side at most. */
function longestRun(xs: readonly number[]): number {
  let [run, longest] = [0, 0];
  for (const [index, x] of xs.entries()) {
    run = index > 0 && x === xs[index - 1]! + 1 ? run + 1 : 1;
    longest = Math.max(longest, run);
  }
  return longest;
}

describe('curves in the picture', () => {
  it('are said to have a faint line beneath them where one is drawn', () => {
    const long = series(
      'value/loss',
      line(200, (index) => 10 + Math.sin(index)),
    );
    const short = series('value/loss', [3, 2, 1]);
    const noted = (curves: Curve[]) => pictureOf({ title: 'x', curves }).plots[0]!.plot.asDrawn;
    expect(
      noted([
        { label: 'a', series: long },
        { label: 'b', series: short },
      ]),
    ).toContain('smoothed, with the logged values faint');
    expect(
      noted([
        { label: 'a', series: short },
        { label: 'best', series: long, behind: true },
      ]),
    ).toEqual([]);
  });

  it('lie where the data says: a straight line is straight, from corner to corner', async () => {
    const pixels = await drawn({
      title: 'x',
      curves: [
        {
          label: 'a',
          series: series(
            'value/loss',
            line(50, (index) => 10 - index / 5),
          ),
        },
      ],
    });
    const curve = [...curveOf(pixels.of(BLUE))];
    const [[left, top], [right, bottom]] = [curve[10]!, curve.at(-10)!];
    expect(right - left).toBeGreaterThan(pixels.width * 0.75);
    for (const [x, y] of curve.slice(10, -10))
      expect(Math.abs(y - (top + ((bottom - top) * (x - left)) / (right - left)))).toBeLessThan(6);
  });

  it('are told apart by colour and stroke, the lower one below', async () => {
    const pixels = await drawn({
      title: 'two',
      curves: [
        {
          label: 'job-1',
          series: series(
            'value/loss',
            line(200, () => 3),
          ),
        },
        {
          label: 'job-2',
          series: series(
            'value/loss',
            line(200, () => 1),
          ),
        },
      ],
    });
    const middle = [200, 0, pixels.width - 100, pixels.height - 180];
    const [high, low] = [curveOf(pixels.of(BLUE, middle)), curveOf(pixels.of(VERMILLION, middle))];
    expect(Math.max(...high.values())).toBeLessThan(Math.min(...low.values()));
    expect(low.size).toBeLessThan(high.size * 0.9);
  });

  it('behind are dashed and grey, and do not hide the run', async () => {
    const main = series(
      'value/loss',
      line(200, (index) => 3 - index / 100),
    );
    const alone = await drawn({ title: 't', curves: [{ label: 'a', series: main }] });
    const both = await drawn({
      title: 't',
      curves: [
        { label: 'a', series: main },
        {
          label: 'parent b',
          series: series(
            'value/loss',
            line(200, (index) => 3 - index / 100),
          ),
          behind: true,
        },
      ],
    });
    const seen = curveOf(both.of(BLUE, [0, 0, both.width, both.height - 120])).size;
    expect(seen).toBeGreaterThan(curveOf(alone.of(BLUE)).size * 0.9);
  });

  it('have their dashes in the legend too', async () => {
    const flat = (tag: string, value: number) =>
      series(
        tag,
        line(200, () => value),
      );
    const request = {
      title: 'legend',
      curves: ['a', 'b', 'c'].map((label, index) => ({
        label,
        series: flat('value/loss', index),
        behind: index > 0,
      })),
    };
    const pixels = await drawn(request);
    const rows = Map.groupBy(
      pixels.of(GREY, [0, pixels.height - 130, pixels.width, pixels.height]),
      ({ y }) => y,
    );
    const strokes = [...rows.values()].map((row) => longestRun(row.map(({ x }) => x)));
    // 28 CSS pixels without a gap would be 56 here.
    expect(Math.max(...strokes)).toBeGreaterThan(5);
    expect(Math.max(...strokes)).toBeLessThan(40);
  });

  it('keep a peak of a single point among a hundred thousand', async () => {
    const values = line(100_000, () => 1);
    values[50_000] = 2;
    const pixels = await drawn({ title: 'peak', curves: [{ label: 'a', series: series('x', values) }] });
    const top = Math.min(
      ...pixels.of([0xaa, 0xce, 0xe2], [200, 60, pixels.width, pixels.height]).map(({ y }) => y),
    );
    const usual = Math.min(...pixels.of(BLUE, [300, 60, 500, pixels.height]).map(({ y }) => y));
    expect(top).toBeLessThan(usual - 200);
  });

  it('break at NaN and show it as crosses', async () => {
    const values = line(300, () => 1).map((value, index) =>
      index >= 140 && index < 160 ? Number.NaN : value,
    );
    const pixels = await drawn({ title: 'nan', curves: [{ label: 'a', series: series('x', values) }] });
    const columns = [...curveOf(pixels.of(BLUE, [0, 60, pixels.width, pixels.height])).keys()];
    const widest = Math.max(...columns.slice(1).map((x, index) => x - columns[index]!));
    expect(widest).toBeGreaterThan(60);
    expect(pixels.of(RED).length).toBeGreaterThan(30);
  });

  it('with long labels stay within the picture', async () => {
    const label = `job-0000001 ${'some.very.long.setting_name=0.123456789 '.repeat(5)}`;
    expectFramed(
      await drawn({
        title: 'x'.repeat(300),
        subtitle: 'y'.repeat(300),
        curves: [1, 2, 3, 4, 5, 6, 7].map((value) => ({
          label,
          series: series(
            't'.repeat(200),
            line(9, () => value),
          ),
        })),
      }),
    );
  });

  it('are the same picture for the same data', async () => {
    const request = { title: 'same', curves: [{ label: 'a', series: series('x', [3, 2, 1]) }] };
    expect((await charts.draw(request)).image).toEqual((await charts.draw(request)).image);
  });
});
