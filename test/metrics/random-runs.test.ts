import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRaw } from '../../src/metrics/raw.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { run } from '../../src/processes/run.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';
import { writeRandomRun, writeRestartedRun, writeScatteredRun } from './random-run.ts';

/** Two hundred runs take a minute on a quiet machine. */
const PATIENCE_MS = 600_000;

type Found = Record<string, [points: number, sha256: string]>;

type Write = (folder: string, seed: number) => void;

/** What a script printed for these seeds, with the folder's name for the seed. */
const recorded = (name: string) =>
  JSON.parse(readFileSync(join(FIXTURES, '../metrics', name), 'utf8')) as Record<string, Found>;
const SETS = [
  {
    what: "random runs, beside TensorBoard's own reader",
    write: writeRandomRun,
    read: readAsOne,
    reference: join(FIXTURES, '../metrics/read_scalars.py'),
    expected: recorded('random.json'),
    unseen: 50,
  },
  {
    what: "random event files in folders of any name, each as it stands, beside TensorBoard's own reader",
    write: writeScatteredRun,
    read: readAsItStands,
    reference: join(FIXTURES, '../metrics/read_files.py'),
    expected: recorded('random-files.json'),
    unseen: 200,
  },
  {
    what: "runs whose steps begin again, beside TensorBoard's data server",
    write: writeRestartedRun,
    read: readAsOne,
    reference: join(FIXTURES, '../metrics/read_server.py'),
    expected: recorded('restarts.json'),
    unseen: 50,
  },
];

function written(write: Write, seed: number): { folder: string; events: string } {
  const folder = temporaryFolder();
  const events = join(folder, 'tensorboard', 'light');
  write(events, seed);
  return { folder, events };
}

async function readAsOne(run: string): Promise<Found> {
  const { series } = await createRunReader(createRunFiles(run)).read();
  return Object.fromEntries(
    series.map(({ tag, length, steps, wallTimes, values }) => {
      const packed = new DataView(new ArrayBuffer(length * 24));
      for (let index = 0; index < length; index += 1)
        for (const [place, column] of [steps, wallTimes, values].entries())
          packed.setFloat64(index * 24 + place * 8, column[index]!, true);
      return [tag, [length, digest(packed)]];
    }),
  );
}

/** Of each file and tag how many points there are, and the digest of the first and the last one, step and value. */
async function readAsItStands(run: string): Promise<Found> {
  const { series } = await readRaw(createRunFiles(join(run, 'tensorboard', 'light')));
  return Object.fromEntries(
    series.map(({ file, tag, points, first, last }) => {
      const packed = new DataView(new ArrayBuffer(32));
      for (const [place, value] of [...first, ...last].entries()) packed.setFloat64(place * 8, value, true);
      return [`${file} ${tag}`, [points, digest(packed)]];
    }),
  );
}

function digest(packed: DataView): string {
  return createHash('sha256').update(packed).digest('hex');
}

describe.each(SETS)('$what', ({ write, read, reference, expected, unseen }) => {
  it('are read point for point as it did', async () => {
    expect(Object.keys(expected).length).toBe(20);
    for (const [seed, found] of Object.entries(expected))
      expect(await read(written(write, Number(seed)).folder), `seed ${seed}`).toEqual(found);
  });

  // TENSORBOARD_PYTHON: a Python that has the package tensorboard.
  it.runIf(process.env.TENSORBOARD_PYTHON)(
    'are read so on seeds that nobody has seen',
    { timeout: PATIENCE_MS },
    async () => {
      const runs = Array.from({ length: unseen }, () => Math.floor(Math.random() * 2 ** 31)).map((seed) => ({
        seed,
        ...written(write, seed),
      }));
      const { exitCode, stdout, stderr } = await run({
        argv: [process.env.TENSORBOARD_PYTHON!, reference, ...runs.map(({ events }) => events)],
        env: { PATH: process.env.PATH },
        timeoutMs: PATIENCE_MS / 2,
        maxOutputBytes: 1 << 26,
      });
      expect(exitCode, stderr).toBe(0);
      const found = JSON.parse(stdout.toString()) as Record<string, Found>;
      for (const { seed, folder, events } of runs)
        expect(await read(folder), `seed ${seed}`).toEqual(found[events]);
    },
  );
});
