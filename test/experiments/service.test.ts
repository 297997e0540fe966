import { describe, expect, it } from 'vitest';
import type { HowFar } from '../../src/core/how-far.ts';
import { inSlices } from '../../src/core/slices.ts';
import { formatExperimentLog } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { useLog } from './log-on-disk.ts';
import { fixture, HEADER, job, recordedJobs, row, rowsOf } from './world.ts';

const log = useLog();

describe('rows of jobs', () => {
  it('are, byte for byte, what the original sync wrote of the same queue', async () => {
    const experiments = log.world.open();
    await experiments.start();
    experiments.jobsChanged(recordedJobs('running'));
    await experiments.settled();
    expect(log.onDisk()).toBe(fixture('log/after_sync_running.csv'));

    log.world.setTime('2026-11-23T15:24:04Z');
    experiments.jobsChanged(recordedJobs('idle', 'ada'));
    await experiments.settled();
    expect(log.onDisk()).toBe(fixture('log/after_sync_idle.csv'));
    expect(experiments.csv.text()).toBe(log.onDisk());
  });

  it('are neither written nor scheduled by a change that no column shows', async () => {
    const experiments = log.world.open();
    await experiments.start();
    experiments.jobsChanged(recordedJobs('idle'));
    await experiments.settled();
    log.world.setTime('2026-11-23T18:00:00Z');
    const before = experiments.csv.text();
    experiments.jobsChanged(recordedJobs('idle').map((each) => ({ ...each, pid: 7, childPids: [8, 9] })));
    expect(experiments.csv.text()).toBe(before);
  });

  it('keep two runs apart that xax gave the same id', () => {
    const experiments = log.world.open();
    const first = job(1);
    const second = job(1, {
      enqueuedAt: Date.parse('2026-11-24T08:00:00.5Z') / 1000,
      runDir: '/srv/a/runs/1b',
    });
    experiments.jobsChanged([first, second]);
    expect(experiments.rows.ofJob(first)?.experiment_id).toBe('job-0000001');
    expect(experiments.rows.ofJob(second)?.experiment_id).toBe('job-0000001@20261124T080000Z');
  });

  it('are those of the log that is there already, planned by hand or written by the scripts', async () => {
    log.writeInPlace(
      fixture('log/after_upserts.csv').replace(
        'lr-003,job-0000006,,planned',
        'lr-003,job-0000006,job-0000012,queued',
      ),
    );
    const experiments = log.world.open();
    await experiments.start();
    log.world.setTime('2026-11-23T16:00:00Z');
    const twelfth = job(12, { status: 'running', error: null, returnCode: null });
    experiments.jobsChanged([...recordedJobs('idle'), twelfth]);
    expect([...experiments.rows.pages()].flat()).toHaveLength(12);
    expect(experiments.rows.ofJob(twelfth)).toMatchObject({
      experiment_id: 'lr-003',
      status: 'running',
      run_dir: twelfth.runDir,
    });
    expect(
      experiments.rows.ofJob(recordedJobs('idle').find(({ jobId }) => jobId === 'job-0000006')!),
    ).toMatchObject({
      objective_value: '0.2177734375',
      created_at: '2026-11-23T15:24:03Z',
      updated_at: '2026-11-23T15:24:04Z',
    });
  });

  it('leave a log as it is, byte for byte, that already says what the queue says', async () => {
    const text = fixture('log/after_upserts.csv');
    log.writeInPlace(text);
    const experiments = log.world.open();
    await experiments.start();
    experiments.jobsChanged(recordedJobs('idle'));
    await experiments.settled();
    expect(log.onDisk()).toBe(text);
  });

  it('take in a history of 10,000 jobs in one go', async () => {
    const experiments = log.world.open();
    await experiments.start();
    const history = Array.from({ length: 10_000 }, (_, index) => job(index + 1));
    experiments.jobsChanged(history);
    await experiments.settled();
    expect(rowsOf(log.world.csvPath).size).toBe(10_000);
    expect(log.onDisk()).toBe(experiments.csv.text());
  });

  it('stay as they were when the transaction that brought them is undone', async () => {
    const experiments = log.world.open();
    await experiments.start();
    const failing = log.world.db().transaction(() => {
      experiments.jobsChanged([job(1)]);
      throw new Error('disk full');
    });
    expect(() => failing()).toThrow('disk full');
    await experiments.settled();
    expect(log.onDisk()).toBe(HEADER);
  });
});

describe('sessions', () => {
  it('get a name once and keep it over restarts', async () => {
    const first = log.world.open({});
    expect(first.session.info().name).toBe('experiment-20261123-152403');
    log.world.setTime('2026-11-25T00:00:00Z');
    expect(log.world.open({}).session.info().name).toBe('experiment-20261123-152403');
  });

  it('start anew under another name, and go on where they were under the old one', async () => {
    const first = log.world.open();
    await first.start();
    first.jobsChanged([job(1)]);
    await first.stop();
    log.world.setTime('2026-11-24T00:00:00Z');
    const second = log.world.open({ name: 's2' });
    expect([...second.rows.pages()].flat()).toEqual([]);
    expect([...log.world.open().rows.pages()].flat()).toHaveLength(1);
  });

  it('are found again with all their words after the database was lost', async () => {
    const before = log.world.open();
    await before.start();
    before.jobsChanged([job(1)]);
    before.editor.edit('job-0000001', { hypothesis: 'wider', result_summary: 'diverged' });
    before.plans.add({ name: 'next', hypothesis: 'deeper', owner: 'ada' });
    await before.settled();
    const text = log.onDisk();
    await before.stop();
    log.world.loseMemory();
    const after = log.world.open({});
    await after.start();
    after.jobsChanged([job(1)]);
    await after.settled();
    expect(after.session.info().name).toBe('s1');
    expect(log.onDisk()).toBe(text);
    expect(parseExperimentLog(text).rows).toHaveLength(2);
    expect(log.world.notices).toEqual([]);
  });
});

it('a large log that is taken in says how many of its rows it has, in health too, and all of them are exported', async () => {
  const rows = Array.from({ length: 3_000 }, (_, index) => ({
    experiment_id: `run-${index}`,
    status: 'completed' as const,
    hypothesis: `is ${index} better?`,
  }));
  log.writeInPlace(formatExperimentLog(rows.map((values) => row(values))));
  const experiments = log.world.open();
  const seen: HowFar[] = [];
  const healthy: string[] = [];
  const timer = setInterval(() => {
    const far = experiments.sessions.howFar();
    if (far === null) return;
    seen.push(far);
    healthy.push(experiments.health().detail);
  }, 1);
  await experiments.start();
  clearInterval(timer);
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.every(({ of, unit }) => of === 3_000 && unit === 'rows')).toBe(true);
  expect(healthy[0]).toMatch(/: [\d,]+ of 3,000 rows taken in$/);
  expect(experiments.sessions.howFar()).toBeNull();
  const [, ...lines] = await inSlices(experiments.csv.table());
  expect(lines.map(([id]) => id)).toEqual(rows.map(({ experiment_id }) => experiment_id));
});
