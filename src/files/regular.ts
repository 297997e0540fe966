import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** A named pipe in the place of a file would wait for a writer, and everything else with it. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** Opens a file for reading; rejects, as with what cannot be opened, for what is there and is none. */
export async function openRegular(path: string, flags = 0): Promise<FileHandle> {
  const file = await open(path, FLAGS | flags);
  try {
    mustBeFile(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Reads a whole file of at most so many bytes; throws, as for what cannot be read, for a larger one and what is none. */
export function readRegularSync(path: string, maxBytes: number): Buffer {
  const file = openSync(path, FLAGS);
  try {
    const found = fstatSync(file);
    mustBeFile(path, found);
    if (found.size > maxBytes)
      throw new Error(`${path} has ${found.size} bytes; at most ${maxBytes} are accepted`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function mustBeFile(path: string, found: Stats): void {
  if (!found.isFile()) throw new Error(`${path} is no file`);
}
