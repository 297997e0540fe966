import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { ELSEWHERE, FOLDERS, merged } from './elsewhere.ts';

const right = JSON.parse(readFileSync(join(ELSEWHERE, 'merged.json'), 'utf8')) as Record<string, unknown>;

describe('a run folder as another training stack left it, as one run', () => {
  it.each(FOLDERS)('%s: its curves, settings, progress and objective', async (folder) => {
    expect(await merged(createRunReader(createRunFiles(join(ELSEWHERE, folder))))).toEqual(right[folder]);
  });
});
