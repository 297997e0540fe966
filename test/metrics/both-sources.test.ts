import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { latest } from '../../src/core/series.ts';
import { encodeFileVersion } from '../../src/metrics/tfevents-writer.ts';
import { FIXTURES } from '../recorded.ts';
import { event, every, line, loss, newRun, points, recorded, START, steps, upTo } from './xax-run.ts';

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
    return steps({ ...run, series: await reader.paced() });
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
