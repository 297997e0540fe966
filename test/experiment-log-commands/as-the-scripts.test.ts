import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { experimentRow } from '../../src/core/experiment.ts';
import { experimentLogCommand } from '../../src/experiment-log-commands/index.ts';
import { formatExperimentLog } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { newHome } from './home.ts';

let home: ReturnType<typeof newHome>;
beforeEach(() => {
  home = newHome();
});
const rows = () => parseExperimentLog(home.text()).rows.map(({ fields }) => fields);

describe('a flag cut short, as argparse takes it', () => {
  it('is the one that begins so', async () => {
    await home.run('log', 'upsert', '--experiment-i', 'a', '--hypo', '-x', '--metric=c=1', '--own=ada=eve');
    expect(rows()).toMatchObject([
      { experiment_id: 'a', hypothesis: '-x', metrics_json: '{"c": "1"}', owner: 'ada=eve' },
    ]);
    expect(JSON.parse((await home.run('report', '--max', '1', '--pl')).said).rows).toBe(1);
    expect(experimentLogCommand(['report', '--json'])).toBeUndefined();
  });

  it('is wrong usage where several begin so, and a flag for itself is never one', async () => {
    const { code, complained } = await home.upsert('a', '--objective', '1');
    expect([code, complained]).toEqual([
      2,
      expect.stringMatching(
        /--objective could be --objective-metric or --objective-mode or --objective-value\nusage:/,
      ),
    ]);
    expect((await home.upsert('a', '--metric', 'x=1', '--metrics-json', '{"y": 2}')).code).toBe(0);
    expect(rows()[0]!.metrics_json).toBe('{"x": "1", "y": 2}');
  });
});

it('NaN and Infinity in metrics are kept, as Python reads and writes them; nowhere else are they JSON', async () => {
  const json = '{"a": NaN, "b": [-Infinity, Infinity], "NaN": "NaN \\" Infinity"}';
  expect((await home.upsert('a', '--metrics-json', json)).complained).toBe('');
  expect(rows()[0]!.metrics_json).toBe('{"NaN": "NaN \\" Infinity", "a": NaN, "b": [-Infinity, Infinity]}');
  for (const bad of ['{NaN: 1}', '{"a": -NaN}', '{"a": nan}', '{"a": xNaN}'])
    expect((await home.upsert('a', '--metrics-json', bad)).complained, bad).toMatch(/cannot be read/);
});

it('a job whose id is no text is none, and a return code may be text', async () => {
  const jobs = [{ job_id: 5 }, { job_id: 'job-0000001', return_code: '0' }, { job_id: '' }];
  writeFileSync(join(home.home, 'status.json'), JSON.stringify({ jobs }));
  const { said } = await home.run('log', 'sync', '--status-json', 'status.json');
  expect(JSON.parse(said).synced_jobs).toBe(1);
  expect(rows()).toMatchObject([{ experiment_id: 'job-0000001', result_summary: 'return_code=0' }]);
});

it("a new session's log is one line that ends as the template's does, and its report that of no experiments", async () => {
  const { log_path, report_path } = JSON.parse(
    (await home.run('session', 'start', '--new', '--name', 's')).said,
  );
  expect(readFileSync(log_path, 'utf8')).toMatch(/^experiment_id,[a-z_,]+,notes\n$/);
  expect(readFileSync(report_path, 'utf8')).toMatch(/^# Experiment Monitor Report\n[\s\S]*experiments: 0\n/);
});

it('a report shows fifty of each section, the newest, and says how many more there are', async () => {
  const log = Array.from({ length: 3_000 }, (_, index) => ({
    fields: experimentRow({
      experiment_id: `lr-${index}`,
      status: index % 2 === 0 ? 'failed' : 'planned',
      hypothesis: 'x'.repeat(200),
      updated_at: `2026-11-23T${String(index).padStart(6, '0')}Z`,
    }),
    extra: {},
  }));
  writeFileSync(home.csv, formatExperimentLog(log));
  const { said } = await home.run('report', '--experiment-name', 'default');
  const path = JSON.parse(said).report_path as string;
  const planned = readFileSync(path, 'utf8').split('## Planned\n\n')[1]!.trim().split('\n');
  expect(planned).toHaveLength(51);
  expect([planned[0]!.slice(0, 10), planned[49]!.slice(0, 10), planned[50]]).toEqual([
    '- lr-2999:',
    '- lr-2901:',
    '- and 1450 more',
  ]);
  expect(statSync(path).size).toBeLessThan(50_000);
});
