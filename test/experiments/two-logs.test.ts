import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atOnce } from '../../src/core/slices.ts';
import { sidesOf } from '../../src/experiments/conflict-markers.ts';
import { formatRow } from '../../src/experiments/csv.ts';
import { createWorld, HEADER, row, type World } from './world.ts';

let world: World;
let experiments: ReturnType<World['open']>;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

const onDisk = () => readFileSync(world.csvPath, 'utf8');

async function openWith(content: string): Promise<void> {
  mkdirSync(dirname(world.csvPath), { recursive: true });
  put(content);
  experiments = world.open();
  await experiments.start();
}

function put(content: string): void {
  writeFileSync(world.csvPath, content);
  utimesSync(world.csvPath, new Date(), new Date(Date.now() - 2_000));
}

async function save(content: string, at: string): Promise<void> {
  world.setTime(at);
  put(content);
  await experiments.settled();
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

describe('a file with two texts of one row', () => {
  it.each([
    ['one behind the other', HEADER + OURS + HEADER + THEIRS],
    ['as the sides of a merge', HEADER + conflict(OURS, THEIRS)],
  ])('%s, saved again later, loses none of them and changes nothing', async (_what, file) => {
    await openWith(HEADER + base('', 'one\ntwo\nthree'));
    await save(file, '2026-11-25T09:00:00Z');
    const after = onDisk();
    for (const text of ['wider', 'deeper', 'ours', 'theirs']) expect(after).toContain(text);
    const said = world.notices.length;
    for (const at of ['2026-11-25T09:00:30Z', '2026-11-25T09:01:00Z', '2026-11-25T11:00:00Z'])
      await save(file, at);
    expect(onDisk()).toBe(after);
    expect(world.notices).toHaveLength(said);
    await save(file.replace('wider', 'widest'), '2026-11-25T12:00:00Z');
    for (const text of ['widest', 'deeper', 'ours', 'theirs']) expect(onDisk()).toContain(text);
  });

  it('in a merge that was put into another one: all three are kept, and no row is doubled', async () => {
    await openWith(HEADER + base('', 'one\ntwo\nthree'));
    const third = base('narrower', 'one\nthird\nthree');
    await save(HEADER + conflict(conflict(OURS, THEIRS), third), '2026-11-25T09:00:00Z');
    expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual(['base']);
    for (const text of ['wider', 'deeper', 'narrower', 'ours', 'theirs', 'third'])
      expect(onDisk()).toContain(text);
    expect(onDisk()).not.toMatch(/<<<<<<<|>>>>>>>|=======/);
  });

  it.each(['<<<<<<< HEAD\n', '=======\n', '>>>>>>> topic\n'])(
    'in a merge that lost its %s doubles no row either',
    async (marker) => {
      const [ours, theirs] = [base('wider', 'ours'), base('deeper', 'theirs')];
      await openWith(HEADER + base('', ''));
      await save(
        `${HEADER}<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> topic\n`.replace(marker, ''),
        '2026-11-25T09:00:00Z',
      );
      expect(experiments.rows.all().map((each) => each.experiment_id)).toEqual(
        marker.startsWith('=') ? ['base', 'base~2'] : ['base'],
      );
      for (const text of ['wider', 'deeper', 'ours', 'theirs']) expect(onDisk()).toContain(text);
    },
  );

  it('with line ends of Windows in the cells repeats no line of notes', async () => {
    await openWith(HEADER + base('', 'one\ntwo\nthree'));
    const file = (HEADER + conflict(OURS, THEIRS)).replace(/\r?\n/g, '\r\n');
    await save(file, '2026-11-25T09:00:00Z');
    expect(experiments.rows.get('base')?.notes.split(/\r?\n/).toSorted()).toEqual(
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
