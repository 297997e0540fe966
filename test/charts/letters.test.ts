import { readFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { drawingOf } from '../../src/charts/drawing.ts';
import { liveOf } from '../../src/charts/live.ts';
import { pictureOf } from '../../src/charts/picture.ts';
import { createPictures } from '../../src/charts/pictures.ts';
import { createChartService } from '../../src/charts/service.ts';
import type { ChartRequest } from '../../src/core/metrics.ts';
import { createFileStore } from '../../src/store/files.ts';
import { temporaryFolder } from '../helpers.ts';
import { line, series } from '../series.ts';

/** Slack and Discord on a phone, CSS pixels; and the height of a digit beside that of its letters in Inter. */
const PHONE = 400;
const LETTERS = 12;
const DIGIT_HEIGHT = 0.727;

const falling = (tag: string, count: number) =>
  series(
    tag,
    line(count, (index) => 8 - (4 * index) / count),
  );
const curves = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    label: `job-${index} lr=1e-${index}`,
    series: falling('value/loss', 100),
  }));
const kinds: Record<string, ChartRequest> = {
  curve: { title: 'job-1 value/loss', subtitle: 'vs the best', curves: curves(1) },
  'seven curves': { title: 'value/loss', curves: curves(7) },
  panels: { kind: 'panels', title: 'job-1', panels: ['a', 'b', 'c'].map((tag) => falling(tag, 100)) },
  scoreboard: {
    ...{ kind: 'scoreboard', title: 'study', metric: 'loss', mode: 'min' },
    entries: [
      { label: 'exp-1', value: 1, status: 'completed', task: 'a' },
      { label: 'exp-2', value: null, status: 'failed', task: 'b' },
    ],
  },
  usage: {
    kind: 'usage',
    title: 'gpu1',
    days: ['Mon 16', 'Tue 17'].map((label) => ({
      label,
      busyHours: 3,
      failedHours: 1,
      idleHours: 20,
      jobs: 2,
    })),
  },
};

/** Every size of letters that a drawing names. */
function sizesIn(value: unknown): number[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'font' && part?.size !== undefined ? [part.size as number] : sizesIn(part),
  );
}

describe('letters on a phone', () => {
  it.each(Object.keys(kinds))('of a picture of %s are 12 px high at 400 px', (kind) => {
    const drawing = drawingOf(liveOf(pictureOf(kinds[kind]!)));
    const sizes = sizesIn(drawing.charts);
    expect(sizes.length).toBeGreaterThanOrEqual(7 * drawing.charts.length);
    expect((Math.min(...sizes) * PHONE) / drawing.width).toBeGreaterThanOrEqual(LETTERS);
    for (const { config } of drawing.charts) {
      const { scales, plugins } = config.options!;
      for (const scale of Object.values(scales!)) expect(sizesIn(scale)).toHaveLength(2);
      for (const part of [plugins!.title, plugins!.subtitle, plugins!.legend!.labels])
        expect(sizesIn(part)).toHaveLength(1);
    }
  });

  it('are drawn so: the digits beneath the axis, measured in the PNG', async () => {
    const files = createFileStore(temporaryFolder());
    const charts = createChartService({ files });
    const pictures = createPictures({ files, env: { PATH: process.env.PATH }, compileCache: undefined });
    const { image } = await charts.draw({ title: 'x', curves: [{ label: 'a', series: falling('x', 30) }] });
    const picture = await loadImage(readFileSync((await pictures.fileAt(image))!));
    const context = createCanvas(picture.width, picture.height).getContext('2d');
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const isInk = (x: number, y: number) => data[(y * picture.width + x) * 4]! < 150;
    // From below: the name of the axis, then its numbers, right of the numbers that go up.
    const inked = Array.from({ length: picture.height }, (_, y) => {
      for (let x = 140; x < picture.width; x += 1) if (isInk(x, y)) return true;
      return false;
    });
    const heights: number[] = [];
    for (let y = picture.height - 1, height = 0; y > picture.height * 0.7; y -= 1) {
      if (inked[y]) height += 1;
      else if (height > 0) {
        heights.push(height);
        height = 0;
      }
    }
    const [, digits] = heights;
    const shown = ((digits! / DIGIT_HEIGHT) * PHONE) / picture.width;
    expect(shown).toBeGreaterThanOrEqual(LETTERS - 0.3);
    expect(shown).toBeLessThan(LETTERS + 2);
  });
});
