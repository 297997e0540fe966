import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/core/job.ts';
import { findPlace } from '../../src/metrics/find-place.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { ELSEWHERE, FOLDERS, merged } from './elsewhere.ts';

type Merged = Awaited<ReturnType<typeof merged>>;
const right = JSON.parse(readFileSync(join(ELSEWHERE, 'merged.json'), 'utf8')) as Record<string, Merged>;
const WITH_CURVES = FOLDERS.filter((folder) => Object.keys(right[folder]!.curves).length > 0);

describe('a run as another stack left it, where its job was told to write', () => {
  it.each(WITH_CURVES)('%s: is found so that all of it is read, its settings too', async (folder) => {
    const project = temporaryFolder();
    cpSync(join(ELSEWHERE, folder), join(project, 'out'), { recursive: true });
    const found = await findPlace(
      { runDir: join(project, 'runs', 'run_1') } as Job,
      {
        ...{ workingFolders: [project], pattern: null, lines: [], ranMs: 60_000 },
        ...{ settings: { output_dir: 'out' }, since: 0, until: null },
        isOthers: async () => false,
      },
      createRunFiles,
    );
    if (!found || !('place' in found)) throw new Error(`${folder}: ${JSON.stringify(found)}`);
    const { curves, settings, progress } = await merged(createRunReader(createRunFiles(found.place.folder)));
    const { curves: all, settings: told, progress: far } = right[folder]!;
    expect({ curves, settings, progress }).toEqual({ curves: all, settings: told, progress: far });
  });
});
