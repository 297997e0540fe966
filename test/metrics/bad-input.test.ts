import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  cpSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createRunReader, type RunReader } from '../../src/metrics/run-reader.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { ADA, asUser, BOB, call, IS_ROOT, make, sharedFolder } from '../files/other-user.ts';
import { temporaryFolder } from '../helpers.ts';
import { ELSEWHERE } from './elsewhere.ts';

const GIGABYTE = 1 << 30;
const TABLE = 'step,loss\n1,0.5\n2,0.25\n';
/** Of the processor, milliseconds, with room for a busy machine. */
const QUICK_MS = 400;

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const NOT_UTF_8 = 'is UTF-16: UTF-8 is read alone, as open(path, "w", encoding="utf-8") writes it in Python';

/** A run folder with these files, and what reads it. */
function reading(files: Record<string, string | Uint8Array>) {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) put(folder, path, content);
  return { folder, reader: createRunReader(createRunFiles(folder)) };
}

function put(folder: string, path: string, content: string | Uint8Array): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A file that has a length, and hardly any bytes. */
function putSparse(folder: string, path: string, size: number, head = ''): void {
  const handle = openSync(put(folder, path, ''), 'w');
  writeSync(handle, head);
  ftruncateSync(handle, size);
  closeSync(handle);
}

/** What a reader finds now: of each tag its last value, and of what is not read, why. */
async function found(reader: RunReader) {
  const { series, sources } = await reader.read();
  return {
    values: Object.fromEntries(series.map(({ tag, length, values }) => [tag, values[length - 1]])),
    unread: Object.fromEntries((sources?.unread ?? []).map(({ path, why }) => [path, why])),
  };
}

async function quickly<T>(work: () => Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(QUICK_MS);
  return result;
}

describe('a file that is no file of metrics, or not as it should be', () => {
  it.each([
    [
      'people.csv',
      'name,age\nada,3\nbob,4\n',
      'has no column that counts steps (step, epoch, iteration and the like)',
    ],
    ['words.csv', 'step,name\n1,ada\n2,bob\n', 'most of its cells are no numbers'],
    ['numbers.csv', '1,2\n3,4\n', 'begins with no header'],
    ['metrics.json', 'accuracy: 0.5\n', 'is no whole JSON: no JSON object or array'],
    [
      'checkpoint-5/trainer_state.json',
      '{"log_history": [{"step": 1',
      'is no whole JSON: it ends in the midst of a value',
    ],
    ['log.jsonl', '{"loss": 1}\n{"loss": 2}\n', 'no line of it has a number that counts steps'],
    ['metrics.csv', utf16('\ufeffstep,acc\n1,0.5\n'), NOT_UTF_8],
    ['metrics.csv', utf16('step,acc\n1,0.5\n'), NOT_UTF_8],
    ['metrics.csv', utf16('\ufeffstep,acc\n1,0.5\n').swap16(), NOT_UTF_8],
    ['log.jsonl', utf16('\ufeff{"step": 1, "acc": 0.5}\n'), NOT_UTF_8],
    ['history.json', utf16('\ufeff[{"step": 1, "acc": 0.5}]'), NOT_UTF_8],
    ['checkpoint-5/trainer_state.json', utf16('\ufeff{"log_history": [{"step": 1, "acc": 0.5}]}'), NOT_UTF_8],
    [
      'metrics.csv',
      Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 10]),
      'is compressed (gzip): it is read once it is unpacked',
    ],
    ['mlflow.db', 'no database at all, in more than a hundred bytes'.repeat(9), 'is no SQLite database'],
    [
      '.aim/run_metadata.sqlite',
      'SQLite format 3',
      "is of Aim's store, which is not read: `aim up` shows it; what is logged to TensorBoard, a table or JSON beside it is read",
    ],
    ['run-a.wandb', ':W&B', 'holds nothing yet: W&B writes it every 15 s or so'],
  ])('%s is said to be none, and the others are read', async (path, content, why) => {
    const { reader } = reading({ [path]: content, 'progress.csv': TABLE });
    expect(await found(reader)).toEqual({ values: { loss: 0.25 }, unread: { [path]: why } });
  });

  it.each([
    ['checkpoint-5/trainer_state.json', '{"log_history":[', /^has 1073741824 bytes; at most \d+ are read$/],
    ['metrics.json', '{', /^has 1073741824 bytes; at most \d+ are read$/],
    ['result.json', '{"training_iteration": 1, "score": 1}\n{', /^is large: /],
    ['metrics.csv', 'step,score\n1,2\n', /^is large: /],
    ['mlflow.db', 'SQLite format 3\0', /^has 1073741824 bytes; at most \d+ are read$/],
    ['run-a.wandb', '', /^holds nothing yet/],
  ])('%s of a gigabyte costs next to nothing, and is said', async (path, head, why) => {
    const { folder, reader } = reading({ 'progress.csv': TABLE });
    putSparse(folder, path, GIGABYTE, head);
    const { values, unread } = await quickly(() => found(reader));
    expect(unread[path]).toMatch(why);
    expect(Object.entries(values)).toContainEqual(['loss', 0.25]);
  });

  it('a log that is no UTF-8 is none of metrics, and nothing is said of it', async () => {
    const { reader } = reading({ 'output.txt': utf16('\ufeffstep 1: fine\n'), 'progress.csv': TABLE });
    expect(await found(reader)).toEqual({ values: { loss: 0.25 }, unread: {} });
  });

  it('a log that is empty as yet is none of metrics either', async () => {
    const { reader } = reading({ 'output.log': '', 'notes.txt': '\n# training\n' });
    expect((await reader.read()).absence).toBe('files');
  });

  it.each([
    ['metrics.csv', '\ufeff"step","loss"\n1,0.5\n2,0.25\n'],
    ['training.log', '\ufeff# comment\nstep,loss\n1,0.5\n2,0.25\n'],
    ['log.jsonl', '\ufeff{"step": 2, "loss": 0.25}\n'],
    ['history.json', '\ufeff\n [{"step": 2, "loss": 0.25}]'],
    ['checkpoint-2/trainer_state.json', '\ufeff{"log_history": [{"step": 2, "loss": 0.25}]}'],
  ])('%s in UTF-8 with a mark before it is read', async (name, text) => {
    const { values, unread } = await found(reading({ [name]: text }).reader);
    expect([Object.values(values), unread]).toEqual([[0.25], {}]);
  });

  it('a table in UTF-16 that is written anew in UTF-8 is read', async () => {
    const { folder, reader } = reading({ 'metrics.csv': utf16(`\ufeff${TABLE}`) });
    expect((await found(reader)).unread).toEqual({ 'metrics.csv': NOT_UTF_8 });
    writeFileSync(join(folder, 'metrics.csv'), TABLE);
    expect(await found(reader)).toEqual({ values: { loss: 0.25 }, unread: {} });
  });

  it('a table of 10,000 columns is read up to the thousandth', async () => {
    const columns = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
    const rows = Array.from({ length: 30 }, (_, step) => `${step}${`,${step}`.repeat(10_000)}`);
    const { reader } = reading({ 'metrics.csv': `step,${columns.join(',')}\n${rows.join('\n')}\n` });
    const { values, unread } = await found(reader);
    expect(Object.keys(values)).toHaveLength(999);
    expect(values.c998).toBe(29);
    expect(unread).toEqual({ 'metrics.csv': 'has 10001 columns; the first 1000 are read' });
  });

  it.each([
    ['metrics.csv', TABLE.slice(0, -7), '\n2,0.25\n'],
    ['metrics.jsonl', '{"step": 1, "loss": 0.5}\n', '\n{"step": 2, "loss": 0.25}\n'],
  ])('a line of 100 MB in %s is stepped over', async (name, before, after) => {
    const { folder, reader } = reading({ [name]: before });
    const handle = openSync(join(folder, name), 'a');
    for (let count = 0; count < 100; count += 1) writeSync(handle, 'x'.repeat(1 << 20));
    writeSync(handle, after);
    closeSync(handle);
    expect((await quickly(() => found(reader))).values).toEqual({ loss: 0.25 });
  });

  it('a long list of sacred is taken in whole', async () => {
    const count = 200_000;
    const list = (value: (step: number) => string) => Array.from({ length: count }, (_, step) => value(step));
    const { reader } = reading({
      'metrics.json': `{"loss": {"steps": [${list(String)}], "values": [${list((step) => (step === 7 ? 'NaN' : `{"dtype": "float64", "value": ${step}}`))}], "timestamps": []}}`,
    });
    const { series } = await reader.read();
    expect(series[0]!.steps[series[0]!.length - 1]).toBe(count - 1);
    expect(series[0]!.values[series[0]!.length - 1]).toBe(count - 1);
  });
});

describe("a run's folder", () => {
  it('that goes away and comes back is read again', async () => {
    const { folder, reader } = reading({ 'metrics.csv': TABLE });
    expect((await found(reader)).values).toEqual({ loss: 0.25 });
    renameSync(folder, `${folder}-aside`);
    expect((await reader.read()).absence).toBe('folder');
    renameSync(`${folder}-aside`, folder);
    appendFileSync(join(folder, 'metrics.csv'), '3,0.125\n');
    expect((await found(reader)).values).toEqual({ loss: 0.125 });
  });

  it('of more than 20,000 names is looked at in part, and that is said', async () => {
    const { folder, reader } = reading({});
    for (let name = 0; name < 25_000; name += 1) closeSync(openSync(join(folder, `${name}.npy`), 'w'));
    const { unread } = await found(reader);
    expect(unread).toEqual({ '.': 'has more than 20000 names; the others are not looked at' });
  });

  it('with thousands of logs has its tables read before them', async () => {
    const { folder, reader } = reading({ 'z.csv': TABLE });
    for (let name = 0; name < 3_000; name += 1) writeFileSync(join(folder, `a${name}.txt`), 'step 1: fine\n');
    expect((await found(reader)).values).toEqual({ loss: 0.25 });
  });

  it('is not left by links, and goes round in none; pipes are not waited for', async () => {
    const { folder: outside } = reading({ 'metrics.csv': 'step,secret\n1,2\n2,3\n' });
    const { folder, reader } = reading({ 'a/real.csv': TABLE });
    symlinkSync(outside, join(folder, 'elsewhere'));
    symlinkSync('.', join(folder, 'loop'));
    symlinkSync('../a', join(folder, 'a', 'again'));
    symlinkSync(join(outside, 'metrics.csv'), join(folder, 'metrics.csv'));
    mkdirSync(join(folder, 'checkpoint-5'));
    symlinkSync(join(outside, 'metrics.csv'), join(folder, 'checkpoint-5', 'trainer_state.json'));
    execFileSync('mkfifo', [join(folder, 'b.csv'), join(folder, 'events.out.tfevents.1.host')]);
    expect(await found(reader)).toEqual({
      values: { loss: 0.25 },
      unread: {
        'metrics.csv': 'is a link; links are not followed',
        'checkpoint-5/trainer_state.json': `leads out of the run folder ${folder}`,
      },
    });
  });

  it('whose file leads out of it in the midst keeps what was read, says so, and goes on once it is a file again', async () => {
    const { folder: outside } = reading({ 'metrics.csv': 'step,loss\n1,9\n2,9\n3,9\n' });
    const { folder, reader } = reading({ 'metrics.csv': TABLE, 'progress.csv': 'step,acc\n1,0.5\n' });
    const path = join(folder, 'metrics.csv');
    await reader.read();
    // Swapped below the survey, as between its look and the reading.
    renameSync(path, `${path}.aside`);
    symlinkSync(join(outside, 'metrics.csv'), path);
    const { values, unread } = await found(reader);
    expect(values.loss).not.toBe(9);
    expect(unread['metrics.csv']).toBe('is a link; links are not followed');
    unlinkSync(path);
    renameSync(`${path}.aside`, path);
    appendFileSync(path, '3,0.125\n');
    expect((await found(reader)).values).toEqual({ loss: 0.125, acc: 0.5 });
  });

  it('with a name that is not UTF-8 has the others read', async () => {
    const { folder, reader } = reading({ 'metrics.csv': TABLE });
    writeFileSync(
      Buffer.concat([Buffer.from(`${folder}/b`), Buffer.from([0xff]), Buffer.from('.csv')]),
      TABLE,
    );
    const { values, unread } = await found(reader);
    expect(values).toEqual({ loss: 0.25 });
    expect(Object.values(unread)).toEqual(['has a name that is not UTF-8; it is not read']);
  });

  it.skipIf(!IS_ROOT)(
    'of which a part is for others only has the rest read, and says what is not (takes root)',
    async () => {
      const folder = make.folder(join(sharedFolder(), 'run'), ADA, 0o755);
      make.file(join(folder, 'metrics.csv'), ADA, 0o600, TABLE);
      make.file(join(folder, 'progress.csv'), BOB, 0o600, 'step,acc\n1,0.5\n');
      make.folder(join(folder, 'private'), BOB, 0o700);
      make.file(join(folder, 'config.yaml'), BOB, 0o600, 'lr: 1\n');
      const [outcome] = await asUser(ADA, [
        call('queue/run-files.ts', 'createRunFiles', [folder], ['entries', '.', 10]),
      ]);
      expect(outcome!.error).toBeUndefined();
      const [raw] = await asUser(ADA, [
        {
          module: new URL('./read-raw-in.ts', import.meta.url).href,
          name: 'readRawIn',
          args: [folder],
        },
      ]);
      const { series, unread } = raw!.value as Awaited<
        ReturnType<typeof import('./read-raw-in.ts').readRawIn>
      >;
      expect(series.map(({ file, last }) => [file, ...last])).toEqual([['metrics.csv', 2, 0.25]]);
      expect(unread.map(({ path }) => path).sort()).toEqual(['private', 'progress.csv']);
      for (const { why } of unread) expect(why).toMatch(/cannot be read: .*permission denied/i);
    },
  );
});

describe("MLflow's database", () => {
  const SQLITE = join(ELSEWHERE, 'mlflow/sqlite/mlflow.db');
  const INSERT = `INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan)
    SELECT key, 0.125, timestamp + 1, run_uuid, 1000000, 0 FROM metrics ORDER BY rowid LIMIT 1`;

  function database() {
    const { folder, reader } = reading({});
    const path = join(folder, 'mlflow.db');
    cpSync(SQLITE, path);
    return { path, reader };
  }

  it('that a writer holds a transaction on is read once that is over', async () => {
    const { path, reader } = database();
    const writer = new Database(path);
    // So small a cache that the transaction is in the file before it is over.
    writer.pragma('cache_size = 1');
    writer.exec('BEGIN EXCLUSIVE');
    for (let count = 0; count < 200; count += 1)
      writer.exec(INSERT.replace('1000000', String(1_000_000 + count)));
    const during = await found(reader);
    expect(during.values).toEqual({});
    expect(during.unread['mlflow.db']).toMatch(/^is in the midst of a change/);
    writer.exec('COMMIT');
    writer.close();
    const after = await found(reader);
    expect(Object.values(after.values)).toContain(0.125);
    expect(after.unread).toEqual({});
  });

  it('in WAL mode is read as far as its file goes, and the rest is said', async () => {
    const { path, reader } = database();
    const writer = new Database(path);
    writer.pragma('journal_mode = wal');
    writer.pragma('wal_autocheckpoint = 0');
    writer.exec(INSERT);
    const { values, unread } = await found(reader);
    expect(Object.keys(values).length).toBeGreaterThan(0);
    expect(Object.values(values)).not.toContain(0.125);
    expect(unread['mlflow.db']).toMatch(/^is written by way of a log beside it \(WAL\)/);
    writer.close();
    const after = await found(createRunReader(createRunFiles(dirname(path))));
    expect(Object.values(after.values)).toContain(0.125);
    expect(after.unread).toEqual({});
  });

  it('of another version, or half of one, is said to be that', async () => {
    const { path, reader } = database();
    const other = new Database(path);
    other.exec('ALTER TABLE metrics RENAME TO values_logged');
    other.close();
    expect((await found(reader)).unread['mlflow.db']).toBe(
      'has no table "metrics": MLflow of another version, or another program\'s',
    );
    const half = reading({ 'mlflow.db': readFileSync(SQLITE).subarray(0, 20_000) });
    expect((await found(half.reader)).unread['mlflow.db']).toMatch(/^has 20000 of its \d+ bytes: /);
  });
});

it('a folder that was read while nobody may enter it says so', async () => {
  const { folder, reader } = reading({ 'a/metrics.csv': TABLE });
  await reader.read();
  chmodSync(join(folder, 'a'), 0o000);
  try {
    // Root may; everybody else is told.
    const { values, unread } = await found(reader);
    expect(IS_ROOT ? values.loss : Object.keys(unread)[0]).toBe(IS_ROOT ? 0.25 : 'a/metrics.csv');
  } finally {
    chmodSync(join(folder, 'a'), 0o755);
    rmSync(folder, { recursive: true });
  }
});
