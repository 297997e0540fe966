import { type ColourName, colourIn, type Theme } from '../core/palette.ts';

/** Size in CSS pixels; it is drawn at twice that. */
export const CHART_WIDTH = 720;
export const CHART_HEIGHT = 480;
export const PIXEL_RATIO = 2;
/** Slack and Discord show a picture on a phone about this wide, CSS pixels. */
const PHONE_WIDTH = 400;
/** What can be read there. */
const LETTERS_LEAST = 12;
/** Letters of a picture, CSS pixels: those of axes and legends are `LETTERS_LEAST` high on a phone. */
export const LETTERS = Math.ceil((LETTERS_LEAST * CHART_WIDTH) / PHONE_WIDTH);
export const TITLE_LETTERS = 26;
/** Pictures are seen beside the words of chats, whose theme the bot does not know. */
const PICTURE_THEME: Theme = 'light';

/** How wide a letter is beside its height: more would run over the edge. */
const LETTER_WIDTH = 0.56;

/** A colour of the picture. */
export function pictureColour(name: ColourName): string {
  return colourIn(PICTURE_THEME, name);
}

/** The font that comes along has a file for each of these scripts; ideographs are drawn in what the host has. */
export const SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'cyrillic-ext', 'vietnamese'] as const;
export const FAMILIES = SCRIPTS.map((script) => `"${familyOf(script)}"`).join(', ');

/** What the file of a script is called in drawings. */
export function familyOf(script: (typeof SCRIPTS)[number]): string {
  return script === 'latin' ? 'Inter' : `Inter ${script}`;
}

/** Text in the font that comes along; sizes in CSS pixels. */
export function font(size: number, weight: 400 | 600 = 400) {
  return { family: FAMILIES, size, weight };
}

/** How many columns of letters of a size a picture of a width holds. */
export function columnsIn(width: number, size: number): number {
  return Math.floor(width / (size * LETTER_WIDTH));
}
