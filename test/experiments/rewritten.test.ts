import { beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentColumn, ExperimentRow } from '../../src/core/experiment.ts';
import { formatRow, formatTable } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { rewritten, useLog, withCell } from './log-on-disk.ts';
import { HEADER, row, rowsOf } from './world.ts';

const log = useLog();
beforeEach(() => log.world.setTime('2026-11-25T08:00:00Z'));

describe('a log that a program has read and written', () => {
  it.each([
    'libreoffice-us.csv',
    'libreoffice-us-dates.csv',
    'libreoffice-de.csv',
    'libreoffice-gb.csv',
    'pandas-plain.csv',
    'pandas-index-3.csv',
    'pandas-dates.csv',
    'pandas-na.csv',
    'pandas-nan.csv',
    'pandas-none.csv',
    'pandas-zero.csv',
    'pandas-keep.csv',
    'pandas-sorted.csv',
    'pandas-twice.csv',
    'pandas-utf16.csv',
  ])('has no edit in it, no new experiment and no new column (%s)', async (name) => {
    await log.openWith(rewritten('source.csv'));
    const before = rowsOf(log.world.csvPath);
    await log.save(rewritten(name));
    const after = rowsOf(log.world.csvPath);
    // LibreOffice has computed the formula `=A1`, whose value is a text: nobody can tell it from a person's.
    const isComputed = (id: string, column: string) => id === '1.10' && column === 'next_action';
    const changes = [...before].flatMap(([id, fields]) =>
      Object.entries(fields)
        .filter(([column, text]) => after.get(id)?.[column as keyof ExperimentRow] !== text)
        .filter(([column]) => column !== 'updated_at' && !isComputed(id, column))
        .map(([column, text]) => [id, column, text, after.get(id)?.[column as keyof ExperimentRow]]),
    );
    expect(changes).toEqual([]);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect(log.onDisk().split('\r\n')[0]).toBe(HEADER.trimEnd());
    expect(log.world.notices).toEqual([]);
  });

  it('keeps what was edited in it, in rows whose ids were rewritten too', async () => {
    await log.openWith(rewritten('source.csv'));
    const text = rewritten('libreoffice-gb.csv').toString();
    await log.save(text.replace('"three"', '"thirty"').replace('02/01/26,01:30:00', '"a day",02:30:00'));
    expect(log.experiments.rows.get('3e-4')?.hypothesis).toBe('thirty');
    expect(log.experiments.rows.get('1-2')).toMatchObject({
      hypothesis: 'a day',
      change_summary: '02:30:00',
      next_action: '50%',
      parent_experiment_id: '3e-4',
    });
    expect([...log.experiments.rows.pages()].flat()).toHaveLength(10);
  });

  it('may hold a new experiment, with a parent as the program writes it', async () => {
    await log.openWith(rewritten('small.csv'));
    const line = formatRow(
      row({ experiment_id: 'lr-9', parent_experiment_id: '3.00E-04', status: 'planned' }),
    );
    await log.save(rewritten('excel-name-error.csv').toString() + line);
    expect(log.experiments.rows.get('lr-9')?.parent_experiment_id).toBe('3e-4');
    expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual([
      'base',
      '3e-4',
      'external',
      'lr-9',
    ]);
    expect(log.experiments.rows.get('base')).toMatchObject({
      hypothesis: '-lower lr; wider',
      notes: '- spike at 2k\n- lowered lr, see #lr',
    });
    expect(log.world.notices).toEqual([]);
  });

  it('tells ids that became alike by the rest of their rows, in any order', async () => {
    const ids = ['1', '01', '001', '0001'];
    const rows = ids.map((id) => row({ experiment_id: id, hypothesis: `of ${id}`, status: 'planned' }));
    await log.openWith(HEADER + rows.map((each) => formatRow(each)).join(''));
    const alike = rows
      .toReversed()
      .map(({ fields }) =>
        formatRow(row({ ...fields, experiment_id: '1', next_action: `go ${fields.hypothesis}` })),
      );
    await log.save(HEADER + alike.join(''));
    expect(ids.map((id) => log.experiments.rows.get(id)?.next_action)).toEqual(
      ids.map((id) => `go of ${id}`),
    );
    expect([...log.experiments.rows.pages()].flat()).toHaveLength(4);
  });

  it('takes `7` for a new experiment beside 007, and for it where its row is gone', async () => {
    await log.openWith(
      HEADER + formatRow(row({ experiment_id: '007', hypothesis: 'bond', status: 'planned' })),
    );
    await log.save(
      log.onDisk() + formatRow(row({ experiment_id: '7', hypothesis: 'lucky', status: 'planned' })),
    );
    expect([...log.experiments.rows.pages()].flat().map(({ hypothesis }) => hypothesis)).toEqual([
      'bond',
      'lucky',
    ]);
    await log.save(
      log
        .onDisk()
        .replace('007,', '7,')
        .replace(/7,[^\n]*lucky[^\n]*\n/, ''),
    );
    expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual(['007', '7']);
    expect(log.experiments.rows.get('007')?.hypothesis).toBe('bond');
  });

  it('is found by all its other cells where its id is gone or a formula’s error', async () => {
    await log.openWith(rewritten('small.csv'));
    const before = log.onDisk();
    for (const id of ['#NAME?', '']) await log.save(before.replace('3e-4,,,', `${id},,,`));
    expect(log.onDisk()).toBe(before);
    expect(log.world.notices).toEqual([]);
  });

  it('keeps a text of several lines whose quotes were taken away', async () => {
    await log.openWith(rewritten('small.csv'));
    const before = log.onDisk();
    await log.save(before.replaceAll('"', ''));
    expect(log.onDisk()).toBe(before);
    expect(log.world.notices).toEqual([]);
  });

  it('finds thousands of rewritten ids within seconds', async () => {
    const count = 5_000;
    const logOf = (id: (index: number) => string) =>
      HEADER +
      Array.from({ length: count }, (_, index) =>
        formatRow(row({ experiment_id: id(index), hypothesis: `h${index}`, status: 'planned' })),
      ).join('');
    await log.openWith(logOf((index) => String(index).padStart(6, '0')));
    const before = process.cpuUsage();
    await log.save(logOf(String));
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(12);
    expect([...log.experiments.rows.pages()].flat()).toHaveLength(count);
    expect(log.experiments.rows.get('000042')?.hypothesis).toBe('h42');
  });
});

describe('what a spreadsheet does to a log', () => {
  beforeEach(async () => {
    log.pass(1);
    await log.openWithJobs();
  });

  it('to numbers is no edit: rounded to what it shows, with the decimal comma of its country', async () => {
    log.experiments.editor.edit('job-0000001', { objective_value: '0.217773437512345' });
    await log.experiments.settled();
    const text = log.onDisk();
    await log.save(text.replace('0.217773437512345', '0.217773438'));
    await log.save(text.replace('0.217773437512345', '"0,217773437512345"'));
    expect(log.experiments.rows.get('job-0000001')!.objective_value).toBe('0.217773437512345');
    await log.save(log.onDisk().replace('0.217773437512345', '"0,25"'));
    expect(log.experiments.rows.get('job-0000001')!.objective_value).toBe('0.25');
  });

  it('to what stands between the cells is none either, and edits in such a file are taken in', async () => {
    const text = withCell(log.onDisk(), 'job-0000002', 'hypothesis', 'mine');
    const lines = parseExperimentLog(text);
    const cells = [
      lines.columns,
      ...lines.rows.map(({ fields }) =>
        lines.columns.map((name) => fields[name as keyof ExperimentRow] ?? ''),
      ),
    ];
    await log.save(cells.map((line) => `${line.join(';')}\r\n`).join(''));
    expect(log.experiments.rows.get('job-0000002')!.hypothesis).toBe('mine');
    expect(log.onDisk()).toMatch(/^experiment_id,parent_experiment_id,/);
    expect(log.world.notices).toEqual([]);
  });

  it('to the case of a column makes no other column of it', async () => {
    await log.save(log.onDisk().replace('hypothesis', ' Hypothesis '));
    expect(log.onDisk().split('\r\n')[0]).not.toMatch(/Hypothesis/);
  });
});

it.each(['missing', 'not available', '-1.0', 'x'])('"%s" in every empty cell is no edit', async (word) => {
  await log.openWith(rewritten('small.csv'));
  const before = log.onDisk();
  const { rows } = parseExperimentLog(before);
  const filled = rows.map(({ fields }) =>
    row(Object.fromEntries(Object.entries(fields).map(([name, cell]) => [name, cell || word]))),
  );
  await log.save(HEADER + filled.map((each) => formatRow(each)).join(''));
  expect(log.onDisk()).toBe(before);
  expect(log.world.notices).toEqual([]);
});

it.each([
  ['carriage returns alone', (text: string) => text.replaceAll('\r\n', '\r')],
  ['tabs', (text: string) => text.replaceAll(',', '\t')],
  [
    'other names of columns',
    (text: string) => text.replace(/^.*/, (names) => names.toUpperCase().replaceAll('_', ' ')),
  ],
  ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
])('a log with %s is read as it is meant', async (_what, change) => {
  const line = row({ experiment_id: 'a', hypothesis: 'wider', status: 'planned' });
  await log.openWith(HEADER + formatRow(line));
  await log.save(change(HEADER + formatRow(row({ ...line.fields, next_action: 'halve it' }))));
  expect(log.experiments.rows.get('a')).toMatchObject({ hypothesis: 'wider', next_action: 'halve it' });
  expect(log.onDisk().split('\r\n')[0]).toBe(HEADER.trimEnd());
  expect(log.world.notices).toEqual([]);
});

it('a log whose rows and columns have changed places is set aside', async () => {
  await log.openWith(rewritten('small.csv'));
  const before = log.onDisk();
  const { rows } = parseExperimentLog(before);
  await log.save(
    formatTable(
      Object.keys(row({}).fields).map((name) => [
        name,
        ...rows.map(({ fields }) => fields[name as ExperimentColumn] ?? ''),
      ]),
    ),
  );
  expect(log.onDisk()).toBe(before);
  expect(log.world.notices).toEqual([expect.stringContaining('its rows and columns are swapped')]);
});

it('a deleted row, a doubt and a row without an id are said once, however often such a copy is saved', async () => {
  await log.openWith(rewritten('small.csv'));
  const copy = parseExperimentLog(log.onDisk()).rows.slice(1);
  const lines = copy.map(({ fields }) => formatRow(row(fields))).join('');
  const odd = formatRow(row({ experiment_id: 'x', parent_experiment_id: 'nobody', status: 'planned' }));
  for (let time = 0; time < 3; time += 1) {
    await log.save(HEADER + lines + odd + formatRow(row({ hypothesis: 'no id' })));
    await log.restart();
  }
  expect(log.world.notices).toEqual([
    'A row without an id was in the experiment log; it is kept as unnamed-1.',
    expect.stringContaining('restored: base'),
    expect.stringContaining('x: its parent nobody is not in the log'),
  ]);
});
