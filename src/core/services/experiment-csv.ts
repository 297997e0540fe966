import type { Slices } from '../slices.ts';

/** A session's log as CSV. */
export interface ExperimentCsv {
  /** The canonical CSV, byte for byte as on disk. */
  text(): string;
  /** The same as rows of cells, the header first: the 22 columns, then added ones. */
  table(): Slices<string[][]>;
  /** Lines of cells in the canonical form. */
  format(lines: readonly (readonly string[])[]): string;
}
