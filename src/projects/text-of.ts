import { readRegularSync } from '../files/regular.ts';

/** More than people write into a file of a project. */
const MAX_BYTES = 1_048_576;

/** The text of a file that people write; empty where it cannot be read, or is none that anybody wrote. */
export function textOf(path: string): string {
  try {
    return readRegularSync(path, MAX_BYTES).toString('utf8');
  } catch {
    return '';
  }
}
