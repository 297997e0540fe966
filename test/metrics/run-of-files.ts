import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRunReader, type RunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

/** A table that can be read, whose last loss is 0.25. */
export const TABLE = 'step,loss\n1,0.5\n2,0.25\n';

/** A run folder with these files, and what reads it. */
export function reading(files: Record<string, string | Uint8Array>) {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) put(folder, path, content);
  return { folder, reader: createRunReader(createRunFiles(folder)) };
}

/** Puts a file there, with the folders that lead to it. */
export function put(folder: string, path: string, content: string | Uint8Array): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** What a reader finds now: of each tag its last value, and of what is not read, why. */
export async function found(reader: RunReader) {
  const { series, sources } = await reader.read();
  return {
    values: Object.fromEntries(series.map(({ tag, length, values }) => [tag, values[length - 1]])),
    unread: Object.fromEntries((sources?.unread ?? []).map(({ path, why }) => [path, why])),
  };
}
