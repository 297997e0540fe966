import { beforeEach, describe, expect, it } from 'vitest';
import { formatRow } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { useLog, withCell } from './log-on-disk.ts';
import { job, row } from './world.ts';

const log = useLog();
beforeEach(async () => {
  log.pass(1);
  await log.openWithJobs();
});

describe('a row that a file holds in its own way', () => {
  it('without an id, or with the id of another, is made once, however often the file is saved', async () => {
    const copy = log.onDisk();
    const extra = formatRow(row({ experiment_id: 'job-0000001', hypothesis: 'a second one' }));
    const unnamed = formatRow(row({ hypothesis: 'without an id' }));
    for (let time = 0; time < 4; time += 1) await log.save(copy + extra + unnamed);
    const ids = parseExperimentLog(log.onDisk()).rows.map(({ fields }) => fields.experiment_id);
    expect(ids).toEqual(['job-0000001', 'job-0000002', 'job-0000003', 'job-0000001~2', 'unnamed-1']);
    expect(log.world.notices).toHaveLength(2);
  });

  it('with a comma that nobody quoted is put right where that is certain, else kept in notes', async () => {
    await log.save(log.onDisk().replace(/^(job-0000001,.*,)multi\r$/m, '$1multi, and more\r'));
    expect(log.experiments.rows.get('job-0000001')!.notes).toBe('multi, and more');
    await log.save(
      withCell(log.onDisk(), 'job-0000002', 'hypothesis', 'wider; better').replace(
        'wider; better',
        'wider, better',
      ),
    );
    expect(log.experiments.rows.get('job-0000002')!.hypothesis).toBe('wider, better');
    const torn = log
      .onDisk()
      .replace(
        /^job-0000003,.*\r$/m,
        (line) => `${line.replace('completed', 'done, well').slice(0, -1)},x\r`,
      );
    await log.save(torn);
    expect(log.experiments.rows.get('job-0000003')).toMatchObject({ status: 'completed', hypothesis: '' });
    expect(log.said('job-0000003')).toContain('done |  well');
    expect(log.world.notices.at(-1)).toMatch(
      /job-0000003 has more cells in the experiment log than the header/,
    );
  });

  it('under the id of a job that a plan took over gives what it says to the planned row', async () => {
    log.experiments.plans.add({ name: 'lr-9', hypothesis: 'lower', owner: 'ada' });
    log.experiments.plans.join('lr-9', job(3));
    await log.experiments.settled();
    log.pass(5);
    const line = formatRow(
      row({
        experiment_id: 'job-0000003',
        queue_job_id: 'job-0000003',
        objective_metric: 'value/loss',
        objective_value: '0.2',
        next_action: 'halve it',
        updated_at: log.pass(0),
      }),
    );
    await log.save(log.onDisk() + line);
    expect(log.experiments.rows.get('lr-9')).toMatchObject({
      objective_value: '0.2',
      next_action: 'halve it',
      hypothesis: 'lower',
    });
    expect([...log.experiments.rows.pages()].flat()).toHaveLength(3);
  });
});
