import { beforeEach, describe, expect, it } from 'vitest';
import { atOnce } from '../../src/core/slices.ts';
import { sidesOf } from '../../src/experiments/conflict-markers.ts';
import { formatRow } from '../../src/experiments/csv.ts';
import { rewritten, useLog } from './log-on-disk.ts';
import { HEADER, row } from './world.ts';

const log = useLog();
beforeEach(() => log.world.setTime('2026-11-25T08:00:00Z'));

function saveAt(content: string, at: string): Promise<void> {
  log.world.setTime(at);
  return log.save(content);
}

const base = (hypothesis: string, notes: string) =>
  formatRow(
    row({
      experiment_id: 'base',
      hypothesis,
      notes,
      status: 'planned',
      created_at: '2026-11-24T08:00:00Z',
      updated_at: '2026-11-24T08:00:00Z',
    }),
  );
const OURS = base('wider', 'one\nours\nthree');
const THEIRS = base('deeper', 'one\ntheirs\nthree');
const conflict = (ours: string, theirs: string) =>
  `<<<<<<< HEAD\n${ours}||||||| base\n${base('', 'one\ntwo\nthree')}=======\n${theirs}>>>>>>> topic\n`;

describe('two logs in one file', () => {
  it('as git leaves them: both texts of a field are kept, no marker is an experiment, and it is said once', async () => {
    await log.openWith(rewritten('small.csv'));
    for (let time = 0; time < 3; time += 1) {
      await log.save(rewritten('git-conflict.csv'));
      await log.restart();
    }
    expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual([
      'base',
      '3e-4',
      'external',
    ]);
    expect(log.experiments.rows.get('base')?.notes).toMatch(/theirs/);
    expect(log.experiments.rows.get('base')?.notes).toMatch(/spike at 2k\n- lowered lr, see #lr/);
    expect(log.world.notices.filter((text) => /merge/.test(text))).toHaveLength(1);
    expect(log.world.notices).toHaveLength(2);
  });

  it('with the conflict in the middle of a cell of several lines, or in the header', async () => {
    await log.openWith(
      HEADER + formatRow(row({ experiment_id: 'a', notes: 'one\ntwo\nthree', status: 'planned' })),
    );
    const [before, after] = log.onDisk().split('two\n');
    await log.save(`${before}<<<<<<< HEAD\nours\n||||||| base\ntwo\n=======\ntheirs\n>>>>>>> x\n${after}`);
    for (const text of ['one', 'ours', 'theirs', 'three'])
      expect(log.experiments.rows.get('a')?.notes.split('\n')).toContain(text);
    const [header = '', ...rest] = log.onDisk().split('\r\n');
    await log.save(
      `<<<<<<< HEAD\n${header},mood\n=======\n${header},seed\n>>>>>>> x\n${rest.join('\n')}b${','.repeat(12)}wider${','.repeat(10)}7\n`,
    );
    expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual(['a', 'b']);
    expect(log.onDisk().split('\r\n')[0]).toBe(`${HEADER.trimEnd()},mood,seed`);
  });

  it('where only one marker was taken away, the others are no experiments', async () => {
    await log.openWith(rewritten('small.csv'));
    await log.save(
      `${log.onDisk()}=======\n${formatRow(row({ experiment_id: 'b', status: 'planned' }))}>>>>>>> x\n`,
    );
    expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual([
      'base',
      '3e-4',
      'external',
      'b',
    ]);
    expect(log.leftOut()).toMatch(/ =======\n.* >>>>>>> x\n$/);
  });

  it('one behind the other: a further header is none, whatever its order, and without a line end before it', async () => {
    await log.openWith(rewritten('small.csv'));
    const other = 'notes,status,experiment_id\r\nof another,planned,b\r\nnew notes,planned,3e-4\r\n';
    await log.save(log.onDisk() + other);
    expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual([
      'base',
      '3e-4',
      'external',
      'b',
    ]);
    expect(log.experiments.rows.get('b')?.notes).toBe('of another');
    expect(log.experiments.rows.get('3e-4')?.notes).toBe('new notes');
    await log.save(
      log.onDisk().trimEnd() + HEADER + formatRow(row({ experiment_id: 'c', status: 'planned' })),
    );
    expect([...log.experiments.rows.pages()].flat().at(-1)?.experiment_id).toBe('c');
    expect([...log.experiments.rows.pages()].flat()).toHaveLength(5);
    expect(log.world.notices).toEqual([]);
  });
});

describe('a file with two texts of one row', () => {
  it.each([
    ['one behind the other', HEADER + OURS + HEADER + THEIRS],
    ['as the sides of a merge', HEADER + conflict(OURS, THEIRS)],
  ])('%s, saved again later, loses none of them and changes nothing', async (_what, file) => {
    await log.openWith(HEADER + base('', 'one\ntwo\nthree'));
    await saveAt(file, '2026-11-25T09:00:00Z');
    const after = log.onDisk();
    for (const text of ['wider', 'deeper', 'ours', 'theirs']) expect(after).toContain(text);
    const said = log.world.notices.length;
    for (const at of ['2026-11-25T09:00:30Z', '2026-11-25T09:01:00Z', '2026-11-25T11:00:00Z'])
      await saveAt(file, at);
    expect(log.onDisk()).toBe(after);
    expect(log.world.notices).toHaveLength(said);
    await saveAt(file.replace('wider', 'widest'), '2026-11-25T12:00:00Z');
    for (const text of ['widest', 'deeper', 'ours', 'theirs']) expect(log.onDisk()).toContain(text);
  });

  it('in a merge that was put into another one: all three are kept, and no row is doubled', async () => {
    await log.openWith(HEADER + base('', 'one\ntwo\nthree'));
    const third = base('narrower', 'one\nthird\nthree');
    await saveAt(HEADER + conflict(conflict(OURS, THEIRS), third), '2026-11-25T09:00:00Z');
    expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual(['base']);
    for (const text of ['wider', 'deeper', 'narrower', 'ours', 'theirs', 'third'])
      expect(log.onDisk()).toContain(text);
    expect(log.onDisk()).not.toMatch(/<<<<<<<|>>>>>>>|=======/);
  });

  it.each(['<<<<<<< HEAD\n', '=======\n', '>>>>>>> topic\n'])(
    'in a merge that lost its %s doubles no row either',
    async (marker) => {
      const [ours, theirs] = [base('wider', 'ours'), base('deeper', 'theirs')];
      await log.openWith(HEADER + base('', ''));
      await saveAt(
        `${HEADER}<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> topic\n`.replace(marker, ''),
        '2026-11-25T09:00:00Z',
      );
      expect([...log.experiments.rows.pages()].flat().map((each) => each.experiment_id)).toEqual(
        marker.startsWith('=') ? ['base', 'base~2'] : ['base'],
      );
      for (const text of ['wider', 'deeper', 'ours', 'theirs']) expect(log.onDisk()).toContain(text);
    },
  );

  it('with line ends of Windows in the cells repeats no line of notes', async () => {
    await log.openWith(HEADER + base('', 'one\ntwo\nthree'));
    const file = (HEADER + conflict(OURS, THEIRS)).replace(/\r?\n/g, '\r\n');
    await saveAt(file, '2026-11-25T09:00:00Z');
    expect(log.experiments.rows.get('base')?.notes.split(/\r?\n/).toSorted()).toEqual(
      ['[hypothesis here was: wider]', 'one', 'ours', 'theirs', 'three'].toSorted(),
    );
  });
});

it('markers by the hundred thousand, in one another or without an end, are looked at in linear time', () => {
  const nested = '<<<<<<< x\n'.repeat(100_000) + '=======\n>>>>>>> y\n'.repeat(100_000);
  const endless = `${'<<<<<<< x\n=======\n'.repeat(100_000)}>>>>>>> y\n`;
  const before = process.cpuUsage();
  expect(atOnce(sidesOf(nested))).toEqual([nested]);
  expect(atOnce(sidesOf(endless))).toHaveLength(2);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5);
});
