import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/core/slices.ts';
import { useLog } from './log-on-disk.ts';
import { job } from './world.ts';

const log = useLog();

describe('what people and runs add', () => {
  it("lets a person's words stand through everything that the queue says later", () => {
    const experiments = log.world.open();
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
    expect(log.world.edited).toEqual([`gpu1/job-0000001@${job(1).enqueuedAt}`]);
  });

  it('keeps created_at, and sets updated_at only when something changed', () => {
    const experiments = log.world.open();
    experiments.jobsChanged([job(1)]);
    log.world.setTime('2026-11-24T00:00:00Z');
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
    const experiments = log.world.open();
    experiments.jobsChanged([job(1)]);
    experiments.notes.add(job(1), { author: 'ada', text: 'one', at: 1 });
    experiments.notes.add(job(1), { author: 'bob', text: '=1+1', at: 2 });
    expect(experiments.notes.ofJob(job(1)).map(({ author }) => author)).toEqual(['ada', 'bob']);
    expect(experiments.rows.get('job-0000001')?.notes).toBe('ada: one\nbob: =1+1');
  });

  it('writes what a run has reached as Python would, and never over what stands there', () => {
    const experiments = log.world.open();
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
    const experiments = log.world.open({ name: 's1', objective: { metric: 'value/mae', mode } });
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

describe('what was learnt since a time', () => {
  it('are the verdicts given since then, not every change of a row that has one', async () => {
    const experiments = log.world.open();
    await experiments.start();
    experiments.jobsChanged([job(1), job(2)]);
    await experiments.settled();
    log.world.setTime('2026-11-24T10:00:00Z');
    experiments.editor.editOfJob(job(1), { result_summary: 'confirmed: smoother' });
    await experiments.settled();
    log.world.setTime('2026-11-26T10:00:00Z');
    experiments.editor.editOfJob(job(1), { next_action: 'publish' });
    experiments.editor.editOfJob(job(2), { result_summary: 'refuted: no' });
    const learntSince = (iso: string) =>
      atOnce(experiments.verdicts.since(Date.parse(iso))).map(({ experiment_id }) => experiment_id);
    expect(learntSince('2026-11-25T00:00:00Z')).toEqual(['job-0000002']);
    await experiments.settled();
    expect(learntSince('2026-11-25T00:00:00Z')).toEqual(['job-0000002']);
    expect(learntSince('2026-11-24T00:00:00Z')).toEqual(['job-0000001', 'job-0000002']);
    expect(learntSince('2026-11-27T00:00:00Z')).toEqual([]);
  });
});

describe('the words of an xax to come', () => {
  it("are a machine's where the job itself has them: they are no verdict, and never stand over one", async () => {
    const experiments = log.world.open();
    await experiments.start();
    const failed = { status: 'failed' as const, error: 'Failed to launch: [Errno 2]', launcher: 'cluster' };
    experiments.jobsChanged([job(1, failed)]);
    experiments.editor.editOfJob(job(1), { hypothesis: 'it starts' });
    expect(experiments.rows.ofJob(job(1))).toMatchObject({ result_summary: failed.error, notes: 'cluster' });
    expect(experiments.verdicts.of(job(1))).toBeUndefined();
    expect(atOnce(experiments.verdicts.missing()).ids).toHaveLength(1);
    await experiments.settled();
    const before = log.onDisk();
    experiments.editor.editOfJob(job(1), {
      result_summary: 'refuted: no such file',
      notes: 'look at the path',
    });
    await experiments.settled();
    // As the original sync would leave it.
    writeFileSync(log.world.csvPath, before);
    await experiments.settled();
    expect(experiments.rows.ofJob(job(1))).toMatchObject({
      result_summary: 'refuted: no such file',
      notes: 'look at the path',
    });
    expect(atOnce(experiments.verdicts.missing()).ids).toEqual([]);
  });
});
