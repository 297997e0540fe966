import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { curvesChart } from '../../src/charts/curves.ts';
import { drawingOf } from '../../src/charts/drawing.ts';
import { liveOf } from '../../src/charts/live.ts';
import { pictureOf } from '../../src/charts/picture.ts';
import { createPictures } from '../../src/charts/pictures.ts';
import { scoreboardChart } from '../../src/charts/scoreboard.ts';
import { createChartService } from '../../src/charts/service.ts';
import type { ChartRequest, Curve, CurvesChart, Series } from '../../src/core/metrics.ts';
import { ranked } from '../../src/core/scoreboard.ts';
import { createFileStore } from '../../src/store/files.ts';
import { temporaryFolder } from '../helpers.ts';
import { BLUE, CARD, curveOf, GREEN, type Pixels, pixelsOf, RED, VERMILLION } from './pixels.ts';

const START = 1_795_446_000;

function series(tag: string, values: readonly number[], secondsApart = 10): Series {
  return {
    tag,
    length: values.length,
    steps: Float64Array.from(values, (_, index) => index * 10),
    wallTimes: Float64Array.from(values, (_, index) => START + index * secondsApart),
    values: Float64Array.from(values),
  };
}
const line = (count: number, value: (index: number) => number) =>
  Array.from({ length: count }, (_, index) => value(index));

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

const files = createFileStore(temporaryFolder());
const charts = createChartService({ files });
const pictures = createPictures({ files, env: { PATH: process.env.PATH }, compileCache: undefined });
async function drawn(request: ChartRequest): Promise<Pixels> {
  const { image, width, height } = await charts.draw(request);
  const pixels = await pixelsOf((await pictures.fileAt(image))!);
  expect([pixels.width, pixels.height]).toEqual([width * 2, height * 2]);
  return pixels;
}
/** Nothing runs over the picture's edge. */
function expectFramed({ width, height, at }: Pixels): void {
  for (let y = 0; y < height; y += 1)
    for (const x of [0, 1, width - 2, width - 1])
      expect(at(x, y).map((part, index) => Math.abs(part - CARD[index]!) < 4)).toEqual([true, true, true]);
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

describe('what a chart of curves says', () => {
  const scales = (request: Parameters<typeof curvesChart>[0]) =>
    curvesChart(request).options.scales as unknown as Record<
      'x' | 'y',
      { type: string; max?: number; title: { text: string } }
    >;
  const decay = series(
    'value/loss',
    line(200, (index) => 1 + 0.001 * (200 - index)),
    60,
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
    expect(notes).toEqual(['busy 7 h of 2 d', '1 h on failed jobs', '2 jobs ended']);
  });
});

describe("a team's own QuickChart server", () => {
  async function server(answer: (response: import('node:http').ServerResponse) => void) {
    const asked: Record<string, unknown>[] = [];
    const http = createServer(async (request, response) => {
      asked.push((await json(request)) as Record<string, unknown>);
      answer(response);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/own/`;
    const trouble: string[] = [];
    const files = createFileStore(temporaryFolder());
    const pictures = createPictures({
      files,
      env: { PATH: process.env.PATH },
      compileCache: undefined,
      quickChart: url,
      onTrouble: (words) => trouble.push(words),
    });
    return {
      asked,
      trouble,
      async draw(request: ChartRequest) {
        const chart = await createChartService({ files }).draw(request);
        return { ...chart, path: (await pictures.fileAt(chart.image))! };
      },
      close: () => new Promise((resolve) => http.close(resolve)),
    };
  }
  const PNG = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const label = `x', "y" __BEGINFUNCTION__process.exit(1)__ENDFUNCTION__`;
  const request = {
    title: label,
    curves: [
      { label, series: series('x', [1, 2]) },
      { label: '__BEGINFUNCTION__evil()__ENDFUNCTION__', series: series('x', [1, 2]) },
    ],
  };

  it('gets plain JSON in which no label becomes a function, for Chart.js 4, and its picture is taken', async () => {
    const at = await server((response) => response.end(PNG));
    const { path, width, height } = await at.draw(request);
    await at.close();
    expect(at.asked).toHaveLength(1);
    const [{ chart, ...settings }] = at.asked as [Record<string, unknown>];
    expect(settings).toMatchObject({ version: '4', width, height, devicePixelRatio: 2, format: 'png' });
    const config = JSON.parse(chart as string);
    expect(config).toEqual(
      JSON.parse(JSON.stringify(drawingOf(liveOf(pictureOf(request))).charts[0]!.config)),
    );
    expect(config.data.datasets[1].label).toBe('__BEGINFUNCTION__evil()__ENDFUNCTION__');
    expect((await pixelsOf(path)).width).toBe(1);
  });

  it('is done without when it fails or gives something else, and that is said', async () => {
    for (const answer of ['<html>', undefined]) {
      const at = await server((response) => {
        if (answer === undefined) response.writeHead(500);
        response.end(answer);
      });
      const { path } = await at.draw(request);
      await at.close();
      expect((await pixelsOf(path)).width).toBe(1_440);
      expect(at.trouble).toHaveLength(1);
    }
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
