/** A session's log as CSV. */
export interface ExperimentCsv {
  /** The canonical CSV, byte for byte as on disk. */
  text(): string;
  /** The same as lines of cells, the columns first: the 22, then those that somebody added. */
  table(): string[][];
  /** Lines of cells in the canonical form. */
  format(lines: readonly (readonly string[])[]): string;
}
