import type { Slices } from '../core/slices.ts';

/** A line with its end. */
const LINE = /[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g;
const MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?![<|=>])/;
/** So deep a merge may stand in a side of another; each level doubles the texts. Deeper ones are left as they stand. */
const DEEPEST = 3;

/** A merge's two sides, each a text in which there may be merges again. */
interface Conflict {
  ours: Part[];
  theirs: Part[];
}
type Part = string | Conflict;

/** A line that version control has left in a file: it is nobody's text. */
export function isConflictMarker(line: string): boolean {
  return MARKER.test(line);
}

/** Whether a text of whole lines has one on which a merge may begin. */
export function beginsConflict(text: string): boolean {
  return /^<{7}/m.test(text);
}

/**
 * The texts that a merge has left in one: the side of `<<<<<<<` and that of `=======`, each whole, so that a cell of
 * several lines stays one where only some of its lines differ; more than two where a merge stands in a side of another.
 * The common ancestor of `|||||||` is neither's. One text where there are no whole conflicts; a marker that stands alone
 * is left in it.
 */
export function* sidesOf(text: string): Slices<readonly string[]> {
  if (!beginsConflict(text) || !/^>{7}/m.test(text)) return [text];
  const lines: string[] = [];
  for (const [line] of text.matchAll(LINE)) {
    lines.push(line);
    yield;
  }
  const parts = yield* partsOf(lines, yield* wholeConflicts(lines));
  return parts ? yield* sidesOfParts(parts) : [text];
}

/** The lines on which whole conflicts begin, with those on which their second sides begin and on which they end. */
function* wholeConflicts(lines: readonly string[]): Slices<Map<number, { middle: number; end: number }>> {
  const whole = new Map<number, { middle: number; end: number }>();
  const open: { start: number; middle: number | null }[] = [];
  for (const [index, line] of lines.entries()) {
    const marker = isConflictMarker(line) ? line[0] : undefined;
    const inner = open.at(-1);
    if (marker === '<') open.push({ start: index, middle: null });
    else if (marker === '=' && inner) inner.middle ??= index;
    else if (marker === '>' && inner && inner.middle !== null) {
      whole.set(inner.start, { middle: inner.middle, end: index });
      open.pop();
    }
    yield;
  }
  return whole;
}

/** undefined where merges stand too deep in one another. */
function* partsOf(
  lines: readonly string[],
  whole: ReadonlyMap<number, { middle: number; end: number }>,
): Slices<Part[] | undefined> {
  const top: Part[] = [];
  const open: { conflict: Conflict; into: Part[] | null; middle: number; end: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const inner = open.at(-1);
    const begins = whole.get(index);
    const into = inner ? inner.into : top;
    if (begins && open.length === DEEPEST) return undefined;
    if (begins) {
      const conflict: Conflict = { ours: [], theirs: [] };
      into?.push(conflict);
      open.push({ conflict, into: conflict.ours, ...begins });
    } else if (index === inner?.middle) inner.into = inner.conflict.theirs;
    else if (index === inner?.end) open.pop();
    else if (inner && index < inner.middle && isConflictMarker(line) && line[0] === '|') inner.into = null;
    else into?.push(line);
    yield;
  }
  return top;
}

/** Every whole text: one for each side of what is merged most often; what is merged less has its last side in the others. */
function* sidesOfParts(parts: readonly Part[]): Slices<string[]> {
  const all: string[][] = [];
  for (const part of parts) {
    all.push(
      typeof part === 'string'
        ? [part]
        : [...(yield* sidesOfParts(part.ours)), ...(yield* sidesOfParts(part.theirs))],
    );
    yield;
  }
  const count = all.reduce((most, { length }) => Math.max(most, length), 1);
  const texts: string[] = [];
  for (let index = 0; index < count; index += 1) {
    let text = '';
    for (const sides of all) {
      text += sides[index] ?? sides.at(-1)!;
      yield;
    }
    texts.push(text);
  }
  return texts;
}
