export type Theme = 'light' | 'dark';

/**
 * Every colour that is drawn, in a light and a dark theme: of the page, of the answers in it and of charts. A name stands for what
 * it is used for, and is a custom property of the page (`--curve-1`). test/core/palette.test.ts holds the contrasts.
 */
export const PALETTE = {
  // What lies behind: of the page, of cards, of the list of channels, of what only one reader sees.
  ground: ['#ffffff', '#15191f'],
  raised: ['#f7f8fa', '#1c2128'],
  side: ['#f1f3f6', '#11151a'],
  only: ['#f4f1ff', '#211d33'],
  // Text, and lines between things.
  ink: ['#1a212b', '#e4e8ee'],
  soft: ['#56606e', '#9ba6b4'],
  'only-ink': ['#5b3fb0', '#b9a7ff'],
  line: ['#dfe3e9', '#2c343e'],
  // What can be pressed or written in; `control` is its edge.
  control: ['#7d8796', '#75808f'],
  accent: ['#2457c5', '#7aa5ff'],
  'on-accent': ['#ffffff', '#0d1420'],
  // How something is, the same beside a card, in a table and in a chart.
  neutral: ['#7a8594', '#778392'],
  active: ['#2457c5', '#7aa5ff'],
  good: ['#1a7f4b', '#4cc38a'],
  warning: ['#a35b00', '#e5a13d'],
  bad: ['#c0322b', '#ff7b72'],
  // Curves: as far apart as they can be for those who see no red, no green or no blue, from Okabe and Ito's on.
  'curve-1': ['#0072b2', '#1d88f0'],
  'curve-2': ['#d55e00', '#e86703'],
  'curve-3': ['#009e73', '#78cb9f'],
  'curve-4': ['#a64df8', '#c7a8fe'],
  'curve-5': ['#594b00', '#f5d523'],
  'curve-6': ['#74295c', '#c56993'],
  'curve-7': ['#1a212b', '#e4e8ee'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type ColourName = keyof typeof PALETTE;

/** The colours of curves, in the order in which they are given out. */
export const CURVE_COLOURS = Object.keys(PALETTE).filter((name) =>
  name.startsWith('curve-'),
) as readonly ColourName[];

/** `#rrggbb` of a name in a theme. */
export function colourIn(theme: Theme, name: ColourName): string {
  return PALETTE[name][theme === 'light' ? 0 : 1];
}

/** Beside a message on somebody else's ground, light or dark as its reader has it: 0xrrggbb, in between. */
export const TONES_ANYWHERE = {
  neutral: 0x858b95,
  active: 0x3d7ff0,
  good: 0x2a9a58,
  warning: 0xc47f00,
  bad: 0xe5484d,
} as const;
