import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';
import { writeRandomRun, writeRestartedRun } from './random-run.ts';

type Found = Record<string, [points: number, sha256: string]>;

type Write = (folder: string, seed: number) => void;

/** What a script printed for these seeds, with the folder's name for the seed. */
const recorded = (name: string) =>
  JSON.parse(readFileSync(join(FIXTURES, '../metrics', name), 'utf8')) as Record<string, Found>;
const SETS = [
  {
    what: "random runs, beside TensorBoard's own reader",
    write: writeRandomRun,
    reference: join(FIXTURES, '../metrics/read_scalars.py'),
    expected: recorded('random.json'),
  },
  {
    what: "runs whose steps begin again, beside TensorBoard's data server",
    write: writeRestartedRun,
    reference: join(FIXTURES, '../metrics/read_server.py'),
    expected: recorded('restarts.json'),
  },
];

function written(write: Write, seed: number): { run: string; events: string } {
  const run = temporaryFolder();
  const events = join(run, 'tensorboard', 'light');
  write(events, seed);
  return { run, events };
}

async function read(run: string): Promise<Found> {
  const { series } = await createRunReader(createRunFiles(run)).read();
  return Object.fromEntries(
    series.map(({ tag, length, steps, wallTimes, values }) => {
      const packed = new DataView(new ArrayBuffer(length * 24));
      for (let index = 0; index < length; index += 1)
        for (const [place, column] of [steps, wallTimes, values].entries())
          packed.setFloat64(index * 24 + place * 8, column[index]!, true);
      return [tag, [length, createHash('sha256').update(packed).digest('hex')]];
    }),
  );
}

describe.each(SETS)('$what', ({ write, reference, expected }) => {
  it('are read point for point as it did', async () => {
    expect(Object.keys(expected).length).toBe(20);
    for (const [seed, found] of Object.entries(expected))
      expect(await read(written(write, Number(seed)).run), `seed ${seed}`).toEqual(found);
  });

  // TENSORBOARD_PYTHON: a Python that has the package tensorboard.
  it.runIf(process.env.TENSORBOARD_PYTHON)(
    'are read so on seeds that nobody has seen',
    { timeout: 300_000 },
    async () => {
      const runs = Array.from({ length: 50 }, () => Math.floor(Math.random() * 2 ** 31)).map((seed) => ({
        seed,
        ...written(write, seed),
      }));
      const printed = execFileSync(
        process.env.TENSORBOARD_PYTHON!,
        [reference, ...runs.map(({ events }) => events)],
        { encoding: 'utf8' },
      );
      const found = JSON.parse(printed) as Record<string, Found>;
      for (const { seed, run, events } of runs)
        expect(await read(run), `seed ${seed}`).toEqual(found[events]);
    },
  );
});
