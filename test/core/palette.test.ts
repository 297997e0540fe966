import { describe, expect, it } from 'vitest';
import {
  type ColourName,
  CURVE_COLOURS,
  colourIn,
  type Theme,
  TONES_ANYWHERE,
} from '../../src/core/palette.ts';
import { apart, contrast, EYES } from '../colours.ts';

const GROUNDS: readonly ColourName[] = ['ground', 'raised', 'side', 'only'];
/** Discord's and Slack's own, light and dark. */
const GROUNDS_ELSEWHERE = ['#ffffff', '#f8f8f8', '#313338', '#2b2d31', '#1a1d21'];

const weak = (theme: Theme, names: readonly ColourName[], grounds: readonly ColourName[], least: number) =>
  names.flatMap((name) =>
    grounds
      .map((ground) => [name, ground, contrast(colourIn(theme, name), colourIn(theme, ground))] as const)
      .filter(([, , ratio]) => ratio < least),
  );

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it('curves stand out against whatever lies behind them, 3 to 1', () => {
    expect(CURVE_COLOURS).toHaveLength(7);
    expect(weak(theme, CURVE_COLOURS, GROUNDS, 3)).toEqual([]);
  });

  it('tones stand out as marks, 3 to 1, and those that are read as text, 4.5 to 1', () => {
    expect(
      weak(theme, ['neutral', 'active', 'good', 'warning', 'bad', 'accent', 'control'], GROUNDS, 3),
    ).toEqual([]);
    const read: ColourName[] = ['ink', 'soft', 'good', 'warning', 'bad', 'accent'];
    expect(weak(theme, read, ['ground', 'raised', 'side'], 4.5)).toEqual([]);
    expect(weak(theme, ['only-ink', 'ink', 'soft', 'bad'], ['only', 'ground'], 4.5)).toEqual([]);
    expect(weak(theme, ['on-accent'], ['accent' as const], 4.5)).toEqual([]);
  });

  it('curves are told apart by colour alone, by whatever eyes', () => {
    const close = EYES.flatMap((eyes) =>
      CURVE_COLOURS.flatMap((one, index) =>
        CURVE_COLOURS.slice(index + 1).map(
          (other) => [eyes, one, other, apart(colourIn(theme, one), colourIn(theme, other), eyes)] as const,
        ),
      ),
    ).filter(([, , , distance]) => distance < 0.07);
    expect(close).toEqual([]);
  });
});

it.each(['light', 'dark'] as const)(
  'what is busy and what failed is told apart by whatever eyes, in the %s theme',
  (theme) => {
    for (const eyes of EYES)
      expect(apart(colourIn(theme, 'curve-1'), colourIn(theme, 'bad'), eyes), eyes).toBeGreaterThan(0.1);
  },
);

it('tones beside messages elsewhere stand out on light and dark grounds', () => {
  for (const [tone, number] of Object.entries(TONES_ANYWHERE)) {
    const hex = `#${number.toString(16).padStart(6, '0')}`;
    for (const ground of GROUNDS_ELSEWHERE)
      expect(contrast(hex, ground), `${tone} on ${ground}`).toBeGreaterThanOrEqual(3);
  }
});
