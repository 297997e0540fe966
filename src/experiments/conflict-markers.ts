const MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?![<|=>])/;

/** A line that version control has left in a file: it is nobody's text. */
export function isConflictMarker(line: string): boolean {
  return MARKER.test(line);
}

/**
 * The texts that a merge has left in one: the side of `<<<<<<<` and that of `=======`, each whole, so that a cell of
 * several lines stays one where only some of its lines differ. The common ancestor of `|||||||` is neither's. One text
 * where there are no whole conflicts; a marker that stands alone is left in it.
 */
export function sidesOf(text: string): readonly string[] {
  if (!/^<{7}/m.test(text) || !/^>{7}/m.test(text)) return [text];
  const lines = text.split(/(?<=\n)|(?<=\r)(?!\n)/);
  const sides: [string[], string[]] = [[], []];
  let conflict: { ours: string[]; theirs: string[]; lines: string[]; at: '<' | '|' | '=' } | null = null;
  let isFound = false;
  const giveBack = () => {
    for (const side of sides) side.push(...(conflict?.lines ?? []));
    conflict = null;
  };
  for (const line of lines) {
    const marker = isConflictMarker(line) ? line[0] : undefined;
    if (marker === '<') {
      giveBack();
      conflict = { ours: [], theirs: [], lines: [line], at: '<' };
    } else if (!conflict) for (const side of sides) side.push(line);
    else if (marker === '>' && conflict.at === '=') {
      sides[0].push(...conflict.ours);
      sides[1].push(...conflict.theirs);
      conflict = null;
      isFound = true;
    } else {
      conflict.lines.push(line);
      if (marker === '|' || (marker === '=' && conflict.at !== '=')) conflict.at = marker;
      else if (conflict.at !== '|') conflict[conflict.at === '<' ? 'ours' : 'theirs'].push(line);
    }
  }
  giveBack();
  return isFound ? sides.map((side) => side.join('')) : [text];
}
