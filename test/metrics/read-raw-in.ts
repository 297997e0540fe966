import { readRaw } from '../../src/metrics/raw.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';

/** What stands in a folder, for a process of another user. */
export const readRawIn = (folder: string) => readRaw(createRunFiles(folder));
