import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSeries } from '../../src/core/metrics.ts';
import { latest } from '../../src/core/series.ts';
import { createRunReader } from '../../src/metrics/run-reader.ts';
import { encodeFileVersion, encodeScalarEvent } from '../../src/metrics/tfevents-writer.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { temporaryFolder } from '../helpers.ts';
import { FIXTURES } from '../recorded.ts';

/** Makes a line about as long as those of xax. */
const WIDE = 'x'.repeat(420);
const START = 1_700_000_000;

/** A line as xax writes it, `values` as Python's json.dumps would. */
const line = (step: number, values: string, elapsed = step) =>
  `{"state": {"num_steps": ${step}, "num_samples": ${step}, "start_time_s": ${START}.0, "elapsed_time_s": ${elapsed}.0}, "value": {${values}}}\n`;
const loss = (step: number, value: number | string = step) => line(step, `"loss": ${value}`);
const wide = (step: number) => line(step, `"loss": ${step}, "text": "${WIDE}"`);

function newRun(text = '', events: Buffer[] = []) {
  const folder = temporaryFolder();
  const log = join(folder, 'json', 'log.jsonl');
  const light = join(folder, 'tensorboard', 'light');
  const path = join(light, 'events.out.tfevents.1700000000.host.1.0');
  mkdirSync(join(folder, 'json'));
  mkdirSync(light, { recursive: true });
  writeFileSync(log, text);
  if (events.length > 0) writeFileSync(path, Buffer.concat([encodeFileVersion(START), ...events]));
  let bytes = 0;
  const files = createRunFiles(folder);
  const reader = createRunReader({
    ...files,
    async read(file, start, end) {
      const read = await files.read(file, start, end);
      bytes += read.length;
      return read;
    },
  });
  return { folder, log, path, reader, bytesRead: () => bytes };
}

const event = (step: number, value = step, tag = 'value/loss', wallTime = START + step) =>
  encodeScalarEvent({ step, wallTime, tag, value });
const points = (run: RunSeries, tag = 'value/loss') => {
  const found = run.series.find((each) => each.tag === tag);
  return Array.from({ length: found?.length ?? 0 }, (_, index) => [
    found!.steps[index]!,
    found!.values[index]!,
  ]);
};
const steps = (run: RunSeries, tag?: string) => points(run, tag).map(([step]) => step);
const recorded = (name: string) => createRunReader(createRunFiles(join(FIXTURES, 'runs', name))).read();
const every = (seconds: number, to: number) => upTo(Math.floor(to / seconds)).map((count) => count * seconds);
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index);

describe('a run that xax recorded', () => {
  it('in four seconds is known to its last step, of which only the metrics log tells', async () => {
    const run = await recorded('run_012');
    expect(run.corruptRecords).toBe(0);
    expect(points(run)).toEqual([
      [1, 0.51171875],
      [2, 0.58203125],
      [3, 0.5234375],
      [4, 0.515625],
      [269, 0.412109375],
      [400, 0.10595703125],
    ]);
  });

  it('and was killed is known to its last step, of which only the event files tell', async () => {
    const run = await recorded('run_008');
    const last = run.series.filter(({ tag }) => tag.startsWith('value/')).map((each) => latest(each)!.step);
    expect(new Set(last)).toEqual(new Set([10_152]));
    const logged = readFileSync(join(FIXTURES, 'runs/run_008/json/log.jsonl'), 'utf8')
      .split('\n')
      .flatMap((each) => (each.includes('"state"') ? [JSON.parse(each).state.num_steps as number] : []));
    expect(logged.length).toBeGreaterThan(190);
    expect(steps(run)).toEqual(expect.arrayContaining(logged));
    expect(steps(run)).toEqual([...new Set(steps(run))].toSorted((a, b) => a! - b!));
  });

  it('and was resumed is known by the event files up to there, as the metrics log was written anew, and then by both', async () => {
    const run = await recorded('run_013');
    const found = steps(run);
    expect(found.slice(0, found.indexOf(1059))).toEqual([1, 2, 3, 86, 324, 576, 868]);
    expect(found.slice(found.indexOf(1059))).toEqual([
      ...[1059, 1060, 1090, 1121, 1150, 1179, 1191, 1205, 1233, 1262, 1289, 1326, 1365, 1387, 1397, 1407],
      ...[1418, 1420, 1429, 1440, 1446, 1454, 1476, 1494, 1509, 1532, 1561, 1590, 1591, 1624],
    ]);
    expect(latest(run.series.find(({ tag }) => tag === 'value/loss')!)).toMatchObject({
      step: 1_624,
      value: 0.0230712890625,
    });
  });

  it('has each metric once, under the name that the event files give it', async () => {
    const { series } = await recorded('run_008');
    expect(series.map(({ tag }) => tag)).toEqual([
      'value/grad_norm',
      'value/loss',
      'value/mae',
      ...['child_percent', 'child_procs', 'percent'].map((key) => `🔧 cpu/${key}`),
      ...['child_percent', 'percent', 'rss/cur', 'rss/total', 'shared', 'vms/cur', 'vms/total'].map(
        (key) => `🔧 mem/${key}`,
      ),
      ...['dt', 'samples/second', 'steps/second'].map((key) => `🕒 timers/${key}`),
    ]);
    for (const each of series.filter(({ tag }) => !tag.startsWith('🔧')))
      expect(each.length, each.tag).toBeGreaterThan(190);
  });
});

describe('a step of both logs', () => {
  it('is one point, with the number that was logged and not its 32 bits', async () => {
    const { reader } = newRun(loss(1) + loss(2, 0.1) + loss(3), [event(1), event(2, 0.1), event(4)]);
    const run = await reader.read();
    expect(points(run)).toEqual([
      [1, 1],
      [2, 0.1],
      [3, 3],
      [4, 4],
    ]);
  });

  it('that was logged twice has the value that was logged last, wherever it stands', async () => {
    const again = line(4, '"loss": 0.25', 9) + line(4, '"loss": 0.5', 10);
    const { reader } = newRun(loss(1) + again, [event(1, 7, 'value/loss', START + 2), event(4, 0.25)]);
    expect(points(await reader.read())).toEqual([
      [1, 7],
      [4, 0.5],
    ]);
  });

  it('tells nothing of a tag of which the metrics log cannot say which it is', async () => {
    const text = loss(1).replace('"value"', '"cpu": {"percent": 9}, "value"');
    const events = [event(1, 2, '🔧 cpu/percent'), event(1, 3, 'cpu/percent')];
    const run = await newRun(text, events).reader.read();
    expect(points(run, '🔧 cpu/percent')).toEqual([[1, 2]]);
    expect(points(run, 'cpu/percent')).toEqual([[1, 3]]);
  });

  it('is found under the name that the event files give it, once they give one', async () => {
    const text = loss(1).replace('"value"', '"hnlich": {"gre": 9}, "timers": {"dt": 1}, "value"');
    const { reader, path } = newRun(text);
    expect((await reader.read()).series.map(({ tag }) => tag)).toEqual([
      'hnlich/gre',
      'value/loss',
      '🕒 timers/dt',
    ]);
    writeFileSync(path, Buffer.concat([encodeFileVersion(START), event(1, 9, 'ähnlich/gre')]));
    expect((await reader.read()).series.map(({ tag }) => tag)).toEqual([
      'value/loss',
      'ähnlich/gre',
      '🕒 timers/dt',
    ]);
  });
});

describe('at the pace of the event files', () => {
  const paced = async (text: string, events: Buffer[]) => {
    const { reader } = newRun(text, events);
    const run = await reader.read();
    return steps({ ...run, series: reader.paced() });
  };

  it('the metrics log tells of what they have not got yet, and always of the last step', async () => {
    const text = upTo(137)
      .map((step) => loss(step))
      .join('');
    expect(
      await paced(
        text,
        every(10, 100).map((step) => event(step)),
      ),
    ).toEqual([...every(10, 130), 137]);
    expect(
      await paced(
        text,
        every(10, 150).map((step) => event(step)),
      ),
    ).toEqual(every(10, 150));
    expect(
      await paced(
        text,
        every(2, 136).map((step) => event(step)),
      ),
    ).toEqual([...every(2, 136), 137]);
  });

  it('it is looked at every ten seconds where there are no event files', async () => {
    const text = upTo(25)
      .map((step) => loss(step))
      .join('');
    expect(await paced(text, [])).toEqual([1, 11, 21, 25]);
  });
});

describe('a run that was resumed a moment ago', () => {
  /** What the first process wrote, a minute before the metrics log was written anew. */
  async function resumed(text: string, secondsAgo = 60) {
    const before = every(10, 1_000).flatMap((step) => [event(step), event(step, step, 'lr')]);
    const { reader, path, folder } = newRun(text, before);
    const then = Date.now() / 1_000 - secondsAgo;
    utimesSync(path, then, then);
    // Begun, and not yet written to.
    const next = join(folder, 'tensorboard/light/events.out.tfevents.1700002000.host.2.0');
    writeFileSync(next, encodeFileVersion(START + 2_000));
    return reader.read();
  }
  const text = upTo(20, 501)
    .map((step) => line(step, `"loss": ${-step}`, step + 30))
    .join('');

  it('ends where its metrics log does, though no event of it is written yet, and so does what it logs no more', async () => {
    const run = await resumed(text);
    expect(steps(run)).toEqual([...every(10, 500), ...upTo(20, 501)]);
    expect(latest(run.series.find(({ tag }) => tag === 'value/loss')!)!.value).toBe(-520);
    expect(steps(run, 'lr')).toEqual(every(10, 500));
  });

  it('is not taken for one while both logs are being written: event files may be ahead', async () => {
    expect(steps(await resumed(text, 5)).at(-1)).toBe(1_000);
  });
});

describe('the metrics log', () => {
  it('tells by itself of a run without event files, and event files of a run without it', async () => {
    const { reader, log } = newRun(loss(1) + loss(2));
    expect(await reader.read()).toMatchObject({ absence: null, corruptRecords: 0 });
    expect(steps(await reader.read())).toEqual([1, 2]);
    rmSync(log);
    expect(await reader.read()).toMatchObject({ series: [], absence: 'files' });
    const other = newRun('', [event(1), event(2)]);
    rmSync(other.log);
    expect(steps(await other.reader.read())).toEqual([1, 2]);
  });

  it('of several processes is that of the first', async () => {
    const { reader, log, folder } = newRun();
    rmSync(log);
    writeFileSync(join(folder, 'json', 'log1.jsonl'), loss(9, 9));
    writeFileSync(join(folder, 'json', 'log0.jsonl'), loss(5) + loss(6));
    expect(steps(await reader.read())).toEqual([5, 6]);
  });

  it('may hold numbers that JSON has no word for, and texts that look like them', async () => {
    const text = [
      loss(1, 'NaN'),
      loss(2, '-Infinity'),
      line(3, '"loss": Infinity, "text": "it is NaN, \\"-Infinity\\" or \\\\", "word": "NaN", "none": null'),
      line(4, '"loss": true, "list": [NaN], "constructor": 1'),
    ].join('');
    const run = await newRun(text).reader.read();
    expect(run.corruptRecords).toBe(0);
    expect(points(run)).toEqual([
      [1, Number.NaN],
      [2, Number.NEGATIVE_INFINITY],
      [3, Number.POSITIVE_INFINITY],
      [4, 1],
    ]);
    expect(run.series.map(({ tag }) => tag)).toEqual(['value/constructor', 'value/loss']);
  });

  it('holds messages and lines of other programs, of which the damaged are counted', async () => {
    const text = `${loss(1)}{"ping": {"message": "Step 1 took 4 second", "lineno": 3}}\n\n{"status": {}}\n{"state": {"num_st${loss(2)}[1]\n{"state": 7}\n`;
    const run = await newRun(text + loss(3)).reader.read();
    expect(run.corruptRecords).toBe(2);
    expect(steps(run)).toEqual([1, 3]);
  });

  it('gives the same at every moment while it grows byte by byte', async () => {
    const { log, reader } = newRun();
    const whole = upTo(30)
      .map((step) => loss(step))
      .join('');
    for (let at = 0, size = 1; at < whole.length; at += size, size = (size * 7) % 150 || 1) {
      appendFileSync(log, whole.slice(at, at + size));
      const run = await reader.read();
      expect(run.corruptRecords).toBe(0);
      const found = steps(run);
      expect(found).toEqual(upTo(found.length));
      expect(found.length).toBeGreaterThanOrEqual(whole.slice(0, at + size).split('\n').length - 1);
    }
    expect(steps(await reader.read())).toEqual(upTo(30));
  });

  it('is waited for where a network file system shows zeros for a while', async () => {
    const { log, reader } = newRun(loss(1) + loss(2));
    const late = loss(3) + loss(4);
    appendFileSync(log, `${'\0'.repeat(40)}\n${'\0'.repeat(late.length - 41)}`);
    expect(steps(await reader.read())).toEqual([1, 2]);
    const file = openSync(log, 'r+');
    writeSync(file, late, loss(1).length + loss(2).length);
    closeSync(file);
    utimesSync(log, new Date(), new Date(Date.now() + 5_000));
    const run = await reader.read();
    expect([steps(run), run.corruptRecords]).toEqual([[1, 2, 3, 4], 0]);
  });

  it('is read anew when it was written anew, whatever its size', async () => {
    const { log, reader } = newRun(loss(1) + loss(2) + loss(3));
    await reader.read();
    truncateSync(log, 0);
    expect(steps(await reader.read())).toEqual([]);
    appendFileSync(log, loss(2, 20) + loss(3, 30));
    expect(points(await reader.read())).toEqual([
      [2, 20],
      [3, 30],
    ]);
    truncateSync(log, 0);
    appendFileSync(
      log,
      upTo(9, 3)
        .map((step) => loss(step, 5))
        .join(''),
    );
    expect(steps(await reader.read())).toEqual(upTo(9, 3));
  });

  it('begins a new pass of every metric where its steps begin again', async () => {
    const both = (step: number) => line(step, `"loss": ${step}, "old": 1`);
    const { log, reader } = newRun(upTo(5).map(both).join(''));
    await reader.read();
    appendFileSync(log, loss(3, 30) + loss(4, 40));
    const run = await reader.read();
    expect(points(run)).toEqual([
      [1, 1],
      [2, 2],
      [3, 30],
      [4, 40],
    ]);
    expect(steps(run, 'value/old')).toEqual([1, 2]);
  });

  it('is read to its end alone where it is large, and from then on as it grows', async () => {
    const text = upTo(12_000).map(wide).join('');
    expect(text.length).toBeGreaterThan(6 << 20);
    const { log, reader, bytesRead } = newRun(
      text,
      upTo(1_200).map((count) => event(count * 10)),
    );
    const run = await reader.read();
    expect(bytesRead()).toBeLessThan(1 << 20);
    expect(latest(run.series[0]!)).toMatchObject({ step: 12_000, value: 12_000 });
    // The end is no denser than a log of that length that was read whole: one line in four.
    expect(run.series[0]!.length - 1_200).toBeLessThan((256 << 10) / wide(1).length / 4);
    const before = bytesRead();
    appendFileSync(log, wide(12_001));
    expect(latest((await reader.read()).series[0]!)).toMatchObject({ step: 12_001 });
    expect(bytesRead() - before).toBeLessThan(2_000);
  });

  it('keeps what was read while it was small when it has become large', async () => {
    const { log, reader } = newRun(upTo(3_000).map(loss).join(''));
    expect(steps(await reader.read())).toEqual(upTo(3_000));
    appendFileSync(
      log,
      upTo(1_000, 3_001)
        .map((step) => wide(step).repeat(12))
        .join(''),
    );
    const run = await reader.read();
    expect(run.corruptRecords).toBe(0);
    expect(steps(run)).toEqual(upTo(4_000));
  });

  it('takes a bounded memory, evenly over the run, and keeps every point of a rare metric', async () => {
    const text = upTo(30_000).map((step) =>
      step % 500 === 0 ? line(step, `"loss": ${step}, "rare": 1`) : loss(step),
    );
    const { log, reader } = newRun(text.slice(0, 10_000).join(''));
    await reader.read();
    appendFileSync(log, text.slice(10_000).join(''));
    const run = await reader.read();
    const found = steps(run);
    expect(found.length).toBeGreaterThan(2_000);
    expect(found.length).toBeLessThan(4_200);
    expect(found.at(-1)).toBe(30_000);
    const spaces = new Set(found.slice(1, -1).map((step, index) => step! - found[index]!));
    expect(spaces).toEqual(new Set([8]));
    expect(steps(run, 'value/rare')).toEqual(upTo(60).map((count) => count * 500));
  });

  it('leaves a line out that would hold everything else up, and reads those after it', async () => {
    const huge = line(2, `"text": "${'x'.repeat(5 << 20)}"`);
    const { log, reader } = newRun(loss(1));
    await reader.read();
    appendFileSync(log, huge + loss(3));
    const run = await reader.read();
    expect([steps(run), run.corruptRecords]).toEqual([[1, 3], 1]);
    const long = newRun(line(1, `"text": "${'x'.repeat(1_500_000)}", "loss": 1`) + loss(2));
    expect(steps(await long.reader.read())).toEqual([1, 2]);
  });

  it('does not fill the memory where a run names its metrics by step', async () => {
    const text = upTo(5_000)
      .map((step) => line(step, `"m${step}": 1`))
      .join('')
      .replaceAll('"value"', '"own"');
    const run = await newRun(text + loss(5_001)).reader.read();
    expect(run).toMatchObject({ tagsKept: 2_000, series: { length: 2_001 } });
    expect(steps(run)).toEqual([5_001]);
  });
});
