import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { curvesChart } from '../../src/charts/curves.ts';
import { createPictures } from '../../src/charts/pictures.ts';
import { createChartService } from '../../src/charts/service.ts';
import { altText } from '../../src/charts/summary.ts';
import { clipped } from '../../src/charts/words.ts';
import { decimate } from '../../src/core/decimate.ts';
import type { FileRef } from '../../src/core/message.ts';
import { createFileStore } from '../../src/store/files.ts';
import { temporaryFolder } from '../helpers.ts';
import { series } from '../series.ts';

describe('what a chart shows', () => {
  it('keeps every peak when neighbours share a pixel', () => {
    const values = Array.from({ length: 50_000 }, () => 1);
    values[31_337] = 99;
    values[42_000] = -7;
    const drawn = decimate(
      values.map((_, index) => index),
      values,
      values.length,
      600,
    );
    expect(drawn.length).toBeLessThan(1_300);
    expect(drawn).toContainEqual({ x: 31_337, y: 99 });
    expect(drawn).toContainEqual({ x: 42_000, y: -7 });
    expect(drawn.map(({ x }) => x)).toEqual(drawn.map(({ x }) => x).toSorted((a, b) => a - b));
  });

  it('breaks the line where something that is no number was logged, and says how often', () => {
    const chart = curvesChart({
      title: 't',
      curves: [{ label: 'a', series: series('loss', [1, Number.NaN, 3, Number.POSITIVE_INFINITY]) }],
    });
    expect(chart.datasets[0]!.data).toEqual([
      { x: 0, y: 1 },
      { x: 10, y: null },
      { x: 20, y: 3 },
      { x: 30, y: null },
    ]);
    expect(chart.notes).toEqual(['× 2 NaN or infinite']);
  });

  it('uses a log scale only where all values are positive and span more than two powers of ten', () => {
    const scaleOf = (values: number[]) =>
      (
        curvesChart({ title: 't', curves: [{ label: 'a', series: series('loss', values) }] }).options.scales
          .y as { type: string }
      ).type;
    expect(scaleOf([1000, 1, 0.1])).toBe('logarithmic');
    expect(scaleOf([10, 1, 0.5])).toBe('linear');
    expect(scaleOf([1000, 0, 0.1])).toBe('linear');
  });

  it('has room for a title and labels of ideographs, which are twice as wide as letters', () => {
    expect(clipped('a'.repeat(70), 70)).toBe('a'.repeat(70));
    expect(clipped('日'.repeat(35), 70)).toBe('日'.repeat(35));
    expect(clipped('日'.repeat(36), 70)).toBe(`${'日'.repeat(34)}…`);
    expect(clipped('loss 日本', 8)).toBe('loss 日…');
  });

  it('is said in words too', () => {
    const words = altText({
      title: 'job-0000001 loss',
      curves: [{ label: 'a', series: series('loss', [4, 2, 1]) }],
    });
    expect(words).toBe(
      'Chart of job-0000001 loss. a: 3 points over steps 0 to 20, first 4, last 1, lowest 1 at step 20, highest 4 at step 0, falling.',
    );
    const long = series(
      'loss',
      Array.from({ length: 1_200 }, (_, index) => 1_200 - index),
    );
    expect(altText({ title: 'x', curves: [{ label: 'a', series: long }] })).toMatch(
      /a: 1,200 points over steps 0 to 11,990, .* lowest 1 at step 11,990,/,
    );
  });
});

describe('the drawn picture', () => {
  const files = createFileStore(temporaryFolder());
  const charts = createChartService({ files });
  const pictures = createPictures({ files, env: { PATH: process.env.PATH }, compileCache: undefined });

  it('has the curve where the data says, and text in a font that came along', async () => {
    const falling = series(
      'value/loss',
      Array.from({ length: 50 }, (_, index) => 10 - index / 5),
    );
    const { image, width, height } = await charts.draw({
      title: '🕒 job-0000001',
      curves: [{ label: 'a', series: falling }],
    });
    const picture = await loadImage(readFileSync((await pictures.fileAt(image))!));
    expect([picture.width, picture.height]).toEqual([width * 2, height * 2]);
    const context = createCanvas(picture.width, picture.height).getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const at = (x: number, y: number) => (y * picture.width + x) * 4;
    const curve = new Map<number, number>();
    let ink = 0;
    for (let y = 0; y < picture.height; y += 1) {
      for (let x = 0; x < picture.width; x += 1) {
        const [red, green, blue] = [data[at(x, y)]!, data[at(x, y) + 1]!, data[at(x, y) + 2]!];
        if (red < 20 && Math.abs(green - 0x72) < 12 && Math.abs(blue - 0xb2) < 12) curve.set(x, y);
        if (y < 80 && x < 500 && red + green + blue < 200) ink += 1;
      }
    }
    const columns = [...curve.keys()].sort((a, b) => a - b);
    const [first, last] = [columns[20]!, columns.at(-20)!];
    expect(last - first).toBeGreaterThan(picture.width * 0.7);
    expect(curve.get(last)! - curve.get(first)!).toBeGreaterThan(picture.height * 0.5);
    expect(ink).toBeGreaterThan(500);
  });

  it('is drawn when somebody asks for its file, once while it is there', async () => {
    const store = createFileStore(temporaryFolder());
    let saved = 0;
    const files = {
      ...store,
      keep(ref: FileRef, bytes: Uint8Array) {
        saved += 1;
        return store.keep(ref, bytes);
      },
    };
    const charts = createChartService({ files: store });
    const pictures = createPictures({ files, env: process.env, compileCache: undefined });
    const request = { title: 'again', curves: [{ label: 'a', series: series('a', [3, 2, 1]) }] };
    const chart = await charts.draw(request);
    expect(await charts.draw(request)).toEqual(chart);
    const path = store.pathOf(chart.image)!;
    expect([existsSync(path), saved]).toEqual([false, 0]);
    expect(await Promise.all([1, 2].map(() => pictures.fileAt(chart.image)))).toEqual([path, path]);
    expect([existsSync(path), saved]).toEqual([true, 1]);
    rmSync(path);
    await pictures.fileAt(chart.image);
    expect(saved).toBe(2);
    expect((await charts.draw({ ...request, title: 'other' })).image).not.toEqual(chart.image);
    rmSync(store.pathOf(chart.live)!);
    rmSync(path);
    await pictures.fileAt(chart.image);
    expect([existsSync(path), saved]).toEqual([false, 2]);
  });

  it('is made one after the other, and a failure does not hold up the next', async () => {
    const files = createFileStore(temporaryFolder());
    const broken = createPictures({ files, env: { PATH: '' }, compileCache: undefined });
    const curves = [{ label: 'a', series: series('x', [1, 2]) }];
    const [bad, good] = await Promise.all(
      ['a', 'b'].map((title) => createChartService({ files }).draw({ title, curves })),
    );
    writeFileSync(files.pathOf(bad!.live)!, 'no JSON');
    const [first, second] = await Promise.allSettled([broken.fileAt(bad!.image), broken.fileAt(good!.image)]);
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'chart' } });
    expect(second.status).toBe('fulfilled');
  });
});
