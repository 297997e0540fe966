import type { Line, Piece, Style } from './styled.ts';

/** How many bits of colour a terminal has: none, the sixteen that it names, or 256. */
export type Depth = 0 | 4 | 8;

/**
 * Colours of the 256 (xterm's cube) that are told from white, black and the usual dark and light grounds by 3:1 at least
 * (WCAG 2.2, 1.4.11; test/terminal/colours.test.ts), since nobody says which ground it is.
 */
export const COLOURS = { quiet: 244, active: 32, good: 28, warning: 166, bad: 196 } as const;
/** The same of the sixteen, whose shades are the terminal's own: blue and yellow are legible on one ground alone, so that what runs is bold. */
const NAMED = { quiet: null, active: 1, good: 32, warning: 35, bad: 31 } as const;
const BOLD = '1';

/**
 * What the environment and the stream say of colours: none into a file or a pipe, on a dumb terminal, or with NO_COLOR
 * (no-color.org); FORCE_COLOR, as in Node, goes before all: 0 is none, 2 and 3 are 256.
 */
export function colourDepth({ isTTY }: { isTTY?: boolean }, env: NodeJS.ProcessEnv): Depth {
  const { FORCE_COLOR: forced, NO_COLOR: no, TERM: term = '', COLORTERM: more = '' } = env;
  const usual: Depth = /256|kitty|alacritty|direct/.test(term) || /^(truecolor|24bit)$/.test(more) ? 8 : 4;
  if (forced !== undefined) {
    if (forced === '0' || forced === 'false') return 0;
    return forced === '2' || forced === '3' ? 8 : usual;
  }
  return !isTTY || no || term === 'dumb' ? 0 : usual;
}

/** A line with its colours. `guard` is what makes a piece's text harmless: no sequence but those that are written here comes out. */
export function painted(line: Line, depth: Depth, guard: (text: string) => string): string {
  const pieces: Piece[] = [];
  for (const { text, style } of line) {
    const last = pieces.at(-1);
    if (last && last.style === style) last.text += text;
    else pieces.push({ text, style });
  }
  return pieces.map((piece) => paintedPiece(piece, depth, guard)).join('');
}

function paintedPiece({ text, style }: Piece, depth: Depth, guard: (text: string) => string): string {
  const safe = guard(text);
  const words = safe.trimEnd();
  const codes = depth === 0 || style === undefined || words === '' ? null : codesOf(style, depth);
  return codes === null ? safe : `\u001b[${codes}m${words}\u001b[0m${safe.slice(words.length)}`;
}

/** The parameters of SGR (ECMA-48, 8.3.117); null: as it is. */
function codesOf(style: Style, depth: 4 | 8): string | null {
  if (style === 'strong' || style === 'name') return BOLD;
  const colour = depth === 8 ? `38;5;${COLOURS[style]}` : NAMED[style]?.toString();
  if (colour === undefined) return null;
  return style === 'bad' ? `${BOLD};${colour}` : colour;
}
