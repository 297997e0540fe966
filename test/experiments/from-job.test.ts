import { describe, expect, it } from 'vitest';
import { experimentRow } from '../../src/core/experiment.ts';
import { FOLLOWED, SIGNS } from '../../src/core/followed.ts';
import type { EndSeen } from '../../src/core/job.ts';
import { experimentIdFor, fieldsFromJob, isMachineText, mayReplace } from '../../src/experiments/from-job.ts';
import { job } from './world.ts';

const empty = experimentRow({});

describe('what a job gives to its row', () => {
  it('is its error, else its return code', () => {
    expect(
      fieldsFromJob(job(1, { error: 'Terminated by signal 9', returnCode: -9 }), empty).result_summary,
    ).toBe('Terminated by signal 9');
    expect(fieldsFromJob(job(1, { error: null, returnCode: 0 }), empty).result_summary).toBe('return_code=0');
    expect(fieldsFromJob(job(1, { error: null, returnCode: null }), empty).result_summary).toBeUndefined();
  });

  it('never blanks a field that the job knows nothing of', () => {
    const before = experimentRow({ started_at: '2026-11-23T15:15:56Z', ended_at: '2026-11-23T15:16:36Z' });
    const fields = fieldsFromJob(
      job(1, { startedAt: null, endedAt: null, configPath: '', launcher: '' }),
      before,
    );
    expect(Object.values(fields)).not.toContain('');
    expect(fields).not.toHaveProperty('started_at');
  });

  it('replaces the words of an earlier state by those of a later one', () => {
    const before = experimentRow({ result_summary: 'return_code=10', notes: 'single' });
    const fields = fieldsFromJob(job(1, { error: null, returnCode: 1 }), before);
    expect(fields).toMatchObject({ result_summary: 'return_code=1', notes: 'multi' });
  });

  it("leaves a person's words and a person's status alone", () => {
    const before = experimentRow({
      status: 'superseded',
      result_summary: 'diverged',
      notes: 'ada: see lr-3',
    });
    const fields = fieldsFromJob(job(1), before);
    expect(fields).not.toHaveProperty('status');
    expect(fields).not.toHaveProperty('result_summary');
    expect(fields).not.toHaveProperty('notes');
  });

  describe('of a run that no queue started', () => {
    const run = (more: Parameters<typeof job>[1]) =>
      job(1, { queue: FOLLOWED, jobId: 'run-1', launcher: '', error: null, returnCode: null, ...more });
    const ended = (seen: EndSeen) => run({ status: 'ended', seen });
    const gone: EndSeen = { by: 'gone', because: SIGNS.gone(4242) };
    const signs: EndSeen[] = [
      gone,
      { by: 'silent', because: SIGNS.silent('1 h 30 min') },
      { by: 'silent', because: SIGNS.away },
      { by: 'left', because: SIGNS.left('Ada; of the lab') },
    ];

    it('is by what it was seen, until another sign is known or it goes on', () => {
      for (const seen of signs) {
        const { result_summary } = fieldsFromJob(ended(seen), empty);
        expect(result_summary).toMatch(/^outcome unknown: /);
        const known = experimentRow({ status: 'completed', result_summary });
        expect(fieldsFromJob(run({ status: 'running' }), known)).toMatchObject({
          status: 'running',
          result_summary: '',
        });
        expect(fieldsFromJob(ended(gone), known).result_summary).toBe(`outcome unknown: ${gone.because}`);
      }
    });

    it("is a machine's of a queue that lost a job too, whatever its words, and gives way to what is known later", () => {
      const lost = job(1, { queue: 'cluster', status: 'ended', error: null, returnCode: null });
      const seen: EndSeen = { by: 'gone', because: 'Slurm no longer knows it' };
      const { result_summary } = fieldsFromJob({ ...lost, seen }, empty);
      const known = experimentRow({ status: 'completed', result_summary: result_summary! });
      const found = fieldsFromJob(
        job(1, { queue: 'cluster', status: 'failed', error: null, returnCode: 2 }),
        known,
      );
      expect(found).toMatchObject({ status: 'failed', result_summary: 'return_code=2' });
    });

    it.each(['failed', 'cancelled', 'superseded'])('leaves %s alone, which a person said', (status) => {
      const said = experimentRow({ status });
      for (const each of [run({ status: 'running' }), ...signs.map(ended)])
        expect(fieldsFromJob(each, said)).not.toHaveProperty('status');
    });

    it.each([
      'failed: out of memory',
      'outcome unknown: the machine was rebooted',
      'outcome unknown: its process 4242 is gone, but the curve had settled',
      'inconclusive: outcome unknown: its process 4242 is gone',
    ])('leaves "%s" alone, which a person said', (result_summary) => {
      const said = experimentRow({ result_summary });
      for (const each of [run({ status: 'running' }), ...signs.map(ended)])
        expect(fieldsFromJob(each, said)).not.toHaveProperty('result_summary');
    });
  });

  it.each([
    'Exited with return code 1',
    'Process exited with return code 2',
    'Terminated by signal 15; Leaked subprocesses after job exit: [123, 456]',
    'Leaked subprocesses after job exit: [1]',
    'Cancelled before execution',
    'CUDA OOM detected: E1123 allocator.cc] ran out of memory trying to allocate 16.00GiB',
    'Recovered stale running process tree from previous observer session',
    'return_code=None',
  ])('knows "%s" as a machine\'s words', (text) => {
    expect(isMachineText('result_summary', text)).toBe(true);
  });

  it("takes a machine's words for a person's once a person has added to them", () => {
    expect(isMachineText('result_summary', 'Exited with return code 1, lr too high')).toBe(false);
    expect(isMachineText('result_summary', 'Cancelled before execution (wrong data)')).toBe(false);
    expect(
      mayReplace('result_summary', 'CUDA OOM detected: 16 GiB: halve the batch', 'CUDA OOM detected: 16 GiB'),
    ).toBe(false);
  });
});

describe('the id of a row that nobody planned', () => {
  it("is the job's, or names its enqueue time when xax has numbered anew", () => {
    const { jobId, enqueuedAt } = job(1, { enqueuedAt: Date.parse('2026-11-23T15:24:04.7Z') / 1000 });
    const restarted = job(1, { jobId, enqueuedAt });
    expect(experimentIdFor(restarted, () => false)).toBe('job-0000001');
    const taken = new Set(['job-0000001']);
    expect(experimentIdFor(restarted, (id) => taken.has(id))).toBe('job-0000001@20261123T152404Z');
    taken.add('job-0000001@20261123T152404Z');
    expect(experimentIdFor(restarted, (id) => taken.has(id))).toBe('job-0000001@20261123T152404Z~2');
  });
});
