/** A cell of a table, as Markdown. */
export type Cell = string;

/** A table; what would end a cell is written so that it does not. */
export function table(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) =>
    `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Words as they are typed, within a line. */
export function code(words: string): string {
  return `\`${words}\``;
}

/** Lines of code: a form to fill in, or what can be typed as it stands. */
export function codeBlock(language: 'usage' | 'chat' | 'sh', lines: readonly string[]): string {
  return [`\`\`\`${language}`, ...lines, '```'].join('\n');
}
