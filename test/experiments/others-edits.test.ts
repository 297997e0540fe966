import { closeSync, ftruncateSync, openSync, readdirSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EXPERIMENT_COLUMNS } from '../../src/core/experiment.ts';
import { formatRow } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { addRow, EVENTUALLY, useLog, withCell } from './log-on-disk.ts';
import { job, randomNumbers, row, rowsOf } from './world.ts';

const log = useLog();
beforeEach(() => log.openWithJobs());

describe("somebody else's edit", () => {
  it('is taken in by itself, and the card of the job hears of it', async () => {
    log.edit((text) => withCell(text, 'job-0000002', 'next_action', 'halve lr'));
    await vi.waitFor(
      () => expect(log.experiments.rows.get('job-0000002')?.next_action).toBe('halve lr'),
      EVENTUALLY,
    );
    await vi.waitFor(
      () => expect(log.world.edited).toEqual([`gpu1/job-0000002@${job(2).enqueuedAt}`]),
      EVENTUALLY,
    );
    expect(log.world.notices).toEqual([]);
  });

  it('stands beside a change of ours that came at the same time', async () => {
    log.edit((text) => addRow('lr-003')(withCell(text, 'job-0000002', 'next_action', 'halve lr')));
    log.experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
    await log.experiments.settled();
    expect(rowsOf(log.world.csvPath).get('job-0000002')).toMatchObject({
      next_action: 'halve lr',
      hypothesis: 'wider',
    });
    expect(log.experiments.rows.get('lr-003')?.hypothesis).toBe('of lr-003');
  });

  it('of the very field that we changed stands, ours is kept in notes, and it is said once', async () => {
    log.edit((text) => withCell(text, 'job-0000002', 'hypothesis', 'theirs'));
    log.experiments.editor.edit('job-0000002', { hypothesis: 'ours' });
    await log.experiments.settled();
    await log.experiments.settled();
    expect(rowsOf(log.world.csvPath).get('job-0000002')).toMatchObject({
      hypothesis: 'theirs',
      notes: 'multi\n[hypothesis here was: ours]',
    });
    expect(log.world.notices).toHaveLength(1);
    expect(log.world.notices[0]).toContain('job-0000002: hypothesis');
  });

  it("does not cost a person's words when it is the original sync's", async () => {
    log.experiments.editor.edit('job-0000001', {
      result_summary: 'diverged after step 2000',
      notes: 'see lr-003',
    });
    await log.experiments.settled();
    const words = log.onDisk();
    for (const time of ['2026-11-23T15:40:00Z', '2026-11-23T15:50:00Z']) {
      log.edit((text) =>
        ['result_summary:return_code=0', 'notes:multi', `updated_at:${time}`].reduce((before, pair) => {
          const [column, value] = pair.split(/:(.*)/s) as [(typeof EXPERIMENT_COLUMNS)[number], string];
          return withCell(before, 'job-0000001', column, value);
        }, text),
      );
      await log.experiments.settled();
      expect(log.onDisk()).toBe(withCell(words, 'job-0000001', 'updated_at', time));
    }
  });

  it('is none when a spreadsheet only saved it in its own way', async () => {
    const text = log.onDisk();
    const quoted = text
      .trimEnd()
      .split('\r\n')
      .map((line) =>
        line
          .split(',')
          .map((cell) => `"${cell}"`)
          .join(','),
      );
    log.writeInPlace(`\uFEFF${quoted.join('\n')}\n`);
    await log.experiments.settled();
    expect(log.onDisk()).toBe(text);
    expect(log.world.edited).toEqual([]);
  });

  it('made in an old copy changes what was edited, and nothing that was changed here since', async () => {
    const copy = log.onDisk();
    log.world.setTime('2026-11-23T16:00:00Z');
    log.experiments.editor.edit('job-0000002', { hypothesis: 'said in chat' });
    log.experiments.plans.add({ name: 'lr-003', hypothesis: 'planned in chat', owner: 'ada' });
    await log.experiments.settled();
    log.world.setTime('2026-11-23T17:00:00Z');
    log.writeInPlace(withCell(copy, 'job-0000002', 'next_action', 'typed for an hour'));
    await log.experiments.settled();
    const rows = rowsOf(log.world.csvPath);
    expect(rows.get('job-0000002')).toMatchObject({
      hypothesis: 'said in chat',
      next_action: 'typed for an hour',
    });
    expect(rows.get('lr-003')?.hypothesis).toBe('planned in chat');
  });

  it('by a script that had read the file just before we wrote it undoes nothing', async () => {
    const copy = log.onDisk();
    log.experiments.editor.edit('job-0000002', { hypothesis: 'said in chat' });
    await log.experiments.settled();
    log.writeInPlace(addRow('lr-003')(withCell(copy, 'job-0000002', 'updated_at', '2026-11-23T15:59:59Z')));
    await log.experiments.settled();
    expect(rowsOf(log.world.csvPath).get('job-0000002')?.hypothesis).toBe('said in chat');
    expect(log.experiments.rows.get('lr-003')).toBeDefined();
  });

  it('written into the file that we have just replaced is found there', async () => {
    const text = log.onDisk();
    const script = openSync(log.world.csvPath, 'r+');
    try {
      log.experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
      await log.experiments.settled();
      ftruncateSync(script);
      writeSync(script, addRow('lr-003')(text), 0);
    } finally {
      closeSync(script);
    }
    await vi.waitFor(
      () => expect(rowsOf(log.world.csvPath).get('lr-003')?.hypothesis).toBe('of lr-003'),
      EVENTUALLY,
    );
    expect(rowsOf(log.world.csvPath).get('job-0000002')?.hypothesis).toBe('wider');
  });

  it('is never lost in a crowd of scripts that write while we write', async () => {
    const random = randomNumbers(5);
    const ids = Array.from({ length: 20 }, (_, index) => `ext-${index}`);
    for (const [index, id] of ids.entries()) {
      const text = log.onDisk();
      log.experiments.editor.edit('job-0000003', { next_action: `step ${index}` });
      log.experiments.plans.add({ name: `own-${index}`, hypothesis: 'h', owner: 'ada' });
      await sleep(random() * 60);
      // A script reads and writes within milliseconds; it is we who may write in between.
      log.writeInPlace(addRow(id)(random() < 0.2 ? text : log.onDisk()));
      await sleep(random() * 60);
      if (!parseExperimentLog(log.onDisk()).rows.some(({ fields }) => fields.experiment_id === id))
        await log.experiments.settled();
    }
    // What went into a file that was replaced at that moment is looked for there a second later.
    await vi.waitFor(() => {
      const rows = rowsOf(log.world.csvPath);
      expect(ids.filter((id) => !rows.has(id))).toEqual([]);
    }, EVENTUALLY);
    await log.experiments.settled();
    const rows = rowsOf(log.world.csvPath);
    expect(ids.filter((_, index) => !rows.has(`own-${index}`))).toEqual([]);
    expect(rows.get('job-0000003')?.next_action).toBe('step 19');
    expect(log.onDisk()).toBe(log.experiments.csv.text());
  });

  it('may sort the rows and add columns, which stay so', async () => {
    const [header, ...lines] = log.onDisk().trimEnd().split('\r\n');
    const mood = lines.reverse().map((line, index) => `${line},mood ${index}`);
    const text = `${[`${header},mood`, ...mood].join('\r\n')}\r\n`;
    log.writeInPlace(text);
    await log.experiments.settled();
    log.experiments.editor.edit('job-0000002', { owner: 'ada' });
    await log.experiments.settled();
    // Who reads a row anew must be able to tell it from an older copy.
    const asRead = log.onDisk().replace(',ada,multi', ',,multi').replaceAll(':04Z,,multi,', ':03Z,,multi,');
    expect(asRead).toBe(text);
    log.experiments.jobsChanged([job(4)]);
    await log.experiments.settled();
    expect(log.onDisk().trimEnd().split('\r\n').at(-1)).toMatch(/^job-0000004,.*,multi,$/);
  });

  it('may remove columns, which come back with all that stood in them', async () => {
    log.experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
    await log.experiments.settled();
    const before = rowsOf(log.world.csvPath).get('job-0000002');
    const lines = [
      'experiment_id,status',
      'job-0000003,completed',
      'job-0000001,superseded',
      'job-0000002,completed',
      '',
    ];
    log.writeInPlace(lines.join('\r\n'));
    await log.experiments.settled();
    const rows = rowsOf(log.world.csvPath);
    expect([...rows.keys()]).toEqual(['job-0000003', 'job-0000001', 'job-0000002']);
    expect(rows.get('job-0000001')?.status).toBe('superseded');
    expect(rows.get('job-0000002')).toEqual(before);
    expect(before?.hypothesis).toBe('wider');
  });

  it('with an id twice, or none, is kept under an id of its own', async () => {
    log.edit(
      (text) =>
        `${text}job-0000001${','.repeat(12)}copied and changed${','.repeat(9)}\r\n${','.repeat(12)}no id${','.repeat(9)}\r\n`,
    );
    await log.experiments.settled();
    expect(log.experiments.rows.get('job-0000001~2')?.hypothesis).toBe('copied and changed');
    expect(log.experiments.rows.get('unnamed-1')?.hypothesis).toBe('no id');
    expect(log.experiments.rows.get('job-0000001')?.hypothesis).toBe('');
    expect(log.world.notices).toHaveLength(2);
    expect(log.onDisk()).toBe(log.experiments.csv.text());
  });

  it('that deletes a row does not: it comes back, and people are told', async () => {
    log.world.setTime('2026-11-24T00:00:00Z');
    const text = log.onDisk();
    log.writeInPlace(text.replace(/^job-0000002.*\r\n/m, ''));
    await log.experiments.settled();
    expect(log.onDisk()).toBe(text);
    expect(log.world.notices).toEqual([expect.stringContaining('job-0000002')]);
  });

  it('is text and nothing else, whatever it looks like', async () => {
    const cell = '=HYPERLINK("x")|$(touch /tmp/x)`id`<@U1>';
    log.edit(
      (text) =>
        text +
        formatRow(row({ experiment_id: '../../etc/passwd', status: 'weird', notes: cell, run_dir: '/etc' })),
    );
    await log.experiments.settled();
    expect(log.experiments.rows.get('../../etc/passwd')).toMatchObject({
      status: 'weird',
      notes: cell,
      run_dir: '/etc',
    });
    expect(readdirSync(log.folder())).toEqual(['experiment_log.csv']);
  });
});
