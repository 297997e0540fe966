import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExperimentColumn, type ExperimentRow, experimentRow } from '../../src/core/experiment.ts';
import { formatRow, formatTable } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { createWorld, HEADER, row, rowsOf, type World } from './world.ts';

/** `source.csv` and `small.csv`, and what LibreOffice 7.4, pandas 3.1, Excel and git have made of them. */
const REWRITTEN = join(import.meta.dirname, '../fixtures/rewritten');
const fixture = (name: string) => readFileSync(join(REWRITTEN, name));

let world: World;
let experiments: ReturnType<World['open']>;
beforeEach(() => {
  world = createWorld();
  world.setTime('2026-11-25T08:00:00Z');
});
afterEach(() => world.close());

const onDisk = () => readFileSync(world.csvPath, 'utf8');
const leftOut = () => readFileSync(join(dirname(world.csvPath), 'experiment_log.left-out.txt'), 'utf8');

async function openWith(content: string | Buffer): Promise<void> {
  mkdirSync(dirname(world.csvPath), { recursive: true });
  put(content);
  experiments = world.open();
  await experiments.start();
}

function put(content: string | Buffer): void {
  writeFileSync(world.csvPath, content);
  utimesSync(world.csvPath, new Date(), new Date(Date.now() - 2_000));
}

async function save(content: string | Buffer): Promise<void> {
  put(content);
  await experiments.settled();
}

async function restart(): Promise<void> {
  await experiments.stop();
  experiments = world.open();
  await experiments.start();
}

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
    await openWith(fixture('source.csv'));
    const before = rowsOf(world.csvPath);
    await save(fixture(name));
    const after = rowsOf(world.csvPath);
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
    expect(onDisk().split('\r\n')[0]).toBe(HEADER.trimEnd());
    expect(world.notices).toEqual([]);
  });

  it('keeps what was edited in it, in rows whose ids were rewritten too', async () => {
    await openWith(fixture('source.csv'));
    const text = fixture('libreoffice-gb.csv').toString();
    await save(text.replace('"three"', '"thirty"').replace('02/01/26,01:30:00', '"a day",02:30:00'));
    expect(experiments.rows.get('3e-4')?.hypothesis).toBe('thirty');
    expect(experiments.rows.get('1-2')).toMatchObject({
      hypothesis: 'a day',
      change_summary: '02:30:00',
      next_action: '50%',
      parent_experiment_id: '3e-4',
    });
    expect(experiments.rows.all()).toHaveLength(10);
  });

  it('may hold a new experiment, with a parent as the program writes it', async () => {
    await openWith(fixture('small.csv'));
    const line = formatRow(
      row({ experiment_id: 'lr-9', parent_experiment_id: '3.00E-04', status: 'planned' }),
    );
    await save(fixture('excel-name-error.csv').toString() + line);
    expect(experiments.rows.get('lr-9')?.parent_experiment_id).toBe('3e-4');
    expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual([
      'base',
      '3e-4',
      'external',
      'lr-9',
    ]);
    expect(experiments.rows.get('base')).toMatchObject({
      hypothesis: '-lower lr; wider',
      notes: '- spike at 2k\n- lowered lr, see #lr',
    });
    expect(world.notices).toEqual([]);
  });

  it('tells ids that became alike by the rest of their rows, in any order', async () => {
    const ids = ['1', '01', '001', '0001'];
    const rows = ids.map((id) => row({ experiment_id: id, hypothesis: `of ${id}`, status: 'planned' }));
    await openWith(HEADER + rows.map((each) => formatRow(each)).join(''));
    const alike = rows
      .toReversed()
      .map(({ fields }) =>
        formatRow(row({ ...fields, experiment_id: '1', next_action: `go ${fields.hypothesis}` })),
      );
    await save(HEADER + alike.join(''));
    expect(ids.map((id) => experiments.rows.get(id)?.next_action)).toEqual(ids.map((id) => `go of ${id}`));
    expect(experiments.rows.all()).toHaveLength(4);
  });

  it('takes `7` for a new experiment beside 007, and for it where its row is gone', async () => {
    await openWith(HEADER + formatRow(row({ experiment_id: '007', hypothesis: 'bond', status: 'planned' })));
    await save(onDisk() + formatRow(row({ experiment_id: '7', hypothesis: 'lucky', status: 'planned' })));
    expect(experiments.rows.all().map(({ hypothesis }) => hypothesis)).toEqual(['bond', 'lucky']);
    await save(
      onDisk()
        .replace('007,', '7,')
        .replace(/7,[^\n]*lucky[^\n]*\n/, ''),
    );
    expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual(['007', '7']);
    expect(experiments.rows.get('007')?.hypothesis).toBe('bond');
  });

  it('is found by all its other cells where its id is gone or a formula’s error', async () => {
    await openWith(fixture('small.csv'));
    const before = onDisk();
    for (const id of ['#NAME?', '']) await save(before.replace('3e-4,,,', `${id},,,`));
    expect(onDisk()).toBe(before);
    expect(world.notices).toEqual([]);
  });

  it('keeps a text of several lines whose quotes were taken away', async () => {
    await openWith(fixture('small.csv'));
    const before = onDisk();
    await save(before.replaceAll('"', ''));
    expect(onDisk()).toBe(before);
    expect(world.notices).toEqual([]);
  });

  it('finds thousands of rewritten ids within seconds', async () => {
    const count = 5_000;
    const log = (id: (index: number) => string) =>
      HEADER +
      Array.from({ length: count }, (_, index) =>
        formatRow(row({ experiment_id: id(index), hypothesis: `h${index}`, status: 'planned' })),
      ).join('');
    await openWith(log((index) => String(index).padStart(6, '0')));
    const before = process.cpuUsage();
    await save(log(String));
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(12);
    expect(experiments.rows.all()).toHaveLength(count);
    expect(experiments.rows.get('000042')?.hypothesis).toBe('h42');
  });
});

describe('two logs in one file', () => {
  it('as git leaves them: both texts of a field are kept, no marker is an experiment, and it is said once', async () => {
    await openWith(fixture('small.csv'));
    for (let time = 0; time < 3; time += 1) {
      await save(fixture('git-conflict.csv'));
      await restart();
    }
    expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual(['base', '3e-4', 'external']);
    expect(experiments.rows.get('base')?.notes).toMatch(/theirs/);
    expect(experiments.rows.get('base')?.notes).toMatch(/spike at 2k\n- lowered lr, see #lr/);
    expect(world.notices.filter((text) => /merge/.test(text))).toHaveLength(1);
    expect(world.notices).toHaveLength(2);
  });

  it('with the conflict in the middle of a cell of several lines, or in the header', async () => {
    await openWith(
      HEADER + formatRow(row({ experiment_id: 'a', notes: 'one\ntwo\nthree', status: 'planned' })),
    );
    const [before, after] = onDisk().split('two\n');
    await save(`${before}<<<<<<< HEAD\nours\n||||||| base\ntwo\n=======\ntheirs\n>>>>>>> x\n${after}`);
    for (const text of ['one', 'ours', 'theirs', 'three'])
      expect(experiments.rows.get('a')?.notes.split('\n')).toContain(text);
    const [header = '', ...rest] = onDisk().split('\r\n');
    await save(
      `<<<<<<< HEAD\n${header},mood\n=======\n${header},seed\n>>>>>>> x\n${rest.join('\n')}b${','.repeat(12)}wider${','.repeat(10)}7\n`,
    );
    expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual(['a', 'b']);
    expect(onDisk().split('\r\n')[0]).toBe(`${HEADER.trimEnd()},mood,seed`);
  });

  it('where only one marker was taken away, the others are no experiments', async () => {
    await openWith(fixture('small.csv'));
    await save(`${onDisk()}=======\n${formatRow(row({ experiment_id: 'b', status: 'planned' }))}>>>>>>> x\n`);
    expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual([
      'base',
      '3e-4',
      'external',
      'b',
    ]);
    expect(leftOut()).toMatch(/ =======\n.* >>>>>>> x\n$/);
  });

  it('one behind the other: a further header is none, whatever its order, and without a line end before it', async () => {
    await openWith(fixture('small.csv'));
    const other = 'notes,status,experiment_id\r\nof another,planned,b\r\nnew notes,planned,3e-4\r\n';
    await save(onDisk() + other);
    expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual([
      'base',
      '3e-4',
      'external',
      'b',
    ]);
    expect(experiments.rows.get('b')?.notes).toBe('of another');
    expect(experiments.rows.get('3e-4')?.notes).toBe('new notes');
    await save(onDisk().trimEnd() + HEADER + formatRow(row({ experiment_id: 'c', status: 'planned' })));
    expect(
      experiments.rows
        .all()
        .map((each) => each.experiment_id)
        .at(-1),
    ).toBe('c');
    expect(experiments.rows.all()).toHaveLength(5);
    expect(world.notices).toEqual([]);
  });
});

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
    await openWith(fixture('small.csv'));
    const before = onDisk();
    for (let time = 0; time < 3; time += 1) {
      await save(`${before}${line}\r\n`);
      if (time === 1) await restart();
    }
    expect(onDisk()).toBe(before);
    expect(world.notices).toEqual([
      expect.stringMatching(/^A line of the experiment log is not an experiment: .*left-out\.txt/),
    ]);
    const text = line.replaceAll('"', '').replace(/,+$/, '');
    expect(leftOut()).toBe(`2026-11-25T08:00:00Z ${text}\n`);
  });

  it('and lines above the header, blank ones and a spreadsheet’s `sep=` neither', async () => {
    await openWith(fixture('small.csv'));
    const before = onDisk();
    await save(
      `sep=,\r\nOur experiments\r\n\r\n${before.replaceAll('\r\n', ',,,\r\n')}${','.repeat(24)}\r\n ,\r\n`,
    );
    expect(onDisk()).toBe(before);
    expect(leftOut()).toMatch(/ Our experiments\n$/);
    expect(world.notices).toHaveLength(1);
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
    await openWith(fixture('small.csv'));
    await save(onDisk() + formatRow(row(fields)));
    expect(experiments.rows.get(fields.experiment_id!)).toEqual(experimentRow(fields));
    expect(world.notices.filter((text) => !/its parent lr-8 is not in the log/.test(text))).toEqual([]);
  });

  it('such as the lines of pandas’ describe, though one of them is made of cells of experiments; nor is their label a column', async () => {
    await openWith(fixture('small.csv'));
    const before = onDisk();
    const [header = '', ...lines] = before.trimEnd().split('\r\n');
    const described = [
      `count,3,1,,3${commas(6)}1.0${commas(11)}`,
      `unique,3,1,,2${commas(18)}`,
      `top,base,3e-4,,planned${commas(14)},2026-11-24T08:00:00Z,ada,`,
      `freq,1,1,,2${commas(18)}`,
      `75%${commas(11)}2.1e-05${commas(11)}`,
    ];
    await save(
      [`,${header}`, ...lines.map((line, index) => `${index},${line}`), ...described, ''].join('\r\n'),
    );
    expect(onDisk()).toBe(before);
    expect(leftOut().trimEnd().split('\n')).toHaveLength(5);
    expect(world.notices).toHaveLength(1);
  });
});

it('an experiment with such a word in a column of somebody’s is none of these lines', async () => {
  await openWith(fixture('small.csv'));
  const [header = '', ...lines] = onDisk()
    .replace(/"[^"]*"/, 'one line')
    .trimEnd()
    .split('\r\n');
  await save([`${header},index`, ...lines.map((line) => `${line},max`), ''].join('\r\n'));
  expect(experiments.rows.all()).toHaveLength(3);
  expect(onDisk()).toMatch(/,one line,max\r\n/);
  expect(world.notices).toEqual([]);
});

it.each(['missing', 'not available', '-1.0', 'x'])('"%s" in every empty cell is no edit', async (word) => {
  await openWith(fixture('small.csv'));
  const before = onDisk();
  const { rows } = parseExperimentLog(before);
  const filled = rows.map(({ fields }) =>
    row(Object.fromEntries(Object.entries(fields).map(([name, cell]) => [name, cell || word]))),
  );
  await save(HEADER + filled.map((each) => formatRow(each)).join(''));
  expect(onDisk()).toBe(before);
  expect(world.notices).toEqual([]);
});

it('a log whose rows and columns have changed places is set aside', async () => {
  await openWith(fixture('small.csv'));
  const before = onDisk();
  const { rows } = parseExperimentLog(before);
  await save(
    formatTable(
      Object.keys(row({}).fields).map((name) => [
        name,
        ...rows.map(({ fields }) => fields[name as ExperimentColumn] ?? ''),
      ]),
    ),
  );
  expect(onDisk()).toBe(before);
  expect(world.notices).toEqual([expect.stringContaining('its rows and columns are swapped')]);
});

it('a deleted row, a doubt and a row without an id are said once, however often such a copy is saved', async () => {
  await openWith(fixture('small.csv'));
  const copy = parseExperimentLog(onDisk()).rows.slice(1);
  const lines = copy.map(({ fields }) => formatRow(row(fields))).join('');
  const odd = formatRow(row({ experiment_id: 'x', parent_experiment_id: 'nobody', status: 'planned' }));
  for (let time = 0; time < 3; time += 1) {
    await save(HEADER + lines + odd + formatRow(row({ hypothesis: 'no id' })));
    await restart();
  }
  expect(world.notices).toEqual([
    'A row without an id was in the experiment log; it is kept as unnamed-1.',
    expect.stringContaining('restored: base'),
    expect.stringContaining('x: its parent nobody is not in the log'),
  ]);
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
  await openWith(HEADER + formatRow(line));
  await save(change(HEADER + formatRow(row({ ...line.fields, next_action: 'halve it' }))));
  expect(experiments.rows.get('a')).toMatchObject({ hypothesis: 'wider', next_action: 'halve it' });
  expect(onDisk().split('\r\n')[0]).toBe(HEADER.trimEnd());
  expect(world.notices).toEqual([]);
});
