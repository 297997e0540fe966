import {
  appendFileSync,
  closeSync,
  openSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { latest } from '../../src/core/series.ts';
import { event, line, loss, newRun, points, steps, upTo, wide } from './xax-run.ts';

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
