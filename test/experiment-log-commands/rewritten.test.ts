import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseExperimentLog } from '../parsing.ts';
import { newHome } from './home.ts';

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, '../fixtures/rewritten', name), 'utf8');

let home: ReturnType<typeof newHome>;
beforeEach(() => {
  home = newHome();
});
const rowOf = (id: string) =>
  parseExperimentLog(home.text()).rows.find(({ fields }) => fields.experiment_id === id)?.fields;

describe('a log that other programs have saved, as the commands read and write it', () => {
  it('has no index column of pandas afterwards', async () => {
    writeFileSync(home.csv, fixture('pandas-index-3.csv'));
    expect((await home.upsert('mine')).complained).toBe('');
    expect(home.text()).toMatch(/^experiment_id,parent_experiment_id,.*,notes\r\n/);
    expect(home.ids()).toHaveLength(11);
  });

  it('has the rows of both sides of a merge, and both texts where they differ', async () => {
    writeFileSync(home.csv, fixture('git-conflict.csv'));
    expect((await home.upsert('mine')).complained).toBe('');
    expect(home.ids()).toEqual(['base', 'mine']);
    expect(rowOf('base')?.notes).toMatch(/theirs\n- spike at 2k\n- lowered lr, see #lr/);
  });

  it('has both texts of a column that somebody added, and no column of labels of lines that are none', async () => {
    const [header = '', line = ''] = fixture('small.csv')
      .replace(/"[^"]*"/, 'one line')
      .split('\r\n');
    const summary = ['count', 'unique', 'top', 'freq']
      .map((label) => `3${','.repeat(22)},${label}\r\n`)
      .join('');
    writeFileSync(
      home.csv,
      `${header},mood,index\r\n${line},calm,\r\n${summary}${header},mood\r\n${line},tense\r\n`,
    );
    await home.upsert('mine');
    expect(home.text().split('\r\n')[0]).toBe(`${header},mood`);
    expect(home.text()).toMatch(/\[mood here was: calm\]/);
    expect(home.text()).toMatch(/,tense/);
    expect(home.ids()).toEqual(['base', 'mine']);
  });

  it('loses no line that is no experiment: it is kept beside the log, and said once', async () => {
    const total = `Total${','.repeat(10)}12.5${','.repeat(11)}`;
    writeFileSync(home.csv, `${fixture('small.csv')}${total}\r\n# see the wiki\r\n`);
    const { code, complained } = await home.upsert('mine');
    expect([code, complained]).toEqual([
      0,
      expect.stringMatching(/2 lines of the experiment log are not experiments/),
    ]);
    expect(home.ids()).toEqual(['base', '3e-4', 'external', 'mine']);
    expect(readFileSync(join(home.folder, 'experiment_log.left-out.txt'), 'utf8')).toMatch(
      /Z Total,{10}12\.5\n.*Z # see the wiki\n$/,
    );
    writeFileSync(home.csv, `${home.text()}# see the wiki\r\n`);
    expect((await home.upsert('mine')).complained).toBe('');
  });

  it('is changed in the row whose id a spreadsheet has rewritten, and only where that is certain', async () => {
    writeFileSync(home.csv, fixture('excel-name-error.csv'));
    expect((await home.upsert('3e-4', '--notes', 'x')).complained).toBe('');
    expect(home.ids()).toEqual(['base', '3e-4', 'external']);
    await home.upsert('7');
    const { complained } = await home.upsert('007');
    expect(complained).toMatch(/7 may be 007 rewritten by a spreadsheet; 007 is a separate row/);
    expect(home.ids()).toEqual(['base', '3e-4', 'external', '7', '007']);
  });
});

it.each(['nan', '-inf', 'Infinity', '1e999'])(
  '%s as an objective is refused, and nothing is written',
  async (value) => {
    await home.upsert('a', '--objective-value', '1');
    const before = home.text();
    expect(await home.upsert('a', '--objective-value', value, '--notes', 'x')).toMatchObject({
      code: 1,
      complained: expect.stringMatching(/would count as the best of all; leave it out/),
    });
    expect(home.text()).toBe(before);
  },
);

it('a report has what the file says, and no best that is not finite', async () => {
  const values = ['nan', 'inf', '1e999', '0.5', '-inf'];
  const lines = values.map(
    (value, index) => `r${index},,,completed,,,,,loss,max,${value}${','.repeat(11)}\r\n`,
  );
  writeFileSync(home.csv, `${fixture('small.csv').split('\r\n')[0]!.split('\n')[0]}\r\n${lines.join('')}`);
  await home.run('report', '--experiment-name', 'default');
  const report = readFileSync(join(home.folder, 'experiment_report.md'), 'utf8');
  expect(report).toMatch(/## Best Result\n\n- r3: loss=0\.5\n/);
  for (const value of values) expect(report).toContain(`| ${value} |`);
});
