import { describe, expect, it } from 'vitest';
import { useLog } from './log-on-disk.ts';
import { job, rowsOf } from './world.ts';

const log = useLog();

describe('planned experiments', () => {
  it('get a name of their own, or a number', () => {
    const experiments = log.world.open({ name: 's1', objective: { metric: 'value/mae', mode: 'min' } });
    const named = experiments.plans.add({
      name: 'lr-003',
      hypothesis: 'smoother',
      command: 'python -m x',
      owner: 'ada',
    });
    expect(named).toMatchObject({
      experiment_id: 'lr-003',
      status: 'planned',
      objective_metric: 'value/mae',
      objective_mode: 'min',
      owner: 'ada',
    });
    expect(experiments.plans.add({ hypothesis: 'a', owner: 'ada' }).experiment_id).toBe('plan-1');
    expect(experiments.plans.add({ hypothesis: 'b', parent: 'lr-003', owner: 'ada' }).experiment_id).toBe(
      'plan-2',
    );
    expect(experiments.rows.get('plan-2')?.parent_experiment_id).toBe('lr-003');
  });

  it('are numbered through all sessions: a number names one plan', async () => {
    const experiments = log.world.open();
    expect(experiments.plans.add({ hypothesis: 'a', owner: 'ada' }).experiment_id).toBe('plan-1');
    await experiments.sessions.create('s2', {}, null);
    expect(experiments.plans.add({ hypothesis: 'b', owner: 'ada' }).experiment_id).toBe('plan-2');
    experiments.plans.add({ name: 'plan-00007', hypothesis: 'c', owner: 'ada' });
    experiments.plans.add({ name: 'plan-9x', hypothesis: 'd', owner: 'ada' });
    experiments.plans.add({ name: 'plan-20', hypothesis: 'e', owner: 'ada' });
    expect(experiments.plans.add({ hypothesis: 'f', owner: 'ada' }).experiment_id).toBe('plan-21');
  });

  it.each(['job-0000001', 'JOB-1', 'job7', '7', 'last', 'Running', 'none'])(
    'are refused the name %j, which means something else',
    (name) => {
      const experiments = log.world.open();
      expect(() => experiments.plans.add({ name, hypothesis: 'h', owner: 'ada' })).toThrowError(
        expect.objectContaining({ code: 'experiment-name', option: 'name' }),
      );
    },
  );

  it.each(['a/b', '..', 'a..b', '-x', '', 'ü', 'a b', 'x'.repeat(101)])('are refused the name %j', (name) => {
    const experiments = log.world.open();
    expect(() => experiments.plans.add({ name, hypothesis: 'h', owner: 'ada' })).toThrowError(
      expect.objectContaining({ code: 'experiment-name' }),
    );
  });

  it('are refused a name that is taken and a parent that is not there', () => {
    const experiments = log.world.open();
    experiments.plans.add({ name: 'lr', hypothesis: 'h', owner: 'ada' });
    expect(() => experiments.plans.add({ name: 'lr', hypothesis: 'h', owner: 'ada' })).toThrowError(
      expect.objectContaining({ code: 'experiment-exists' }),
    );
    expect(() => experiments.plans.add({ hypothesis: 'h', parent: 'nobody', owner: 'ada' })).toThrowError(
      expect.objectContaining({ code: 'unknown-parent' }),
    );
    expect(() => experiments.editor.edit('nobody', { notes: 'x' })).toThrowError(
      expect.objectContaining({ code: 'unknown-experiment' }),
    );
  });

  it("become their job's row, and nothing that was written meanwhile is lost", async () => {
    const experiments = log.world.open();
    await experiments.start();
    experiments.plans.add({ name: 'lr-003', hypothesis: 'smoother', owner: 'ada' });
    const running = job(7, { status: 'running', error: null, returnCode: null, endedAt: null });
    experiments.jobsChanged([running]);
    experiments.notes.add(running, { author: 'bob', text: 'looks slow', at: 0 });
    await experiments.settled();
    experiments.plans.join('lr-003', running);
    await experiments.settled();
    expect([...rowsOf(log.world.csvPath).keys()]).toEqual(['lr-003']);
    expect(experiments.rows.ofJob(running)).toMatchObject({
      experiment_id: 'lr-003',
      queue_job_id: 'job-0000007',
      status: 'running',
      hypothesis: 'smoother',
      run_dir: running.runDir,
      notes: 'bob: looks slow',
    });
    experiments.jobsChanged([job(7)]);
    expect(experiments.rows.get('lr-003')).toMatchObject({
      status: 'completed',
      result_summary: 'return_code=0',
    });
    expect(experiments.rows.get('job-0000007')).toBeUndefined();
  });

  it('stay with the first job when a second is launched from them', () => {
    const experiments = log.world.open();
    experiments.plans.add({ name: 'lr-003', hypothesis: 'smoother', owner: 'ada' });
    experiments.jobsChanged([job(7), job(8)]);
    experiments.plans.join('lr-003', job(7));
    experiments.plans.join('lr-003', job(8));
    expect(experiments.rows.ofJob(job(7))?.experiment_id).toBe('lr-003');
    expect(experiments.rows.ofJob(job(8))?.experiment_id).toBe('job-0000008');
  });
});

describe('a job whose launch was asked for in another session', () => {
  it('has its row there, with all that was written meanwhile, and none where it first stood', async () => {
    const experiments = log.world.open();
    await experiments.start();
    const first = experiments.session.info().id;
    await experiments.sessions.create('s2', {}, null);
    const second = experiments.ofSession(experiments.session.info().id);
    await experiments.sessions.use('s1', null);
    experiments.jobsChanged([job(7)]);
    experiments.notes.add(job(7), { author: 'bob', text: 'looks slow', at: 0 });
    await experiments.settled();
    expect(experiments.ofSession(first).rows.get('job-0000007')).toBeDefined();
    second.editor.takeJob(job(7));
    second.editor.takeJob(job(7));
    await experiments.settled();
    expect([...rowsOf(log.world.csvPath).keys()]).toEqual([]);
    const theirs = rowsOf(log.world.csvPath.replace('/s1/', '/s2/'));
    expect([...theirs.values()]).toMatchObject([
      { experiment_id: 'job-0000007', queue_job_id: 'job-0000007', notes: 'bob: looks slow' },
    ]);
    experiments.jobsChanged([job(7, { returnCode: 3, status: 'failed' })]);
    expect(second.rows.get('job-0000007')).toMatchObject({ status: 'failed' });
    expect(log.world.notices).toEqual([]);
  });
});
