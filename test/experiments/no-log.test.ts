import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EXPERIMENT_COLUMNS } from '../../src/core/experiment.ts';
import { formatRow } from '../../src/experiments/csv.ts';
import { addRow, EVENTUALLY, PATIENT, useLog } from './log-on-disk.ts';
import { createWorld, row } from './world.ts';

const log = useLog();
beforeEach(() => log.openWithJobs());

describe('what makes no sense in a log', () => {
  it('is kept as it stands, and said once', async () => {
    const rows = [
      row({ experiment_id: 'a', parent_experiment_id: 'b' }),
      row({ experiment_id: 'b', parent_experiment_id: 'a' }),
      row({ experiment_id: 'c', parent_experiment_id: 'nobody', objective_value: 'nan' }),
      row({ experiment_id: '../d', metrics_json: '[1, 2]' }),
      row({
        experiment_id: 'fine',
        parent_experiment_id: 'a',
        metrics_json: '{"x": NaN}',
        objective_value: '1',
      }),
    ];
    writeFileSync(log.world.csvPath, log.onDisk() + rows.map((each) => formatRow(each)).join(''));
    await log.experiments.settled();
    await log.experiments.settled();
    expect(log.world.notices).toEqual([
      'The experiment log contains values that make no sense; they are kept as they are. ' +
        'a: its parent b follows it itself, a loop. b: its parent a follows it itself, a loop. ' +
        'c: its objective_value "nan" is not a number, so it is ignored. ' +
        'c: its parent nobody is not in the log. ../d: its id looks like a path; commands do not make such ids. ' +
        'And more.',
    ]);
    expect(log.experiments.rows.get('c')).toMatchObject({
      parent_experiment_id: 'nobody',
      objective_value: 'nan',
    });
    expect(log.onDisk()).toContain('[1, 2]');
  });
});

it('what makes no sense is not said of a log that is read for the first time', async () => {
  const other = createWorld();
  mkdirSync(dirname(other.csvPath), { recursive: true });
  const line = formatRow(row({ experiment_id: 'c', parent_experiment_id: 'x' }));
  writeFileSync(other.csvPath, `${EXPERIMENT_COLUMNS.join(',')}\r\n${line}`);
  const adopted = other.open();
  await adopted.start();
  expect(adopted.rows.get('c')?.parent_experiment_id).toBe('x');
  expect(other.notices).toEqual([]);
  await other.close();
});

describe('a file that is no log', () => {
  it.each([
    ['another table', 'name,value\r\na,1\r\n', /experiment_id/],
    ['an open quote', `${EXPERIMENT_COLUMNS.join(',')}\r\nlr-1,"never closed\r\n`, /not CSV/],
    ['no UTF-8', Buffer.from([...Buffer.from('experiment_id\r\nm'), 0xfc, 0x0d, 0x0a]), /UTF-8/],
  ])('(%s) is set aside, told of, and written anew', async (_what, content, reason) => {
    const text = log.onDisk();
    log.writeInPlace(content);
    await log.experiments.settled();
    expect(log.onDisk()).toBe(text);
    const aside = readdirSync(log.folder()).filter((name) => name.startsWith('experiment_log.broken-'));
    expect(aside).toEqual(['experiment_log.broken-20261123T152403Z.csv']);
    expect(readFileSync(join(log.folder(), aside[0]!))).toEqual(Buffer.from(content));
    expect(log.world.notices).toEqual([expect.stringMatching(reason)]);
    expect(log.world.notices[0]).toContain(aside[0]!);
  });

  it('never takes the name of one that was set aside before', async () => {
    for (const content of ['one\n', 'two\n']) {
      log.writeInPlace(content);
      await log.experiments.settled();
    }
    const aside = readdirSync(log.folder()).filter((name) => name.startsWith('experiment_log.broken-'));
    expect(aside.map((name) => readFileSync(join(log.folder(), name), 'utf8')).sort()).toEqual([
      'one\n',
      'two\n',
    ]);
  });

  it('is mended when it makes sense again in time', async () => {
    await log.openWithJobs(PATIENT);
    const text = log.onDisk();
    log.writeInPlace('nothing yet');
    await vi.waitFor(() => expect(log.experiments.health().ok).toBe(false), EVENTUALLY);
    log.writeInPlace(addRow('lr-003')(text));
    await log.experiments.settled();
    expect(log.experiments.rows.get('lr-003')).toBeDefined();
    expect(log.experiments.health().ok).toBe(true);
    expect(log.world.notices).toEqual([]);
  });
});

it('a file with NUL bytes, of two programs that wrote at once, is set aside', async () => {
  const text = log.onDisk();
  writeFileSync(log.world.csvPath, text.replace('\r\n', `\r\n${'\0'.repeat(2_000)}`));
  await vi.waitFor(() => expect(log.onDisk()).toBe(text), EVENTUALLY);
  expect(log.world.notices).toEqual([expect.stringContaining('NUL bytes')]);
});
