import { statSync, truncateSync, utimesSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { formatExperimentLog } from '../../src/experiments/csv.ts';
import { useLog, withCell } from './log-on-disk.ts';
import { row, rowsOf } from './world.ts';

const log = useLog();
beforeEach(() => log.openWithJobs());

/** What stands in the file, and behind it so many experiments of somebody's. */
function withRows(count: number, from = 0): string {
  const rows = Array.from({ length: count }, (_, index) =>
    row({
      experiment_id: `lr-${from + index}`,
      status: 'completed',
      hypothesis: `a lower rate than of lr-${from + index} settles lower, "so to say"`,
      notes:
        'warm-up of a thousand steps, then cosine down to nothing; the seeds are those of the study before',
    }),
  );
  return log.onDisk() + formatExperimentLog(rows).replace(/^.*\r\n/, '');
}

describe('a large log', () => {
  it('of somebody else is taken in, and so is one edit of it, and ours', async () => {
    await log.save(withRows(25_000));
    expect(statSync(log.world.csvPath).size).toBeGreaterThan(4 * 1024 * 1024);
    expect(log.experiments.rows.count()).toBe(25_003);
    expect(log.experiments.health().ok).toBe(true);
    expect(log.onDisk()).toBe(log.experiments.csv.text());
    await log.save(log.onDisk().replace('than of lr-24000 settles', 'than of lr-24000 diverges'));
    expect(log.experiments.rows.get('lr-24000')?.hypothesis).toContain('diverges');
    log.experiments.editor.edit('lr-7', { hypothesis: 'a higher one' });
    await log.experiments.settled();
    expect(rowsOf(log.world.csvPath).get('lr-7')?.hypothesis).toBe('a higher one');
    expect(rowsOf(log.world.csvPath).get('lr-24000')?.hypothesis).toContain('diverges');
    expect(log.world.notices).toEqual([]);
  });

  it('of more rows than are taken in is left as it stands, and told once; made smaller it is taken in, with all that was written here', async () => {
    const before = log.onDisk();
    const lines = Array.from({ length: 100_000 }, (_, index) => `lr-${index},,,planned\r\n`);
    await log.save(before + lines.join(''));
    const { ino, size } = statSync(log.world.csvPath);
    log.experiments.editor.edit('job-0000001', { hypothesis: 'ours' });
    await log.experiments.settled();
    await log.experiments.settled();
    expect(statSync(log.world.csvPath)).toMatchObject({ ino, size });
    expect(log.experiments.rows.count()).toBe(3);
    expect(log.experiments.health()).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/is not read: .*at most 100000 rows are read/),
    });
    expect(log.world.notices).toEqual([expect.stringMatching(/at most 100000 rows are read.*new session/)]);
    await log.save(before + lines.slice(0, 500).join(''));
    expect(log.experiments.rows.count()).toBe(503);
    expect(log.experiments.health().ok).toBe(true);
    expect(rowsOf(log.world.csvPath).get('job-0000001')?.hypothesis).toBe('ours');
  });

  it('of more bytes than are read is left as it stands, and told once', async () => {
    truncateSync(log.world.csvPath, 64 * 1024 * 1024 + 1);
    await log.experiments.settled();
    await log.experiments.settled();
    expect(statSync(log.world.csvPath).size).toBe(64 * 1024 * 1024 + 1);
    expect(log.world.notices).toEqual([expect.stringMatching(/at most 67108864 bytes are read/)]);
  });

  it('that is being taken in does not hold up a stop, and the next start takes it in whole', async () => {
    await log.openWithJobs({ stopMs: 0 });
    const text = withRows(3_000);
    log.writeInPlace(text);
    await log.experiments.stop();
    expect(log.onDisk()).toBe(text);
    await log.restart();
    await log.experiments.settled();
    expect(log.experiments.rows.count()).toBe(3_003);
    expect(log.onDisk()).toBe(log.experiments.csv.text());
  });
});

describe('a file that is not read again', () => {
  /** Another word of the same length, with the file's own time as it was. */
  function editUnseen(): void {
    const { mtime } = statSync(log.world.csvPath);
    log.edit((text) => withCell(text, 'job-0000002', 'hypothesis', 'wider'));
    utimesSync(log.world.csvPath, mtime, mtime);
  }
  beforeEach(async () => {
    log.experiments.editor.edit('job-0000002', { hypothesis: 'later' });
    await log.experiments.settled();
    // Long enough ago that its times are relied on.
    utimesSync(log.world.csvPath, new Date(), new Date(Date.now() - 60_000));
    await log.experiments.settled();
  });

  it('is read when somebody wrote it, whatever size and time it has', async () => {
    const { size } = statSync(log.world.csvPath);
    editUnseen();
    expect(statSync(log.world.csvPath).size).toBe(size);
    await log.experiments.settled();
    expect(log.experiments.rows.get('job-0000002')?.hypothesis).toBe('wider');
  });

  it('is read at the start when somebody wrote it meanwhile', async () => {
    await log.experiments.stop();
    editUnseen();
    await log.restart();
    expect(log.experiments.rows.get('job-0000002')?.hypothesis).toBe('wider');
  });

  it('stands at the start as it stood, with all that changes later', async () => {
    const { ino } = statSync(log.world.csvPath);
    await log.restart();
    expect(statSync(log.world.csvPath).ino).toBe(ino);
    expect(log.onDisk()).toBe(log.experiments.csv.text());
    log.experiments.editor.edit('job-0000003', { hypothesis: 'ours' });
    await log.save(withCell(log.onDisk(), 'job-0000001', 'notes', 'theirs'));
    expect(rowsOf(log.world.csvPath).get('job-0000003')?.hypothesis).toBe('ours');
    expect(rowsOf(log.world.csvPath).get('job-0000001')?.notes).toBe('theirs');
  });
});
