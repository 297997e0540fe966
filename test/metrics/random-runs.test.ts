import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';
import { writeRandomRun } from './random-run.ts';

type Found = Record<string, [points: number, sha256: string]>;

const REFERENCE = join(FIXTURES, '../metrics/read_scalars.py');
/** What read_scalars.py printed for the same seeds, with the folder's name for the seed. */
const expected = JSON.parse(readFileSync(join(FIXTURES, '../metrics/random.json'), 'utf8')) as Record<
  string,
  Found
>;

function write(seed: number): { run: string; events: string } {
  const run = temporaryFolder();
  const events = join(run, 'tensorboard', 'light');
  writeRandomRun(events, seed);
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

describe("random runs, beside TensorBoard's own reader", () => {
  it('are read point for point as it did', async () => {
    expect(Object.keys(expected).length).toBe(20);
    for (const [seed, found] of Object.entries(expected))
      expect(await read(write(Number(seed)).run), `seed ${seed}`).toEqual(found);
  });

  // TENSORBOARD_PYTHON: a Python that has the package tensorboard.
  it.runIf(process.env.TENSORBOARD_PYTHON)(
    'are read so on seeds that nobody has seen',
    { timeout: 300_000 },
    async () => {
      const runs = Array.from({ length: 50 }, () => Math.floor(Math.random() * 2 ** 31)).map((seed) => ({
        seed,
        ...write(seed),
      }));
      const printed = execFileSync(
        process.env.TENSORBOARD_PYTHON!,
        [REFERENCE, ...runs.map(({ events }) => events)],
        { encoding: 'utf8' },
      );
      const found = JSON.parse(printed) as Record<string, Found>;
      for (const { seed, run, events } of runs)
        expect(await read(run), `seed ${seed}`).toEqual(found[events]);
    },
  );
});
