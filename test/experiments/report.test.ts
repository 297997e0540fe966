import { describe, expect, it } from 'vitest';
import { type ExperimentRow, experimentRow } from '../../src/core/experiment.ts';
import { renderReport, reportAdditions } from '../../src/experiments/report.ts';
import { parseExperimentLog } from '../parsing.ts';
import { fixture } from './world.ts';

const OPTIONS = {
  title: 'Experiment Monitor Report',
  maxRows: 25,
  objectiveMode: 'auto' as const,
  now: Date.parse('2026-11-23T15:24:04Z'),
};
const recorded = parseExperimentLog(fixture('log/after_upserts.csv')).rows.map(({ fields }) =>
  experimentRow(fields),
);

describe('the report', () => {
  it('is byte for byte what the original script wrote of the same log', () => {
    expect(renderReport(recorded, OPTIONS)).toBe(fixture('log/experiment_report.md'));
  });

  it('shows the beginning of a text that is as long as a book', () => {
    const next_action = 'train again, '.repeat(10_000);
    const rows = [
      experimentRow({ experiment_id: 'a', status: 'planned', hypothesis: next_action, next_action }),
    ];
    const report = renderReport(rows, { ...OPTIONS, additions: reportAdditions(rows) });
    expect(report.match(/train again.*…/g)).toHaveLength(2);
    expect(report.length).toBeLessThan(5_000);
  });

  it('has below it what the rows say of what was learnt', () => {
    const additions = reportAdditions([
      experimentRow({
        experiment_id: 'a',
        status: 'completed',
        hypothesis: 'x',
        result_summary: 'confirmed: y | z',
      }),
      experimentRow({
        experiment_id: 'b',
        status: 'completed',
        hypothesis: 'two\nlines',
        result_summary: 'return_code=0',
      }),
      experimentRow({ experiment_id: 'c', status: 'failed', result_summary: 'Exited with return code 1' }),
      experimentRow({ experiment_id: 'd', status: 'planned', hypothesis: 'next' }),
    ]);
    const report = renderReport(recorded, { ...OPTIONS, additions });
    expect(report.startsWith(fixture('log/experiment_report.md').trimEnd())).toBe(true);
    expect(report.slice(fixture('log/experiment_report.md').length)).toBe(
      [
        '',
        '## Learnt',
        '',
        '- a: confirmed: y \\| z (hypothesis: x)',
        '',
        '## Verdicts Open',
        '',
        '- b: two lines',
        '',
        '## Failed',
        '',
        '- c: Exited with return code 1',
        '',
        '## Planned',
        '',
        '- d: next',
        '',
      ].join('\n'),
    );
  });

  it('lets no value win that is no number, and says when there is none', () => {
    const row = (values: Partial<ExperimentRow>) =>
      experimentRow({ status: 'completed', objective_mode: 'min', ...values });
    const best = (rows: ExperimentRow[]) => /## Best Result\n\n- (.*)/.exec(renderReport(rows, OPTIONS))![1];
    expect(
      best([
        row({ experiment_id: 'a', objective_value: 'nan' }),
        row({ experiment_id: 'b', objective_value: '2.0' }),
        row({ experiment_id: 'c', objective_value: '1.5', objective_metric: 'loss' }),
        row({ experiment_id: 'd', objective_value: '1.0', status: 'failed' }),
      ]),
    ).toBe('c: loss=1.5');
    expect(best([])).toBe('No completed experiments with numeric objective values.');
  });
});
