import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { addRow, EVENTUALLY, PATIENT, useLog, withCell } from './log-on-disk.ts';
import { createWorld, job, rowsOf } from './world.ts';

const log = useLog();
beforeEach(() => log.openWithJobs());

describe('the log on disk', () => {
  it('follows a change by itself', async () => {
    log.experiments.editor.edit('job-0000002', { hypothesis: 'wider, "better"' });
    await vi.waitFor(
      () => expect(rowsOf(log.world.csvPath).get('job-0000002')?.hypothesis).toBe('wider, "better"'),
      EVENTUALLY,
    );
    expect(log.experiments.health()).toEqual({ name: 'experiment log', ok: true, detail: log.world.csvPath });
  });

  it('keeps its mode', async () => {
    chmodSync(log.world.csvPath, 0o640);
    log.experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
    await log.experiments.settled();
    expect(statSync(log.world.csvPath).mode & 0o777).toBe(0o640);
  });

  it('is not touched when nothing has changed', async () => {
    const before = statSync(log.world.csvPath);
    await log.experiments.settled();
    expect(statSync(log.world.csvPath).ino).toBe(before.ino);
  });

  it('is written in spite of what a killed process has left, and not through a link in its place', async () => {
    const victim = join(log.world.dir, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(log.folder(), '.experiment_log.csv.xaxbot.tmp'));
    log.experiments.editor.edit('job-0000001', { hypothesis: 'wider' });
    await log.experiments.settled();
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(rowsOf(log.world.csvPath).get('job-0000001')?.hypothesis).toBe('wider');
    expect(readdirSync(log.folder())).toEqual(['experiment_log.csv']);
  });

  it('comes back, with its folder, when somebody removed them', async () => {
    const text = log.onDisk();
    rmSync(log.folder(), { recursive: true });
    await log.experiments.settled();
    expect(log.onDisk()).toBe(text);
  });

  it('is written as soon as its folder can be, and until then health says why it is not', async () => {
    const second = createWorld();
    try {
      writeFileSync(join(second.xaxHome, 'experiments'), 'a file where a folder should be');
      const late = second.open();
      await late.start();
      late.jobsChanged([job(1)]);
      await late.settled();
      expect(late.health()).toMatchObject({
        ok: false,
        detail: expect.stringContaining('cannot be kept in sync'),
      });
      rmSync(join(second.xaxHome, 'experiments'));
      await vi.waitFor(() => expect(rowsOf(second.csvPath).size).toBe(1), EVENTUALLY);
      await vi.waitFor(() => expect(late.health().ok).toBe(true), EVENTUALLY);
    } finally {
      await second.close();
    }
  });
});

describe('half a file', () => {
  it('is waited for: it is neither read as it is nor written over', async () => {
    await log.openWithJobs(PATIENT);
    const text = addRow('lr-003')(log.onDisk());
    const script = openSync(log.world.csvPath, 'w');
    log.experiments.editor.edit('job-0000003', { hypothesis: 'ours' });
    const step = Math.ceil(text.length / 4);
    for (let from = 0; from < text.length; from += step) {
      writeSync(script, text.slice(from, from + step));
      await sleep(100);
      if (from + step < text.length) expect(log.onDisk()).toBe(text.slice(0, from + step));
    }
    closeSync(script);
    await log.experiments.settled();
    expect(rowsOf(log.world.csvPath).get('job-0000003')?.hypothesis).toBe('ours');
    expect(log.onDisk()).toBe(log.experiments.csv.text());
    expect(rowsOf(log.world.csvPath).size).toBe(4);
    expect(log.world.notices).toEqual([]);
  });

  it('that stays so costs no text: a cell that is cut off is taken from the database', async () => {
    log.experiments.editor.edit('job-0000003', { notes: 'ada: a long note' });
    await log.experiments.settled();
    const text = log.onDisk();
    log.writeInPlace(text.slice(0, text.indexOf(' long note')));
    await log.experiments.settled();
    expect(log.onDisk()).toBe(text);
  });

  it('without its last line end only is read as it stands', async () => {
    log.edit((text) => withCell(text, 'job-0000003', 'notes', 'typed here').trimEnd());
    await log.experiments.settled();
    expect(rowsOf(log.world.csvPath).get('job-0000003')?.notes).toBe('typed here');
  });
});

it('a log in a folder that was there before is resumed at the start, with what people did while we were away', async () => {
  log.experiments.editor.edit('job-0000001', { hypothesis: 'wider' });
  await log.experiments.stop();
  log.edit((text) => withCell(text, 'job-0000002', 'next_action', 'done by hand'));
  mkdirSync(log.folder(), { recursive: true });
  const next = log.world.open();
  await next.start();
  expect(next.rows.get('job-0000002')?.next_action).toBe('done by hand');
  expect(next.rows.get('job-0000001')?.hypothesis).toBe('wider');
});
