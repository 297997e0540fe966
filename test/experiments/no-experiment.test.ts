import { beforeEach, describe, expect, it } from 'vitest';
import { type ExperimentRow, experimentRow } from '../../src/core/experiment.ts';
import { formatRow } from '../../src/experiments/csv.ts';
import { rewritten, useLog } from './log-on-disk.ts';
import { row } from './world.ts';

const log = useLog();
beforeEach(() => log.world.setTime('2026-11-25T08:00:00Z'));

describe('a line that is no experiment', () => {
  const commas = (count: number) => ','.repeat(count);
  const LINES = [
    `Total${commas(10)}12.5${commas(11)}`,
    `Average,,,,,,,,value/loss,min,0.43${commas(11)}`,
    `${commas(10)}=SUM(K2:K9)${commas(11)}`,
    `Grand Total,3${commas(20)}`,
    `count${commas(10)}5.0${commas(11)}`,
    `completed Total,,,5${commas(18)}`,
    '# lr was too high, rerun, please',
    '// see the wiki',
    'Experiments of November',
    '-----',
    `,,,Sum,,,,,,,3${commas(11)}`,
    'sum',
    '"Note: these were rerun, see slack"',
    `#base,,,planned${commas(18)}`,
    'planned,11',
    `completed,1${commas(9)}5.0${commas(11)}`,
    `Σ${commas(10)}5.2${commas(11)}`,
    `n=12${commas(10)}5.2${commas(11)}`,
    `best${commas(8)}value/loss,min,1e-05${commas(11)}`,
    'best,lr-3',
    'ada,3',
    'Insgesamt,12',
    'experiment_id',
    'ID,Parent,Job,Status',
  ];

  it.each(LINES)('is left out of the log, kept beside it and said once (%s)', async (line) => {
    await log.openWith(rewritten('small.csv'));
    const before = log.onDisk();
    for (let time = 0; time < 3; time += 1) {
      await log.save(`${before}${line}\r\n`);
      if (time === 1) await log.restart();
    }
    expect(log.onDisk()).toBe(before);
    expect(log.world.notices).toEqual([
      expect.stringMatching(/^A line of the experiment log is not an experiment: .*left-out\.txt/),
    ]);
    const text = line.replaceAll('"', '').replace(/,+$/, '');
    expect(log.leftOut()).toBe(`2026-11-25T08:00:00Z ${text}\n`);
  });

  it('and lines above the header, blank ones and a spreadsheet’s `sep=` neither', async () => {
    await log.openWith(rewritten('small.csv'));
    const before = log.onDisk();
    await log.save(
      `sep=,\r\nOur experiments\r\n\r\n${before.replaceAll('\r\n', ',,,\r\n')}${','.repeat(24)}\r\n ,\r\n`,
    );
    expect(log.onDisk()).toBe(before);
    expect(log.leftOut()).toMatch(/ Our experiments\n$/);
    expect(log.world.notices).toHaveLength(1);
  });

  it.each<[string, Partial<ExperimentRow>]>([
    ['an id and a status', { experiment_id: 'average', status: 'planned' }],
    ['an id and words', { experiment_id: 'my run', hypothesis: 'wider is better' }],
    ['an id and a value', { experiment_id: 'lr-9', objective_value: '0.5' }],
    ['an id and a parent', { experiment_id: 'lr-9', parent_experiment_id: 'base' }],
    ['an id alone that looks like one', { experiment_id: 'lr-9' }],
    ['a number for an id', { experiment_id: '12', hypothesis: 'wider' }],
    ['the name of a total, and what it is about', { experiment_id: 'sum', hypothesis: 'sum of losses' }],
    ['a total in its id, and a time', { experiment_id: 'total', created_at: '2026-11-24T08:00:00Z' }],
    [
      'an unusual id, a metric and its value',
      { experiment_id: 'sgd', objective_metric: 'loss', objective_value: '1' },
    ],
    ['an id and a parent that is to come', { experiment_id: 'lr-9', parent_experiment_id: 'lr-8' }],
    ['an id and an owner', { experiment_id: 'sgd', owner: 'ada' }],
    ['a hash and a number', { experiment_id: '#12', status: 'planned' }],
  ])('is none of these: %s', async (_what, fields) => {
    await log.openWith(rewritten('small.csv'));
    await log.save(log.onDisk() + formatRow(row(fields)));
    expect(log.experiments.rows.get(fields.experiment_id!)).toEqual(experimentRow(fields));
    expect(log.world.notices.filter((text) => !/its parent lr-8 is not in the log/.test(text))).toEqual([]);
  });

  it('such as the lines of pandas’ describe, though one of them is made of cells of experiments; nor is their label a column', async () => {
    await log.openWith(rewritten('small.csv'));
    const before = log.onDisk();
    const [header = '', ...lines] = before.trimEnd().split('\r\n');
    const described = [
      `count,3,1,,3${commas(6)}1.0${commas(11)}`,
      `unique,3,1,,2${commas(18)}`,
      `top,base,3e-4,,planned${commas(14)},2026-11-24T08:00:00Z,ada,`,
      `freq,1,1,,2${commas(18)}`,
      `75%${commas(11)}2.1e-05${commas(11)}`,
    ];
    await log.save(
      [`,${header}`, ...lines.map((line, index) => `${index},${line}`), ...described, ''].join('\r\n'),
    );
    expect(log.onDisk()).toBe(before);
    expect(log.leftOut().trimEnd().split('\n')).toHaveLength(5);
    expect(log.world.notices).toHaveLength(1);
  });
});

it('an experiment with such a word in a column of somebody’s is none of these lines', async () => {
  await log.openWith(rewritten('small.csv'));
  const [header = '', ...lines] = log
    .onDisk()
    .replace(/"[^"]*"/, 'one line')
    .trimEnd()
    .split('\r\n');
  await log.save([`${header},index`, ...lines.map((line) => `${line},max`), ''].join('\r\n'));
  expect([...log.experiments.rows.pages()].flat()).toHaveLength(3);
  expect(log.onDisk()).toMatch(/,one line,max\r\n/);
  expect(log.world.notices).toEqual([]);
});
