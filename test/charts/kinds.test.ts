import { describe, expect, it } from 'vitest';
import { drawingOf } from '../../src/charts/drawing.ts';
import { liveOf } from '../../src/charts/live.ts';
import { pictureOf } from '../../src/charts/picture.ts';
import { scoreboardChart } from '../../src/charts/scoreboard.ts';
import type { ChartRequest } from '../../src/core/metrics.ts';
import { ranked } from '../../src/core/scoreboard.ts';
import { line, series } from '../series.ts';
import { createDrawing, expectFramed } from './drawn.ts';
import { BLUE, GREEN, RED } from './pixels.ts';

const { charts, drawn } = createDrawing();

describe('other pictures', () => {
  it('panels show each metric in its own place', async () => {
    const panels = ['value/loss', 'value/mae', 'value/acc'].map((tag) =>
      series(
        tag,
        line(100, (index) => index),
      ),
    );
    const pixels = await drawn({ kind: 'panels', title: 'job-0000007', panels });
    const half = pixels.width / 2;
    const row = (pixels.height - 88) / 2;
    const inked = (column: number, index: number) =>
      pixels.of(BLUE, [
        column * half,
        Math.round(88 + index * row),
        (column + 1) * half,
        Math.round(88 + (index + 1) * row),
      ]).length;
    expect([inked(0, 0), inked(1, 0), inked(0, 1)].every((count) => count > 300)).toBe(true);
    expect(inked(1, 1)).toBe(0);
    expectFramed(pixels);
  });

  const study = (entries: readonly (readonly [value: number | null, status?: string, task?: string])[]) =>
    ({
      kind: 'scoreboard',
      title: 'study',
      metric: 'value/mae',
      mode: 'min',
      entries: entries.map(([value, status = 'completed', task = 'walk'], index) => ({
        label: `job-${index}`,
        value,
        status,
        task,
      })),
    }) satisfies ChartRequest;

  it('the scoreboard has the best on top, and those that failed beside their names, whatever they had reached', async () => {
    const request = {
      ...study([[0.5], [0.4], [null, 'failed'], [0.45], [0.3], [0.01, 'failed']]),
      target: 0.2,
    };
    expect(ranked(request).map(({ value }) => value)).toEqual([0.3, 0.4, 0.45, 0.5]);
    expect(ranked({ ...request, mode: 'max' }).map(({ value }) => value)).toEqual([0.5, 0.45, 0.4, 0.3]);
    const { labels, datasets } = scoreboardChart(request);
    expect(labels).toEqual([
      'job-4  0.3',
      'job-1  0.4',
      'job-3  0.45',
      'job-0  0.5',
      '× job-5  failed',
      '× job-2  failed',
    ]);
    // No point stands in their rows, on whatever axis, which would be read as a value.
    const drawnIn = (row: number) =>
      datasets.filter(({ data }) => data[row] !== null).map(({ label }) => label);
    expect([3, 4, 5].map(drawnIn)).toEqual([['completed', 'target 0.2'], ['target 0.2'], ['target 0.2']]);
    const pixels = await drawn(request);
    const plot = [0, 90, pixels.width, pixels.height - 200];
    const [best, others, marks] = [GREEN, BLUE, RED].map((colour) => pixels.of(colour, plot));
    expect(Math.max(...best!.map(({ y }) => y))).toBeLessThan(Math.min(...others!.map(({ y }) => y)));
    expect(Math.min(...marks!.map(({ y }) => y))).toBeGreaterThan(Math.max(...others!.map(({ y }) => y)));
    expect(Math.max(...marks!.map(({ x }) => x))).toBeLessThan(Math.min(...best!.map(({ x }) => x)));
    expect((await charts.draw(request)).alt).toBe(
      'Scoreboard of study: value/mae of 6 experiments, 5 with a value. Best (minimum) 0.3 by job-4. Then 0.4 by job-1, 0.45 by job-3. Last 0.01 by job-5, which failed. 2 failed. Target 0.2.',
    );
  });

  it('the scoreboard has an axis for each task', () => {
    const { title, plots } = pictureOf(
      study([[0.5], [90, 'completed', 'run'], [0.4], [80, 'completed', 'run'], [0.3]]),
    );
    expect(title).toBe('study');
    expect(plots.map(({ plot }) => [plot.title, plot.labels])).toEqual([
      ['walk', ['job-4  0.3', 'job-2  0.4', 'job-0  0.5']],
      ['run', ['job-3  80', 'job-1  90']],
    ]);
    expect(plots[1]!.y).toBeGreaterThanOrEqual(plots[0]!.y + plots[0]!.height);
  });

  it('the scoreboard shows the best of many, and says of how many', () => {
    const many = scoreboardChart(
      study(Array.from({ length: 50 }, (_, index) => [1 + index, index % 2 ? 'failed' : 'completed'])),
    );
    expect(many.labels).toHaveLength(14);
    expect(many.notes).toEqual(['lower is better', 'the best 10 of 25', 'the last 4 of 25 that failed']);
  });

  it('draws points in a legend as wide as they are high', () => {
    const { charts } = drawingOf(liveOf(pictureOf(study([[1]]))));
    const { labels } = charts[0]!.config.options!.plugins!.legend!;
    expect([labels!.usePointStyle, labels!.pointStyleWidth]).toEqual([true, undefined]);
  });

  it("the queue's week stacks busy and failed hours, and draws nothing for idle ones", async () => {
    const days = ['Mon 16', 'Tue 17'].map((label) => ({
      label,
      busyHours: 18,
      failedHours: 6,
      idleHours: 6,
      jobs: 3,
    }));
    const pixels = await drawn({ kind: 'usage', title: 'gpu1', days });
    const plot = [150, 100, pixels.width, pixels.height - 140];
    const [busy, failed] = [pixels.of(BLUE, plot).length, pixels.of(RED, plot).length];
    expect(busy / failed).toBeGreaterThan(1.8);
    expect(busy / failed).toBeLessThan(2.2);
  });

  it('a week of few hours is seen as well as a full one, and the least that failed is seen', async () => {
    const day = (label: string, goodHours: number, failedHours: number) => ({
      ...{ label, busyHours: goodHours + failedHours, failedHours, jobs: 1 },
      idleHours: 24 - goodHours - failedHours,
    });
    const pixels = await drawn({
      kind: 'usage',
      title: 'gpu1',
      days: [day('Mon 16', 1, 0.001), day('Tue 17', 0, 0), day('Wed 18', 0.5, 0)],
    });
    const plot = [150, 140, pixels.width, pixels.height - 240];
    const [busy, failed] = [pixels.of(BLUE, plot), pixels.of(RED, plot)];
    const heightOf = (found: { y: number }[]) =>
      Math.max(...found.map(({ y }) => y)) - Math.min(...found.map(({ y }) => y));
    expect(heightOf(busy)).toBeGreaterThan(pixels.height * 0.3);
    expect(heightOf(failed)).toBeGreaterThanOrEqual(8);
    const { labels, notes } = pictureOf({
      kind: 'usage',
      title: 'x',
      days: [day('Mon 16', 6, 1), day('Tue 17', 0, 0)],
    }).plots[0]!.plot;
    expect(labels).toEqual([
      ['Mon', '16', '7 h'],
      ['Tue', '17', 'idle'],
    ]);
    // The sums stand beside it.
    expect(notes).toEqual([]);
  });
});
