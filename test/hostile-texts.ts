import { maskSecrets } from '../src/core/secrets.ts';
import { seededRandom } from '../src/queue/simulated/random.ts';
import { MARKUP } from './hostile-markup.ts';

/** A generator of whole numbers below `most`, the same for a seed. */
export function random(seed: number) {
  const next = seededRandom(seed);
  return (most: number): number => Math.floor(next() * most);
}
export type Random = ReturnType<typeof random>;

export function pick<T>(next: Random, all: readonly T[]): T {
  return all[next(all.length)]!;
}

const WORDS = [
  'loss',
  '0.25',
  'lr=3e-4',
  'snake_case_name',
  'value/loss',
  'a',
  '2 * 3 * 4',
  '#4',
  '-5',
  'x < y > z',
];
/** Lengths at which some platform cuts, characters. */
const LIMITS = [
  24, 44, 45, 60, 64, 70, 75, 80, 90, 100, 110, 150, 250, 255, 256, 300, 500, 600, 700, 1_000, 1_200, 1_500,
  2_000, 2_400, 3_000, 4_000,
];

export interface HostileText {
  text: string;
  /** A word of it that acts nowhere, with which it begins: whoever is shown the text sees it. */
  mark: string;
}

/**
 * So many texts that people, logs, files and servers may hold: each begins with a word of its own, behind which the markup of
 * several places is mixed, nested, repeated, or put right where some platform cuts. None holds what is taken for a secret.
 */
export function hostileTexts(seed: number, count: number): HostileText[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, index) => {
    const mark = `w${index}q`;
    for (;;) {
      const begins = next(3) === 0 ? '' : pick(next, [' ', '', '\n', ': ', '-']);
      // A third of them begin with what acts; it then stands before the word.
      const body = bodyOf(next);
      const text = next(3) === 0 ? `${body.slice(0, 40)}${mark}${begins}${body}` : `${mark}${begins}${body}`;
      if (maskSecrets(`${text}: ${text}`) === `${text}: ${text}`) return { mark, text };
    }
  });
}

function piece(next: Random): string {
  return next(4) === 0 ? pick(next, WORDS) : pick(next, pick(next, MARKUP));
}

function bodyOf(next: Random): string {
  switch (next(6)) {
    case 0:
      return piece(next);
    case 1: {
      const [outer, inner] = [piece(next), piece(next)];
      const at = next(outer.length + 1);
      return `${outer.slice(0, at)}${inner}${outer.slice(at)}`;
    }
    case 2: {
      const limit = pick(next, LIMITS);
      const held = piece(next);
      const before = Math.max(0, limit - 8 - next(held.length + 4));
      return `${filler(next, before)}${held}${piece(next)} ${filler(next, next(200))}`;
    }
    case 3:
      return piece(next).repeat(1 + next(40));
    case 4:
      return `${pick(next, ['**', '__', '`', '||', '~~', '[', '<', '"', '> ', '\\'])}${piece(next)}${pick(next, ['**', '__', '`', '||', '~~', '](x)', '>', '"', '\\'])}`;
    default:
      return Array.from({ length: 1 + next(6) }, () => piece(next)).join(
        pick(next, ['', '', ' ', '\n', ', ']),
      );
  }
}

/** Words of so many characters. */
function filler(next: Random, length: number): string {
  let text = '';
  while (text.length < length)
    text += pick(next, ['loss ', 'a ', 'é', '日本', '👩‍🔬', 'e\u0301', '12.5 ', '\n']);
  return text.slice(0, length);
}
