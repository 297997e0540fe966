import { ftruncateSync, openSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRaw } from '../../src/metrics/raw.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';

/** A run's folder with one file, what reads it, and what that finds: of each tag its points. */
function reading(name: string, text: string | Buffer) {
  const folder = temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, text);
  const reader = createRunReader(createRunFiles(folder));
  return {
    path,
    reader,
    raw: () => readRaw(createRunFiles(folder)),
    async found() {
      const { series, sources } = await reader.read();
      const all = [...series, ...(sources?.beside ?? [])];
      return {
        points: Object.fromEntries(
          all.map(({ tag, length, steps, values }) => [
            tag,
            Array.from({ length }, (_, at) => `${steps[at]}:${values[at]}`).join(' '),
          ]),
        ),
        counts: sources?.stepNameOf(all[0]?.tag ?? '') ?? null,
        unread: (sources?.unread ?? []).map(({ why }) => why),
        files: (sources?.files ?? []).length,
      };
    },
  };
}

const KERAS = `{"loss": [0.9, 0.5, NaN], "val_loss": [1.0, 0.7, Infinity], "learning_rate": [0.1, 0.1, 0.05]}`;

describe('a JSON document', () => {
  it.each<[string, string, string, Record<string, string>, string | null]>([
    [
      'of records is read as JSON lines are, with what is nested, and NaN as Python writes it',
      'results.json',
      '[\n  {"epoch": 1, "train": {"loss": 0.5}, "lr": null},\n  {"epoch": 2, "train": {"loss": NaN}, "note": "saved", "acc": -Infinity}\n]\n',
      { 'train/loss': '1:0.5 2:NaN', acc: '2:-Infinity' },
      'epoch',
    ],
    [
      'of lists, as Keras has its history, has a row an epoch',
      'history.json',
      KERAS,
      {
        loss: '0:0.9 1:0.5 2:NaN',
        val_loss: '0:1 1:0.7 2:Infinity',
        learning_rate: '0:0.1 1:0.1 2:0.05',
      },
      'epoch',
    ],
    [
      'of lists has the steps that one of them counts',
      'train_log.json',
      '{"step": [10, 20], "loss": [2, 1], "acc": [null, 0.5]}',
      { loss: '10:2 20:1', acc: '20:0.5' },
      'step',
    ],
    [
      'as pandas writes a history with to_json is by name and row',
      'history.json',
      '{"loss":{"0":0.9,"1":0.5},"val_loss":{"0":1.0,"1":null}}',
      { loss: '0:0.9 1:0.5', val_loss: '0:1' },
      'epoch',
    ],
    [
      'of lists in groups has the groups before their names',
      'metrics.json',
      '{"train": {"loss": [3, 2]}, "val": {"loss": [4, 3]}}',
      { 'train/loss': '0:3 1:2', 'val/loss': '0:4 1:3' },
      null,
    ],
    [
      'that has its records beside the settings is told without these',
      'run-log.json',
      '{"args": {"lr": 0.1, "betas": [0.9, 0.999]}, "best": 3, "history": [{"step": 1, "loss": 2}, {"step": 2, "loss": 1}]}',
      { loss: '1:2 2:1' },
      'step',
    ],
    [
      'beside single values has lists of training',
      'results.json',
      '{"best_acc": 0.5, "seconds": 12, "train_loss": [3, 2, 1], "test_acc": [0.1, 0.2, 0.5]}',
      { train_loss: '0:3 1:2 2:1', test_acc: '0:0.1 1:0.2 2:0.5' },
      null,
    ],
    [
      'of records that begin again in the midst has the later ones',
      'log.json',
      '[{"step": 1, "loss": 4}, {"step": 2, "loss": 3}, {"step": 3, "loss": 9}, {"step": 2, "loss": 2}]',
      { loss: '1:4 2:2' },
      'step',
    ],
  ])('%s', async (_what, name, text, points, counts) => {
    const { found, raw } = reading(name, text);
    expect(await found()).toEqual({ points, counts, unread: [], files: 1 });
    const tags = (await raw()).series.map(({ tag, format }) => `${tag} ${format}`);
    expect(tags.sort()).toEqual(
      Object.keys(points)
        .map((tag) => `${tag} JSON`)
        .sort(),
    );
  });

  it('is shown raw with nothing superseded', async () => {
    const { raw } = reading('log.json', '[{"step": 1, "a": 4}, {"step": 3, "a": 9}, {"step": 2, "a": NaN}]');
    expect((await raw()).series).toEqual([
      {
        ...{ subRun: '.', file: 'log.json', format: 'JSON', tag: 'a' },
        ...{ points: 3, first: [1, 4], last: [2, Number.NaN] },
      },
    ]);
  });

  it.each([
    ['metrics.json', '{"iteration": 19, "total_loss": 2}\n{"iteration": 39, "total_loss": 1}\n'],
    [
      '20261129_200000.log.json',
      '{"env": "x", "seed": 0}\n{"mode": "train", "iteration": 19, "total_loss": 2}\n{"iteration": 39, "total_loss": 1}\n',
    ],
    ['result.json', '[{"iteration": 19, "total_loss": 2}, {"iteration": 39, "total_loss": 1}]'],
    ['progress.json', '{"iteration": [19, 39], "total_loss": [2, 1]}'],
  ])('%s is read by what is in it: an object a line, or one of all', async (name, text) => {
    expect((await reading(name, text).found()).points).toEqual({ total_loss: '19:2 39:1' });
  });

  it.each([
    ['results.json', '{"lr": 0.1, "layers": [64, 64], "betas": [0.9, 0.999], "name": "x"}'],
    ['log_config.json', '{"version": 1, "handlers": {"file": {"level": "INFO"}}, "loggers": ["a", "b"]}'],
    ['log.json', '["the", "of", "and"]'],
    ['log.json', '{"vocab": {"the": 1, "of": 2}, "merges": ["t h", "th e"]}'],
    ['all_results.json', '{\n    "epoch": 3.0,\n    "eval_loss": 0.4\n}'],
    ['results.json', '[{"image_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}, {"image_id": 2, "score": 0.25}]'],
    ['results.json', '{"accuracy": 0.5, "per_class": {"0": 0.5, "1": 0.75}, "counts": [10, 20, 30]}'],
    ['history.json', '{"columns": ["loss"], "index": [0, 1, 2], "data": [[3], [2], [1]]}'],
    ['history.json', '[]'],
    ['history.json', '{}'],
    ['history.json', '{"loss": [], "val_loss": []}'],
    ['tokenizer.json', '{"step": [1, 2], "loss": [1, 2]}'],
    ['catalogue.json', '[{"step": 1, "loss": 2}, {"step": 2, "loss": 1}]'],
  ])('%s of %s is no file of metrics, and nothing is said of it', async (name, text) => {
    expect(await reading(name, text).found()).toEqual({ points: {}, counts: null, unread: [], files: 0 });
  });

  it('without a step, and lists of different lengths, are told of', async () => {
    const stepless = reading('history.json', '[{"loss": 2}, {"loss": 1}]');
    expect((await stepless.found()).unread).toEqual(['no record of it has a number that counts steps']);
    const lists = reading('metrics.json', '{"loss": [3, 2, 1], "acc": [1, 2, 3], "val_acc": [1]}');
    expect(await lists.found()).toMatchObject({
      points: { loss: '0:3 1:2 2:1', acc: '0:1 1:2 2:3' },
      unread: [
        'has lists of another length than the most, of which nobody can tell the steps: val_acc left out',
      ],
    });
  });

  it('above 24 MiB is not read, unless its beginning shows that it is none', async () => {
    for (const [head, unread] of [
      ['[{"step": 1, "loss": 2}, ', [expect.stringMatching(/^has \d+ bytes; at most \d+ are read$/)]],
      ['[{"image_id": 1, "score": 0.5, "label": "cat"}, ', []],
    ] as const) {
      const { path, found } = reading('results.json', head);
      const handle = openSync(path, 'r+');
      ftruncateSync(handle, 1 << 30);
      expect(await found()).toMatchObject({ points: {}, unread });
    }
  });
});

it.each([
  ['lists', (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":[1,2]`).join(',')}}`],
  [
    'columns',
    (count: number) => `{${Array.from({ length: count }, (_, at) => `"k${at}":{"0":1,"1":2}`).join(',')}}`,
  ],
  ['rows', (count: number) => `{"a":{${Array.from({ length: count }, (_, at) => `"${at}":1`).join(',')}}}`],
])('a JSON document of very many %s holds nothing up', async (_of, text) => {
  const { reader } = reading('history.json', text(800_000));
  let held = 0;
  let last = performance.now();
  const watching = setInterval(() => {
    held = Math.max(held, performance.now() - last);
    last = performance.now();
  }, 1);
  const { series } = await reader.read();
  clearInterval(watching);
  expect(series.length).toBeLessThanOrEqual(2_000);
  // With room for a busy machine: without a bound it is seconds.
  expect(held).toBeLessThan(1_000);
});

describe('a JSON document that is rewritten as training goes on', () => {
  const RECORDS = Array.from({ length: 12 }, (_, epoch) => ({ epoch, loss: 1 / (epoch + 1) }));
  const asRecords = (count: number) => JSON.stringify(RECORDS.slice(0, count));
  const asLists = (count: number) =>
    JSON.stringify({
      epoch: RECORDS.slice(0, count).map(({ epoch }) => epoch),
      loss: RECORDS.slice(0, count).map(({ loss }) => loss),
    });

  it.each([
    ['records', asRecords],
    ['lists', asLists],
  ])(
    'of %s has each point once, keeps what it had while it is half-written, and ends as the whole',
    async (_of, written) => {
      const { path, found } = reading('history.json', '');
      const lossOf = (count: number) =>
        RECORDS.slice(0, count)
          .map(({ epoch, loss }) => `${epoch}:${loss}`)
          .join(' ');
      let at = Date.now() - 100_000;
      const write = (text: string) => {
        writeFileSync(path, text);
        at += 1_000;
        utimesSync(path, at / 1_000, at / 1_000);
      };
      for (let count = 1; count <= RECORDS.length; count += 1) {
        const text = written(count);
        for (const cut of [0, 1, Math.floor(text.length / 2), text.length - 1]) {
          write(text.slice(0, cut));
          expect((await found()).points.loss ?? '').toBe(lossOf(count - 1));
        }
        write(text);
        const now = await found();
        expect([now.points.loss, now.unread]).toEqual([lossOf(count), []]);
      }
    },
  );

  it('has the time of writing for what came since it was first read, so that its rate and what is left are known', async () => {
    const { path, reader } = reading('history.json', asRecords(2));
    const start = Math.floor(Date.now() / 1_000) - 1_000;
    for (let count = 2; count <= 8; count += 1) {
      writeFileSync(path, asRecords(count));
      utimesSync(path, start + 10 * count, start + 10 * count);
      await reader.read();
    }
    const [loss] = (await reader.read()).series;
    expect([...loss!.wallTimes.subarray(0, loss!.length)]).toEqual([
      Number.NaN,
      Number.NaN,
      ...[3, 4, 5, 6, 7, 8].map((count) => start + 10 * count),
    ]);
    const progress = await reader.progress(start * 1_000, (start + 81) * 1_000, { epochs: '10' });
    expect(progress).toMatchObject({ step: 8, unit: 'epoch', maxSteps: 10 });
    expect(progress!.stepsPerSecond).toBeCloseTo(0.1);
  });

  it('becomes one of metrics once it is, and stays none where it never is', async () => {
    const { path, found } = reading('results.json', '{"status": "starting"}');
    expect(await found()).toMatchObject({ files: 0, unread: [] });
    writeFileSync(path, '[{"step": 1, "loss": 2}]');
    expect(await found()).toMatchObject({ files: 1, points: { loss: '1:2' } });
  });
});
