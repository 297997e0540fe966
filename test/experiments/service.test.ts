import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HowFar } from '../../src/core/how-far.ts';
import { inSlices } from '../../src/core/slices.ts';
import { formatExperimentLog } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { createWorld, fixture, HEADER, job, recordedJobs, row, rowsOf, type World } from './world.ts';

let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const onDisk = () => readFileSync(world.csvPath, 'utf8');

function putLog(text: string): void {
  mkdirSync(dirname(world.csvPath), { recursive: true });
  writeFileSync(world.csvPath, text);
}

describe('rows of jobs', () => {
  it('are, byte for byte, what the original sync wrote of the same queue', async () => {
    const experiments = world.open();
    await experiments.start();
    experiments.jobsChanged(recordedJobs('running'));
    await experiments.settled();
    expect(onDisk()).toBe(fixture('log/after_sync_running.csv'));

    world.setTime('2026-11-23T15:24:04Z');
    experiments.jobsChanged(recordedJobs('idle', 'ada'));
    await experiments.settled();
    expect(onDisk()).toBe(fixture('log/after_sync_idle.csv'));
    expect(experiments.csv.text()).toBe(onDisk());
  });

  it('are neither written nor scheduled by a change that no column shows', async () => {
    const experiments = world.open();
    await experiments.start();
    experiments.jobsChanged(recordedJobs('idle'));
    await experiments.settled();
    world.setTime('2026-11-23T18:00:00Z');
    const before = experiments.csv.text();
    experiments.jobsChanged(recordedJobs('idle').map((each) => ({ ...each, pid: 7, childPids: [8, 9] })));
    expect(experiments.csv.text()).toBe(before);
  });

  it('keep two runs apart that xax gave the same id', () => {
    const experiments = world.open();
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
    putLog(
      fixture('log/after_upserts.csv').replace(
        'lr-003,job-0000006,,planned',
        'lr-003,job-0000006,job-0000012,queued',
      ),
    );
    const experiments = world.open();
    await experiments.start();
    world.setTime('2026-11-23T16:00:00Z');
    const twelfth = job(12, { status: 'running', error: null, returnCode: null });
    experiments.jobsChanged([...recordedJobs('idle'), twelfth]);
    expect(experiments.rows.all()).toHaveLength(12);
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
    putLog(text);
    const experiments = world.open();
    await experiments.start();
    experiments.jobsChanged(recordedJobs('idle'));
    await experiments.settled();
    expect(onDisk()).toBe(text);
  });

  it('take in a history of 10,000 jobs in one go', async () => {
    const experiments = world.open();
    await experiments.start();
    const history = Array.from({ length: 10_000 }, (_, index) => job(index + 1));
    experiments.jobsChanged(history);
    await experiments.settled();
    expect(rowsOf(world.csvPath).size).toBe(10_000);
    expect(onDisk()).toBe(experiments.csv.text());
  });

  it('stay as they were when the transaction that brought them is undone', async () => {
    const experiments = world.open();
    await experiments.start();
    const failing = world.db().transaction(() => {
      experiments.jobsChanged([job(1)]);
      throw new Error('disk full');
    });
    expect(() => failing()).toThrow('disk full');
    await experiments.settled();
    expect(onDisk()).toBe(HEADER);
  });
});

describe('planned experiments', () => {
  it('get a name of their own, or a number', () => {
    const experiments = world.open({ name: 's1', objective: { metric: 'value/mae', mode: 'min' } });
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
    const experiments = world.open();
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
      const experiments = world.open();
      expect(() => experiments.plans.add({ name, hypothesis: 'h', owner: 'ada' })).toThrowError(
        expect.objectContaining({ code: 'experiment-name', option: 'name' }),
      );
    },
  );

  it.each(['a/b', '..', 'a..b', '-x', '', 'ü', 'a b', 'x'.repeat(101)])('are refused the name %j', (name) => {
    const experiments = world.open();
    expect(() => experiments.plans.add({ name, hypothesis: 'h', owner: 'ada' })).toThrowError(
      expect.objectContaining({ code: 'experiment-name' }),
    );
  });

  it('are refused a name that is taken and a parent that is not there', () => {
    const experiments = world.open();
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
    const experiments = world.open();
    await experiments.start();
    experiments.plans.add({ name: 'lr-003', hypothesis: 'smoother', owner: 'ada' });
    const running = job(7, { status: 'running', error: null, returnCode: null, endedAt: null });
    experiments.jobsChanged([running]);
    experiments.notes.add(running, { author: 'bob', text: 'looks slow', at: 0 });
    await experiments.settled();
    experiments.plans.join('lr-003', running);
    await experiments.settled();
    expect([...rowsOf(world.csvPath).keys()]).toEqual(['lr-003']);
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
    const experiments = world.open();
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
    const experiments = world.open();
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
    expect([...rowsOf(world.csvPath).keys()]).toEqual([]);
    const theirs = rowsOf(world.csvPath.replace('/s1/', '/s2/'));
    expect([...theirs.values()]).toMatchObject([
      { experiment_id: 'job-0000007', queue_job_id: 'job-0000007', notes: 'bob: looks slow' },
    ]);
    experiments.jobsChanged([job(7, { returnCode: 3, status: 'failed' })]);
    expect(second.rows.get('job-0000007')).toMatchObject({ status: 'failed' });
    expect(world.notices).toEqual([]);
  });
});

describe('what people and runs add', () => {
  it("lets a person's words stand through everything that the queue says later", () => {
    const experiments = world.open();
    experiments.jobsChanged([job(1, { status: 'running', error: null, returnCode: null })]);
    experiments.editor.edit('job-0000001', { result_summary: 'diverged', notes: 'watch the lr' });
    experiments.jobsChanged([
      job(1, { status: 'failed', error: 'Exited with return code 1', returnCode: 1 }),
    ]);
    expect(experiments.rows.get('job-0000001')).toMatchObject({
      status: 'failed',
      result_summary: 'diverged',
      notes: 'watch the lr',
    });
    expect(world.edited).toEqual([`gpu1/job-0000001@${job(1).enqueuedAt}`]);
  });

  it('keeps created_at, and sets updated_at only when something changed', () => {
    const experiments = world.open();
    experiments.jobsChanged([job(1)]);
    world.setTime('2026-11-24T00:00:00Z');
    experiments.editor.edit('job-0000001', { notes: 'multi' });
    expect(experiments.rows.get('job-0000001')?.updated_at).toBe('2026-11-23T15:24:03Z');
    experiments.editor.edit('job-0000001', {
      experiment_id: 'other',
      notes: 'better',
      hypothesis: undefined,
    });
    expect(experiments.rows.get('job-0000001')).toMatchObject({
      created_at: '2026-11-23T15:24:03Z',
      updated_at: '2026-11-24T00:00:00Z',
      notes: 'better',
      hypothesis: '',
    });
  });

  it('keeps notes with their author, in the row too', () => {
    const experiments = world.open();
    experiments.jobsChanged([job(1)]);
    experiments.notes.add(job(1), { author: 'ada', text: 'one', at: 1 });
    experiments.notes.add(job(1), { author: 'bob', text: '=1+1', at: 2 });
    expect(experiments.notes.ofJob(job(1)).map(({ author }) => author)).toEqual(['ada', 'bob']);
    expect(experiments.rows.get('job-0000001')?.notes).toBe('ada: one\nbob: =1+1');
  });

  it('writes what a run has reached as Python would, and never over what stands there', () => {
    const experiments = world.open();
    experiments.jobsChanged([job(1), job(2)]);
    experiments.setResult(
      job(1),
      { metric: 'value/mae', mode: 'min', value: 1e-5 },
      { 'value/mae': 1e-5, step: 5 },
    );
    expect(experiments.rows.get('job-0000001')).toMatchObject({
      objective_metric: 'value/mae',
      objective_mode: 'min',
      objective_value: '1e-05',
      metrics_json: '{"step": 5.0, "value/mae": 1e-05}',
    });
    experiments.editor.edit('job-0000002', { objective_metric: 'my own', objective_value: '3' });
    experiments.setResult(job(2), { metric: 'value/mae', mode: 'min', value: 9 }, {});
    expect(experiments.rows.get('job-0000002')).toMatchObject({
      objective_metric: 'my own',
      objective_value: '3',
      metrics_json: '',
    });
  });

  it.each([
    ['min', 'job-0000003'],
    ['max', 'job-0000002'],
  ] as const)('finds the best completed run by %s', (mode, best) => {
    const experiments = world.open({ name: 's1', objective: { metric: 'value/mae', mode } });
    expect(experiments.results.best()).toBeUndefined();
    experiments.jobsChanged(
      [1, 2, 3, 4, 5, 6].map((index) => job(index, { status: index === 1 ? 'failed' : 'completed' })),
    );
    const values = ['-5', '10.0', '9.5', '', 'nan', '-7'];
    for (const [index, objective_value] of values.entries()) {
      const objective_metric = index === 5 ? 'another' : 'value/mae';
      experiments.editor.edit(`job-000000${index + 1}`, { objective_metric, objective_value });
    }
    expect(experiments.results.best()?.experiment_id).toBe(best);
  });
});

describe('sessions', () => {
  it('get a name once and keep it over restarts', async () => {
    const first = world.open({});
    expect(first.session.info().name).toBe('experiment-20261123-152403');
    world.setTime('2026-11-25T00:00:00Z');
    expect(world.open({}).session.info().name).toBe('experiment-20261123-152403');
  });

  it('start anew under another name, and go on where they were under the old one', async () => {
    const first = world.open();
    await first.start();
    first.jobsChanged([job(1)]);
    await first.stop();
    world.setTime('2026-11-24T00:00:00Z');
    const second = world.open({ name: 's2' });
    expect(second.rows.all()).toEqual([]);
    expect(world.open().rows.all()).toHaveLength(1);
  });

  it('are found again with all their words after the database was lost', async () => {
    const before = world.open();
    await before.start();
    before.jobsChanged([job(1)]);
    before.editor.edit('job-0000001', { hypothesis: 'wider', result_summary: 'diverged' });
    before.plans.add({ name: 'next', hypothesis: 'deeper', owner: 'ada' });
    await before.settled();
    const text = onDisk();
    await before.stop();
    world.loseMemory();
    const after = world.open({});
    await after.start();
    after.jobsChanged([job(1)]);
    await after.settled();
    expect(after.session.info().name).toBe('s1');
    expect(onDisk()).toBe(text);
    expect(parseExperimentLog(text).rows).toHaveLength(2);
    expect(world.notices).toEqual([]);
  });
});

describe('what was learnt since a time', () => {
  it('are the verdicts given since then, not every change of a row that has one', async () => {
    const experiments = world.open();
    await experiments.start();
    experiments.jobsChanged([job(1), job(2)]);
    await experiments.settled();
    world.setTime('2026-11-24T10:00:00Z');
    experiments.editor.editOfJob(job(1), { result_summary: 'confirmed: smoother' });
    await experiments.settled();
    world.setTime('2026-11-26T10:00:00Z');
    experiments.editor.editOfJob(job(1), { next_action: 'publish' });
    experiments.editor.editOfJob(job(2), { result_summary: 'refuted: no' });
    const learntSince = (iso: string) =>
      experiments.verdicts.since(Date.parse(iso)).map(({ experiment_id }) => experiment_id);
    expect(learntSince('2026-11-25T00:00:00Z')).toEqual(['job-0000002']);
    await experiments.settled();
    expect(learntSince('2026-11-25T00:00:00Z')).toEqual(['job-0000002']);
    expect(learntSince('2026-11-24T00:00:00Z')).toEqual(['job-0000001', 'job-0000002']);
    expect(learntSince('2026-11-27T00:00:00Z')).toEqual([]);
  });
});

describe('the words of an xax to come', () => {
  it("are a machine's where the job itself has them: they are no verdict, and never stand over one", async () => {
    const experiments = world.open();
    await experiments.start();
    const failed = { status: 'failed' as const, error: 'Failed to launch: [Errno 2]', launcher: 'cluster' };
    experiments.jobsChanged([job(1, failed)]);
    experiments.editor.editOfJob(job(1), { hypothesis: 'it starts' });
    expect(experiments.rows.ofJob(job(1))).toMatchObject({ result_summary: failed.error, notes: 'cluster' });
    expect(experiments.verdicts.of(job(1))).toBeUndefined();
    expect(experiments.verdicts.missing()).toHaveLength(1);
    await experiments.settled();
    const before = onDisk();
    experiments.editor.editOfJob(job(1), {
      result_summary: 'refuted: no such file',
      notes: 'look at the path',
    });
    await experiments.settled();
    // As the original sync would leave it.
    writeFileSync(world.csvPath, before);
    await experiments.settled();
    expect(experiments.rows.ofJob(job(1))).toMatchObject({
      result_summary: 'refuted: no such file',
      notes: 'look at the path',
    });
    expect(experiments.verdicts.missing()).toEqual([]);
  });
});

it('a large log that is taken in says how many of its rows it has, in health too, and all of them are exported', async () => {
  const rows = Array.from({ length: 3_000 }, (_, index) => ({
    experiment_id: `run-${index}`,
    status: 'completed' as const,
    hypothesis: `is ${index} better?`,
  }));
  putLog(formatExperimentLog(rows.map((values) => row(values))));
  const experiments = world.open();
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
