import { describe, expect, it } from 'vitest';
import {
  EXPERIMENT_COLUMNS,
  type ExperimentColumn,
  type ExperimentRow,
  experimentRow,
} from '../../src/core/experiment.ts';
import type { MachineWords } from '../../src/experiments/from-job.ts';
import { mergeAdded, mergeRow } from '../../src/experiments/merge.ts';
import { randomNumbers } from './world.ts';

const base = experimentRow({
  experiment_id: 'job-0000001',
  status: 'completed',
  run_dir: '/srv/a/runs/1',
  result_summary: 'return_code=0',
  hypothesis: 'wider is better',
  objective_value: '0.00001',
  created_at: '2026-11-23T15:24:03Z',
  updated_at: '2026-11-23T15:24:03Z',
  notes: 'multi',
});

/** The job of a row that has one, as the database holds it. */
const JOB: MachineWords = { error: null, launcher: 'multi' };

/** What comes of a file and a database that both started from `base`. */
function merge(disk: Partial<ExperimentRow>, ours: Partial<ExperimentRow>, job: MachineWords | null = JOB) {
  return mergeRow({ ancestors: [base], disk: { ...base, ...disk }, ours: { ...base, ...ours }, job });
}

describe('a row that was changed on both sides', () => {
  it('takes each field from the side that changed it', () => {
    const { fields, conflicts } = merge({ next_action: 'halve lr' }, { change_summary: 'lr 0.1 → 0.05' });
    expect(fields).toMatchObject({ next_action: 'halve lr', change_summary: 'lr 0.1 → 0.05' });
    expect(conflicts).toEqual([]);
  });

  it("lets the file's words stand in a field that both changed, and keeps ours in notes, once", () => {
    const first = merge({ hypothesis: 'theirs' }, { hypothesis: 'ours' });
    expect(first.conflicts).toEqual(['hypothesis']);
    expect(first.fields).toMatchObject({ hypothesis: 'theirs', notes: 'multi\n[hypothesis here was: ours]' });
    const again = mergeRow({
      ancestors: [first.fields],
      disk: first.fields,
      ours: first.fields,
      job: JOB,
    });
    expect(again).toEqual({ fields: first.fields, conflicts: [] });
  });

  it("puts back a person's words that the original sync has overwritten", () => {
    const words = { result_summary: 'diverged after step 2000', notes: 'ada: see lr-3' };
    const agreed = { ...base, ...words };
    const disk = {
      ...agreed,
      result_summary: 'return_code=0',
      notes: 'multi',
      updated_at: '2026-11-23T15:30:00Z',
    };
    const { fields } = mergeRow({ ancestors: [agreed], disk, ours: agreed, job: JOB });
    expect(fields).toMatchObject({ ...words, updated_at: '2026-11-23T15:30:00Z' });
  });

  it("lets a person's words on disk replace a machine's, even a machine's newer ones", () => {
    expect(
      merge({ result_summary: 'fine' }, { result_summary: 'Terminated by signal 9' }).fields.result_summary,
    ).toBe('fine');
  });

  it('joins notes that both sides have added', () => {
    const agreed = { ...base, notes: 'ada: one' };
    const disk = { ...agreed, notes: 'ada: ONE\nby hand: two' };
    const { fields, conflicts } = mergeRow({
      ancestors: [agreed],
      disk,
      ours: { ...agreed, notes: 'ada: one\nbob: three' },
      job: JOB,
    });
    expect(fields.notes).toBe('ada: ONE\nby hand: two\nbob: three');
    expect(conflicts).toEqual([]);
  });

  it('leaves what the queue knows to the queue, but takes a status of a person', () => {
    const { fields } = merge({ status: 'running', run_dir: '/elsewhere' }, {});
    expect(fields).toMatchObject({ status: 'completed', run_dir: '/srv/a/runs/1' });
    expect(merge({ status: 'superseded' }, {}).fields.status).toBe('superseded');
    expect(merge({ status: 'abandoned' }, { status: 'failed' }).fields.status).toBe('abandoned');
    expect(merge({ status: 'completed' }, { status: 'superseded' }).fields.status).toBe('superseded');
  });

  it('takes every field of a row that is no job as somebody wrote it', () => {
    expect(merge({ status: 'odd one', run_dir: '../../etc' }, {}, null).fields).toMatchObject({
      status: 'odd one',
      run_dir: '../../etc',
    });
  });

  it('clears a field that somebody emptied, unless it got a new text here', () => {
    expect(merge({ hypothesis: '' }, {}).fields.hypothesis).toBe('');
    expect(merge({ hypothesis: '' }, { hypothesis: 'newer' }).fields.hypothesis).toBe('newer');
  });

  it('says nothing about a column that the file does not have', () => {
    const { fields } = mergeRow({
      ancestors: [base],
      disk: { experiment_id: 'job-0000001' },
      ours: base,
      job: JOB,
    });
    expect(fields).toEqual(base);
  });

  it('takes numbers, times and line ends that a spreadsheet wrote in its own way for no edit', () => {
    const agreed = { ...base, hypothesis: 'a\nb' };
    const disk = {
      ...agreed,
      objective_value: '1.00E-05',
      created_at: '2026-11-23 15:24:03',
      hypothesis: 'a\r\nb',
    };
    expect(mergeRow({ ancestors: [agreed], disk, ours: agreed, job: JOB }).fields).toEqual(agreed);
  });

  it("takes somebody's own rounding for an edit", () => {
    const agreed = { ...base, objective_value: '0.2177734375' };
    const rounded = (objective_value: string) =>
      mergeRow({ ancestors: [agreed], disk: { ...agreed, objective_value }, ours: agreed, job: JOB }).fields
        .objective_value;
    expect(rounded('0.217773438')).toBe('0.2177734375');
    expect(rounded('0.218')).toBe('0.218');
    expect(rounded('0.217773')).toBe('0.2177734375');
    expect(rounded('0.217774')).toBe('0.217774');
  });

  it('keeps our time where the file has an older one, or one of another form', () => {
    expect(merge({ updated_at: '2026-11-22T00:00:00Z' }, {}).fields.updated_at).toBe(base.updated_at);
    expect(merge({ updated_at: '25.11.2026 10:00' }, {}).fields.updated_at).toBe(base.updated_at);
  });

  it("says of two machines' texts the one that is ours, and no conflict", () => {
    const both = merge({ result_summary: 'return_code=1' }, { result_summary: 'Terminated by signal 9' });
    expect(both).toMatchObject({ conflicts: [], fields: { result_summary: 'Terminated by signal 9' } });
  });

  it('keeps what was ours once, however often the same conflict comes', () => {
    const kept = 'multi\n[hypothesis here was: ours]';
    const again = merge({ hypothesis: 'theirs', notes: kept }, { hypothesis: 'ours', notes: kept });
    expect(again.fields.notes).toBe(kept);
  });

  it('finds the edits of a file that was made from an older copy, and only them', () => {
    const older = { ...base, hypothesis: '', change_summary: '' };
    const ours = { ...base, hypothesis: 'said in chat since', change_summary: 'lr 0.1' };
    const disk = { ...older, next_action: 'typed an hour later' };
    const { fields } = mergeRow({ ancestors: [older], disk, ours, job: JOB });
    expect(fields).toEqual({ ...ours, next_action: 'typed an hour later' });
  });

  it('keeps the earliest creation and the latest update', () => {
    const { fields } = merge(
      { created_at: '2026-11-01T00:00:00Z', updated_at: '2026-11-24T00:00:00Z' },
      { updated_at: '2026-11-23T16:00:00Z' },
    );
    expect(fields).toMatchObject({ created_at: '2026-11-01T00:00:00Z', updated_at: '2026-11-24T00:00:00Z' });
  });

  it('loses no text, whatever both sides have written', () => {
    const random = randomNumbers(11);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
    const editable = EXPERIMENT_COLUMNS.filter(
      (column) => !/^(experiment_id|created_at|updated_at)$/.test(column),
    );
    for (let round = 0; round < 3_000; round += 1) {
      const edits = (side: string) => {
        const columns = Array.from({ length: Math.floor(random() * 6) }, () => pick(editable));
        return new Map(
          columns.map((column, index): [ExperimentColumn, string] => [column, `${side} ${round}.${index}`]),
        );
      };
      const start = {
        ...base,
        notes: pick(['', 'multi', 'old note']),
        result_summary: pick(['', 'return_code=0', 'old words']),
      };
      const theirs = edits('theirs');
      const mine = edits('mine');
      const disk = { ...start, ...Object.fromEntries(theirs) };
      const ours = { ...start, ...Object.fromEntries(mine) };
      const { fields } = mergeRow({ ancestors: [start], disk, ours, job: null });
      const all = Object.values(fields).join('\n');
      for (const text of [...theirs.values(), ...mine.values()]) expect(all).toContain(text);
      for (const [column, text] of theirs) if (column !== 'notes') expect(fields[column]).toBe(text);
    }
  });
});

describe('a column that somebody added', () => {
  it.each([
    ['is left alone where the file says what it said', 'old', 'ours', ['old'], 'ours'],
    ['is left alone where the copy never had it', '', 'ours', [], 'ours'],
    ['is written by whoever changed it', 'theirs', 'old', ['old'], 'theirs'],
    ['is cleared by whoever had read it', '', 'old', ['old'], ''],
    ['is not cleared by somebody who may have read an older state', '', 'ours', ['ours', 'older'], 'ours'],
    ['is new where there was nothing', 'theirs', '', [], 'theirs'],
    ['has two words where both wrote one', 'theirs', 'ours', ['old'], 'both'],
  ])('%s', (_what, theirs, ours, ancestors, merged) => {
    expect(mergeAdded(theirs, ours, ancestors)).toBe(merged);
  });
});
