import { SHAPES } from './shapes.ts';

/**
 * Input number `index` of `count`, the larger the later it comes: what is valid with pieces cut, doubled and put in, one of
 * the shapes, or noise.
 */
export function inputOf(
  valid: readonly string[],
  index: number,
  count: number,
  largest: number,
  random: () => number,
): string {
  const size = Math.ceil(largest ** ((index + 1) / count));
  const kind = random();
  if (kind < 0.6) return changed(pick(valid, random), size, random);
  if (kind < 0.9) return pick(SHAPES, random).of(size);
  return Array.from({ length: size }, () => String.fromCharCode(unit(random))).join('');
}

function changed(text: string, size: number, random: () => number): string {
  let made = text;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
    const at = Math.floor(random() * (made.length + 1));
    const to = Math.min(made.length, at + Math.floor(random() * 40));
    const change = random();
    if (change < 0.25) made = made.slice(0, at) + made.slice(to);
    else if (change < 0.4) made = made.slice(0, to) + made.slice(at);
    else if (change < 0.5) made = made.slice(0, at);
    else made = made.slice(0, at) + pick(SHAPES, random).of(Math.ceil(size * random())) + made.slice(at);
  }
  return made;
}

function unit(random: () => number): number {
  const kind = random();
  if (kind < 0.6) return Math.floor(random() * 0x80);
  return Math.floor(random() * (kind < 0.8 ? 0x100 : 0x10000));
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}
