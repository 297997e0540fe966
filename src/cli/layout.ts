/** A line with two columns: what is typed, and what it does. */
export type Row = readonly [left: string, right: string];
export type Line = string | Row;

/** Of a line of help, columns. */
const WIDTH = 100;
const INDENT = 2;
const GAP = 2;

/** Sections with an empty line between them. Rows are indented, and their right columns stand below each other in each section. */
export function sections(all: readonly (readonly Line[])[]): string {
  return all
    .filter((lines) => lines.length > 0)
    .map(section)
    .join('\n\n');
}

function section(lines: readonly Line[]): string {
  const rows = lines.filter((line) => typeof line !== 'string');
  const column = INDENT + GAP + Math.max(0, ...rows.map(([left]) => left.length));
  return lines
    .map((line) => {
      if (typeof line === 'string') return folded(line, 0);
      const [left, right] = line;
      return folded(`${' '.repeat(INDENT)}${left}`.padEnd(column) + right, column).trimEnd();
    })
    .join('\n');
}

/** A text of ours in lines no longer than a screen; all but the first begin at a column. */
function folded(text: string, column: number): string {
  if (text.length <= WIDTH) return text;
  const cut = text.lastIndexOf(' ', WIDTH);
  if (cut <= column) return text;
  return `${text.slice(0, cut).trimEnd()}\n${folded(' '.repeat(column) + text.slice(cut + 1), column)}`;
}
