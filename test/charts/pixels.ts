import { readFileSync } from 'node:fs';
import { createCanvas, loadImage } from '@napi-rs/canvas';

export type Colour = readonly [red: number, green: number, blue: number];

/** A drawn picture, pixel by pixel. */
export async function pixelsOf(path: string) {
  const picture = await loadImage(readFileSync(path));
  const { width, height } = picture;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const at = (x: number, y: number): Colour => {
    const index = (y * width + x) * 4;
    return [data[index]!, data[index + 1]!, data[index + 2]!];
  };
  const isNear = (a: Colour, b: Colour) => a.every((part, index) => Math.abs(part - b[index]!) < 14);

  return {
    width,
    height,
    at,
    /** The pixels of a colour within a box: [left, top, right, bottom]. */
    of(
      colour: Colour,
      [left = 0, top = 0, right = width, bottom = height]: readonly number[] = [],
    ): { x: number; y: number }[] {
      const found: { x: number; y: number }[] = [];
      for (let y = top; y < bottom; y += 1)
        for (let x = left; x < right; x += 1) if (isNear(at(x, y), colour)) found.push({ x, y });
      return found;
    },
  };
}

export type Pixels = Awaited<ReturnType<typeof pixelsOf>>;

/** The first two colours of curves, what is good and what is bad, and the ground. */
export const BLUE: Colour = [0x00, 0x72, 0xb2];
export const VERMILLION: Colour = [0xd5, 0x5e, 0x00];
export const GREEN: Colour = [0x1a, 0x7f, 0x4b];
export const RED: Colour = [0xc0, 0x32, 0x2b];
export const CARD: Colour = [0xff, 0xff, 0xff];

/** Where a curve lies at each x: the mean of its pixels there. */
export function curveOf(pixels: readonly { x: number; y: number }[]): Map<number, number> {
  const columns = new Map<number, number[]>();
  for (const { x, y } of pixels) columns.set(x, [...(columns.get(x) ?? []), y]);
  return new Map(
    [...columns]
      .map(([x, ys]) => [x, ys.reduce((sum, y) => sum + y, 0) / ys.length] as const)
      .sort((a, b) => a[0] - b[0]),
  );
}
