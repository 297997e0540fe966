import type { ChartOptions } from 'chart.js';
import { ended, widthOf } from '../core/columns.ts';
import { legible } from '../core/unseen.ts';

/** Size in CSS pixels; it is drawn at twice that. */
export const CHART_WIDTH = 720;
export const CHART_HEIGHT = 405;
export const PIXEL_RATIO = 2;

/** Okabe and Ito's palette, told apart by colour-blind readers; the darkest that read well on the card first. */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;
/** Curves differ by their strokes too. */
const DASHES: readonly number[][] = [[], [9, 4], [3, 3], [12, 3, 3, 3], [6, 6], [2, 5], [14, 6]];
export const GOOD = '#0072b2';
export const BAD = '#d55e00';
export const QUIET = '#7a8594';
export const CARD = '#fbfcfd';
const INK = '#1f2733';
const FAINT_INK = '#5b6675';
const GRID = '#e3e7ec';

/** Columns of a legend's entry: more would run over the picture's edge. */
const LABEL_MAX = 64;
const TITLE_MAX = 70;
const SUBTITLE_MAX = 110;
/** A point in a legend, CSS pixels. */
const LEGEND_POINT = 9;

export function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

export function dashOf(index: number): number[] {
  return [...DASHES[index % DASHES.length]!];
}

/** Text in the font that comes along; sizes in CSS pixels, none below what a phone shows legibly. */
export function font(size: number, weight: 400 | 600 = 400) {
  return { family: 'Inter', size, weight };
}

/** Title above, notes below it, legend below the picture: the same for every kind of chart. */
export function framed(given: {
  title: string;
  notes?: readonly (string | undefined)[];
  /** What stands beside a name: each dataset's own point, or its line with colour and dashes. */
  legend: 'none' | 'points' | 'lines';
  small?: boolean;
}): NonNullable<ChartOptions<'line'>['plugins']> {
  const notes = (given.notes ?? []).filter((text) => text !== undefined && text !== '');
  return {
    title: {
      display: true,
      text: clipped(drawable(given.title), TITLE_MAX),
      align: 'start',
      color: INK,
      font: font(given.small ? 14 : 20, 600),
      padding: { top: 4, bottom: notes.length > 0 ? 2 : given.small ? 6 : 14 },
    },
    subtitle: {
      display: notes.length > 0,
      text: clipped(notes.map((note) => drawable(note!)).join(' · '), SUBTITLE_MAX),
      align: 'start',
      color: FAINT_INK,
      font: font(given.small ? 12 : 14),
      padding: { bottom: given.small ? 6 : 12 },
    },
    legend: {
      display: given.legend !== 'none',
      position: 'bottom',
      labels: {
        color: INK,
        font: font(14),
        usePointStyle: true,
        // A width of its own would make an ellipse of a point.
        ...(given.legend === 'lines'
          ? { pointStyle: 'line', pointStyleWidth: 28, boxHeight: 7 }
          : { boxHeight: LEGEND_POINT }),
      },
    },
  };
}

/** What all charts share beside their data: nothing moves, and nothing is a function, so that it is plain JSON. */
export function fixed(small = false) {
  return {
    animation: false,
    responsive: false,
    devicePixelRatio: PIXEL_RATIO,
    layout: { padding: small ? 6 : { top: 8, right: 24, bottom: 8, left: 8 } },
    font: { family: 'Inter' },
  } as const;
}

/** An axis with a name. */
export function axis(name: string, small = false) {
  return {
    title: {
      display: name !== '',
      text: clipped(drawable(name), LABEL_MAX),
      color: FAINT_INK,
      font: font(small ? 12 : 14),
    },
    ticks: { color: FAINT_INK, font: font(small ? 12 : 14), maxTicksLimit: small ? 5 : 8, maxRotation: 0 },
    grid: { color: GRID },
    border: { color: GRID },
  };
}

export function legendLabel(text: string): string {
  return clipped(drawable(text), LABEL_MAX);
}

/** Text as the shipped font can draw it: tags hold emoji, which would come out as boxes. */
export function drawable(text: string): string {
  return legible(text)
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Variation_Selector}|\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A text of at most so many columns: an ideograph is as wide as two letters. */
export function clipped(text: string, most: number): string {
  return widthOf(text) <= most ? text : ended(text, most - 1);
}
