import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRunReader, type RunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const ROWS = 200_000;

/** A reader of a folder with one file of these lines, and what it finds of a tag now. */
function reading(name: string, lines: Iterable<string>) {
  const folder = temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, `${[...lines].join('\n')}\n`);
  const reader = createRunReader(createRunFiles(folder));
  return { reader, path };
}

async function find(reader: RunReader, tag: string): Promise<[step: number, value: number][]> {
  const { series } = await reader.read();
  const found = series.find((each) => each.tag === tag);
  return Array.from({ length: found?.length ?? 0 }, (_, at) => [found!.steps[at]!, found!.values[at]!]);
}

const isWhole = (reader: RunReader) => async () => (await reader.read()).sources?.unread.length === 0;

/** As a logger writes it that validates every so many steps. */
function* table(every: number): Generator<string> {
  yield 'step,train/loss,lr,val/loss';
  for (let step = 0; step < ROWS; step += 1)
    yield `${step},${(1 / (step + 1)).toFixed(9)},0.00010000,${step % every === every - 1 ? `0.${step}` : ''}`;
}

describe('a table of many megabytes', () => {
  it.each([1_000, 20_000, 50_000])(
    'tells the last value of each column at the first look, also of one that has a value every %i rows',
    async (every) => {
      const { reader } = reading('metrics.csv', table(every));
      expect((await find(reader, 'train/loss')).at(-1)![0]).toBe(ROWS - 1);
      expect((await find(reader, 'val/loss')).at(-1)).toEqual([ROWS - 1, Number(`0.${ROWS - 1}`)]);
    },
  );

  it('finds the last value of a column that nothing was logged of for the last 50,000 rows', async () => {
    const lines = [...table(30_000)].map((line, row) =>
      row > 150_000 ? line.replace(/,[^,]*$/, ',') : line,
    );
    const { reader } = reading('metrics.csv', lines);
    await reader.read();
    await eventually('all of it is read', isWhole(reader));
    expect((await find(reader, 'val/loss')).map(([step]) => step)).toEqual([
      29_999, 59_999, 89_999, 119_999, 149_999,
    ]);
  });

  it('says that only parts were read so far, then has all of it, and goes on with what comes', async () => {
    const { reader, path } = reading('metrics.csv', table(1_000));
    const { sources } = await reader.read();
    expect(sources!.unread).toEqual([
      {
        path: 'metrics.csv',
        why: 'is large: its beginning, its end and places between were read, and the rest follows',
      },
    ]);
    appendFileSync(path, `${ROWS},0.25,0.0001,0.5\n`);
    expect((await find(reader, 'val/loss')).at(-1)).toEqual([ROWS, 0.5]);
    await eventually('all of it is read', isWhole(reader));
    expect(await find(reader, 'val/loss')).toHaveLength(ROWS / 1_000 + 1);
    appendFileSync(path, `${ROWS + 1},0.125,0.0001,\n`);
    expect((await find(reader, 'train/loss')).at(-1)).toEqual([ROWS + 1, 0.125]);
  });

  it('loses no header in its midst that has the columns in another order', async () => {
    const lines = [...table(1_000)].map((line, row) => {
      if (row < ROWS / 2 || row > ROWS / 2 + 100) return line;
      if (row === ROWS / 2) return 'step,lr,train/loss,val/loss';
      const [step, loss, rate, validated] = line.split(',');
      return row === ROWS / 2 + 100 ? 'step,train/loss,lr,val/loss' : [step, rate, loss, validated].join(',');
    });
    const { reader } = reading('metrics.csv', lines);
    await reader.read();
    await eventually('all of it is read', isWhole(reader));
    for (const [, value] of await find(reader, 'lr')) expect(value).toBe(0.0001);
  });

  it.each(['metrics.csv', 'metrics.jsonl'])('loses no values that were NaN for a while: %s', async (name) => {
    const values = (step: number) => (step > 90_000 && step <= 90_000 + 4_000 ? 'NaN' : '0.50000000000');
    const lines = Array.from({ length: ROWS }, (_, step) =>
      name.endsWith('csv')
        ? `${step},${values(step)},0.0001000000`
        : `{"step": ${step}, "loss": ${values(step)}, "lr": 0.0001}`,
    );
    const { reader } = reading(name, name.endsWith('csv') ? ['step,loss,lr', ...lines] : lines);
    await reader.read();
    await eventually('all of it is read', isWhole(reader));
    const broken = (await find(reader, 'loss')).filter(([, value]) => Number.isNaN(value));
    expect(broken.length).toBeGreaterThan(50);
    expect([broken[0]![0], broken.at(-1)![0]].map((step) => Math.round(step / 100))).toEqual([900, 940]);
  });

  it('is read anew when it is written anew while the rest of it is read', async () => {
    const { reader, path } = reading('metrics.csv', table(1_000));
    await reader.read();
    writeFileSync(path, 'step,train/loss,lr\n1,0.5,0.1\n2,0.25,0.1\n');
    expect(await find(reader, 'train/loss')).toEqual([
      [1, 0.5],
      [2, 0.25],
    ]);
    writeFileSync(path, `${[...table(1_000)].join('\n')}\n`);
    await reader.read();
    await eventually('all of it is read', isWhole(reader));
    expect(await find(reader, 'val/loss')).toHaveLength(ROWS / 1_000);
  });
});
