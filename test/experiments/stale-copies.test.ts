import { beforeEach, describe, expect, it } from 'vitest';
import { formatRow } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { synced, useLog, withCell } from './log-on-disk.ts';
import { row } from './world.ts';

const log = useLog();
beforeEach(async () => {
  log.pass(1);
  await log.openWithJobs();
});

describe("a person's words in the file", () => {
  it('are not undone by a program or a person that had read the file before', async () => {
    const before = log.onDisk();
    await log.save(withCell(before, 'job-0000001', 'hypothesis', 'wider is better'));
    await log.save(withCell(before, 'job-0000002', 'hypothesis', "another person's"));
    expect(log.said('job-0000001')).toContain('wider is better');
    expect(log.said('job-0000002')).toContain("another person's");
    expect(log.onDisk()).toContain('wider is better');
  });

  it('are not undone by a sync that had read the file before, and that marks every row as new', async () => {
    const before = log.onDisk();
    await log.save(withCell(before, 'job-0000001', 'result_summary', 'refuted: it diverges'));
    await log.save(synced(before, log.pass(0)));
    expect(log.experiments.rows.get('job-0000001')!.result_summary).toBe('refuted: it diverges');
  });

  it('in a column that somebody added neither, though the copy has none there', async () => {
    const before = withCell(log.onDisk(), 'job-0000001', 'mood', '');
    await log.save(withCell(before, 'job-0000001', 'mood', 'good'));
    await log.save(withCell(before, 'job-0000002', 'mood', 'bad'));
    const moods = parseExperimentLog(log.onDisk()).rows.map(({ extra }) => extra.mood ?? '');
    expect(moods).toEqual(['good', 'bad', '']);
    await log.save(withCell(log.onDisk(), 'job-0000001', 'mood', ''));
    expect(parseExperimentLog(log.onDisk()).rows[0]!.extra.mood ?? '').toBe('');
  });

  it('may be set back by whoever has read the newer ones', async () => {
    await log.save(withCell(log.onDisk(), 'job-0000001', 'hypothesis', 'one'));
    log.pass(10);
    await log.save(withCell(log.onDisk(), 'job-0000001', 'hypothesis', 'two'));
    log.pass(10);
    await log.save(withCell(log.onDisk(), 'job-0000001', 'hypothesis', 'one'));
    expect(log.experiments.rows.get('job-0000001')!.hypothesis).toBe('one');
    expect(log.world.notices).toEqual([]);
  });

  it('of an older copy that stand over newer ones are named, so that nobody wonders', async () => {
    await log.save(withCell(log.onDisk(), 'job-0000001', 'hypothesis', 'one'));
    const copy = log.onDisk();
    log.pass(10);
    await log.save(withCell(copy, 'job-0000001', 'hypothesis', 'two'));
    await log.save(copy);
    expect(log.experiments.rows.get('job-0000001')!.hypothesis).toBe('two');
    expect(log.world.notices).toEqual([
      expect.stringContaining('over newer text, which was kept: job-0000001 hypothesis ("one")'),
    ]);
  });

  it('and those said here at the same time are both kept, though the file has ours already', async () => {
    const before = log.onDisk();
    log.pass(1);
    log.experiments.editor.edit('job-0000001', { result_summary: 'confirmed: in chat' });
    await log.experiments.settled();
    const theirs = withCell(before, 'job-0000001', 'result_summary', 'refuted: by a script');
    await log.save(withCell(theirs, 'job-0000001', 'updated_at', log.pass(0.1)));
    expect(log.said('job-0000001')).toContain('refuted: by a script');
    expect(log.said('job-0000001')).toContain('confirmed: in chat');
    expect(log.world.notices).toEqual([
      expect.stringContaining('changed both here and in the experiment log'),
    ]);
  });
});

it("a person's superseded is not undone by the queue's word for the row's job", async () => {
  await log.save(
    log.onDisk() +
      formatRow(row({ experiment_id: 'by-hand', queue_job_id: 'job-0000099', status: 'superseded' })),
  );
  log.pass(60);
  await log.save(withCell(log.onDisk(), 'by-hand', 'status', 'completed'));
  expect(log.experiments.rows.get('by-hand')!.status).toBe('superseded');
});

describe('somebody who saves again within a minute, without having read the file anew', () => {
  it('goes on with what they saved: the later text stands, and it is no conflict', async () => {
    const copy = log.onDisk();
    for (const text of ['w', 'wider', 'wider is better', 'deeper']) {
      log.pass(0.3);
      await log.save(withCell(copy, 'job-0000001', 'hypothesis', text));
    }
    expect(log.experiments.rows.get('job-0000001')).toMatchObject({ hypothesis: 'deeper', notes: 'multi' });
    expect(log.world.notices).toEqual([]);
  });

  it('also in a row that they added, in a column that they added, and across a restart', async () => {
    const added = log.onDisk() + formatRow(row({ experiment_id: 'lr-9', hypothesis: 'one' }));
    await log.save(withCell(added, 'lr-9', 'mood', 'good'));
    log.pass(0.5);
    await log.restart();
    await log.save(withCell(withCell(added, 'lr-9', 'mood', 'bad'), 'lr-9', 'hypothesis', 'two'));
    expect(log.experiments.rows.get('lr-9')).toMatchObject({ hypothesis: 'two', notes: '' });
    expect(parseExperimentLog(log.onDisk()).rows.at(-1)!.extra).toEqual({ mood: 'bad' });
    expect(log.world.notices).toEqual([]);
  });

  it('does not take back what was said in chat meanwhile: both are kept, and it is said', async () => {
    const copy = log.onDisk();
    await log.save(withCell(copy, 'job-0000001', 'hypothesis', 'one'));
    log.experiments.editor.edit('job-0000001', { hypothesis: 'in chat' });
    await log.experiments.settled();
    log.pass(0.5);
    await log.save(withCell(copy, 'job-0000001', 'hypothesis', 'two'));
    expect(log.experiments.rows.get('job-0000001')).toMatchObject({
      hypothesis: 'two',
      notes: 'multi\n[hypothesis here was: in chat]',
    });
    expect(log.world.notices).toEqual([
      expect.stringContaining('changed both here and in the experiment log'),
    ]);
  });

  it('is told from another person, whose copy is older or has none of it', async () => {
    const older = log.onDisk();
    log.pass(1);
    log.experiments.editor.edit('job-0000003', { hypothesis: 'elsewhere' });
    await log.experiments.settled();
    await log.save(withCell(log.onDisk(), 'job-0000001', 'hypothesis', 'one'));
    log.pass(0.3);
    await log.save(withCell(older, 'job-0000001', 'hypothesis', 'two'));
    expect(log.said('job-0000001')).toMatch(/two[\s\S]*one/);
    await log.save(withCell(log.onDisk(), 'job-0000002', 'hypothesis', 'three'));
    await log.save(withCell(older, 'job-0000002', 'next_action', 'four'));
    expect(log.experiments.rows.get('job-0000002')).toMatchObject({
      hypothesis: 'three',
      next_action: 'four',
    });
  });
});
