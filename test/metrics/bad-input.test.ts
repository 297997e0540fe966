import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { found, put, reading, TABLE } from './run-of-files.ts';

const GIGABYTE = 1 << 30;
/** Of the processor, milliseconds, with room for a busy machine. */
const QUICK_MS = 400;

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const NOT_UTF_8 = 'is UTF-16: UTF-8 is read alone, as open(path, "w", encoding="utf-8") writes it in Python';

/** A file that has a length, and hardly any bytes. */
function putSparse(folder: string, path: string, size: number, head = ''): void {
  const handle = openSync(put(folder, path, ''), 'w');
  writeSync(handle, head);
  ftruncateSync(handle, size);
  closeSync(handle);
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
