import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXPERIMENT_COLUMNS } from '../../src/core/experiment.ts';
import { formatRow } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { createWorld, job, randomNumbers, row, rowsOf, type World } from './world.ts';

const EVENTUALLY = { timeout: 30_000, interval: 20 };

let world: World;
let experiments: ReturnType<World['open']>;
beforeEach(() => begin());
async function begin(...timings: Parameters<typeof createWorld>): Promise<void> {
  world = createWorld(...timings);
  experiments = world.open();
  await experiments.start();
  experiments.jobsChanged([job(1), job(2), job(3)]);
  await experiments.settled();
}
/** So that half a file is waited for as long as the test takes. */
async function beginPatiently(): Promise<void> {
  await world.close();
  await begin({ unchangedMs: 120_000 });
}
afterEach(() => world.close());

const onDisk = () => readFileSync(world.csvPath, 'utf8');
const folder = () => dirname(world.csvPath);
/** As the scripts and most editors do: into the file as it is. */
const writeInPlace = (text: string | Buffer) => writeFileSync(world.csvPath, text);
const edit = (change: (text: string) => string) => writeInPlace(change(onDisk()));
const addRow = (id: string) => (text: string) =>
  text + formatRow(row({ experiment_id: id, hypothesis: `of ${id}` }));
/** The text with a cell of a job's row changed. */
const withCell = (text: string, id: string, column: (typeof EXPERIMENT_COLUMNS)[number], value: string) =>
  text.replace(new RegExp(`^${id},.*$`, 'm'), (line) => {
    const cells = line.split(',');
    cells[EXPERIMENT_COLUMNS.indexOf(column)] = value;
    return cells.join(',');
  });

describe('the log on disk', () => {
  it('follows a change by itself', async () => {
    experiments.editor.edit('job-0000002', { hypothesis: 'wider, "better"' });
    await vi.waitFor(
      () => expect(rowsOf(world.csvPath).get('job-0000002')?.hypothesis).toBe('wider, "better"'),
      EVENTUALLY,
    );
    expect(experiments.health()).toEqual({ name: 'experiment log', ok: true, detail: world.csvPath });
  });

  it('keeps its mode', async () => {
    chmodSync(world.csvPath, 0o640);
    experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
    await experiments.settled();
    expect(statSync(world.csvPath).mode & 0o777).toBe(0o640);
  });

  it('is not touched when nothing has changed', async () => {
    const before = statSync(world.csvPath);
    await experiments.settled();
    expect(statSync(world.csvPath).ino).toBe(before.ino);
  });

  it('is written in spite of what a killed process has left, and not through a link in its place', async () => {
    const victim = join(world.dir, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(folder(), '.experiment_log.csv.xaxbot.tmp'));
    experiments.editor.edit('job-0000001', { hypothesis: 'wider' });
    await experiments.settled();
    expect(readFileSync(victim, 'utf8')).toBe('precious');
    expect(rowsOf(world.csvPath).get('job-0000001')?.hypothesis).toBe('wider');
    expect(readdirSync(folder())).toEqual(['experiment_log.csv']);
  });

  it('comes back, with its folder, when somebody removed them', async () => {
    const text = onDisk();
    rmSync(folder(), { recursive: true });
    await experiments.settled();
    expect(onDisk()).toBe(text);
  });

  it('is written as soon as its folder can be, and until then health says why it is not', async () => {
    const second = createWorld();
    try {
      writeFileSync(join(second.xaxHome, 'experiments'), 'a file where a folder should be');
      const late = second.open();
      await late.start();
      late.jobsChanged([job(1)]);
      await late.settled();
      expect(late.health()).toMatchObject({
        ok: false,
        detail: expect.stringContaining('cannot be kept in sync'),
      });
      rmSync(join(second.xaxHome, 'experiments'));
      await vi.waitFor(() => expect(rowsOf(second.csvPath).size).toBe(1), EVENTUALLY);
      await vi.waitFor(() => expect(late.health().ok).toBe(true), EVENTUALLY);
    } finally {
      await second.close();
    }
  });
});

describe("somebody else's edit", () => {
  it('is taken in by itself, and the card of the job hears of it', async () => {
    edit((text) => withCell(text, 'job-0000002', 'next_action', 'halve lr'));
    await vi.waitFor(
      () => expect(experiments.rows.get('job-0000002')?.next_action).toBe('halve lr'),
      EVENTUALLY,
    );
    await vi.waitFor(
      () => expect(world.edited).toEqual([`gpu1/job-0000002@${job(2).enqueuedAt}`]),
      EVENTUALLY,
    );
    expect(world.notices).toEqual([]);
  });

  it('stands beside a change of ours that came at the same time', async () => {
    edit((text) => addRow('lr-003')(withCell(text, 'job-0000002', 'next_action', 'halve lr')));
    experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
    await experiments.settled();
    expect(rowsOf(world.csvPath).get('job-0000002')).toMatchObject({
      next_action: 'halve lr',
      hypothesis: 'wider',
    });
    expect(experiments.rows.get('lr-003')?.hypothesis).toBe('of lr-003');
  });

  it('of the very field that we changed stands, ours is kept in notes, and it is said once', async () => {
    edit((text) => withCell(text, 'job-0000002', 'hypothesis', 'theirs'));
    experiments.editor.edit('job-0000002', { hypothesis: 'ours' });
    await experiments.settled();
    await experiments.settled();
    expect(rowsOf(world.csvPath).get('job-0000002')).toMatchObject({
      hypothesis: 'theirs',
      notes: 'multi\n[hypothesis here was: ours]',
    });
    expect(world.notices).toHaveLength(1);
    expect(world.notices[0]).toContain('job-0000002: hypothesis');
  });

  it("does not cost a person's words when it is the original sync's", async () => {
    experiments.editor.edit('job-0000001', {
      result_summary: 'diverged after step 2000',
      notes: 'see lr-003',
    });
    await experiments.settled();
    const words = onDisk();
    for (const time of ['2026-11-23T15:40:00Z', '2026-11-23T15:50:00Z']) {
      edit((text) =>
        ['result_summary:return_code=0', 'notes:multi', `updated_at:${time}`].reduce((before, pair) => {
          const [column, value] = pair.split(/:(.*)/s) as [(typeof EXPERIMENT_COLUMNS)[number], string];
          return withCell(before, 'job-0000001', column, value);
        }, text),
      );
      await experiments.settled();
      expect(onDisk()).toBe(withCell(words, 'job-0000001', 'updated_at', time));
    }
  });

  it('is none when a spreadsheet only saved it in its own way', async () => {
    const text = onDisk();
    const quoted = text
      .trimEnd()
      .split('\r\n')
      .map((line) =>
        line
          .split(',')
          .map((cell) => `"${cell}"`)
          .join(','),
      );
    writeInPlace(`\uFEFF${quoted.join('\n')}\n`);
    await experiments.settled();
    expect(onDisk()).toBe(text);
    expect(world.edited).toEqual([]);
  });

  it('made in an old copy changes what was edited, and nothing that was changed here since', async () => {
    const copy = onDisk();
    world.setTime('2026-11-23T16:00:00Z');
    experiments.editor.edit('job-0000002', { hypothesis: 'said in chat' });
    experiments.plans.add({ name: 'lr-003', hypothesis: 'planned in chat', owner: 'ada' });
    await experiments.settled();
    world.setTime('2026-11-23T17:00:00Z');
    writeInPlace(withCell(copy, 'job-0000002', 'next_action', 'typed for an hour'));
    await experiments.settled();
    const rows = rowsOf(world.csvPath);
    expect(rows.get('job-0000002')).toMatchObject({
      hypothesis: 'said in chat',
      next_action: 'typed for an hour',
    });
    expect(rows.get('lr-003')?.hypothesis).toBe('planned in chat');
  });

  it('by a script that had read the file just before we wrote it undoes nothing', async () => {
    const copy = onDisk();
    experiments.editor.edit('job-0000002', { hypothesis: 'said in chat' });
    await experiments.settled();
    writeInPlace(addRow('lr-003')(withCell(copy, 'job-0000002', 'updated_at', '2026-11-23T15:59:59Z')));
    await experiments.settled();
    expect(rowsOf(world.csvPath).get('job-0000002')?.hypothesis).toBe('said in chat');
    expect(experiments.rows.get('lr-003')).toBeDefined();
  });

  it('written into the file that we have just replaced is found there', async () => {
    const text = onDisk();
    const script = openSync(world.csvPath, 'r+');
    try {
      experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
      await experiments.settled();
      ftruncateSync(script);
      writeSync(script, addRow('lr-003')(text), 0);
    } finally {
      closeSync(script);
    }
    await vi.waitFor(
      () => expect(rowsOf(world.csvPath).get('lr-003')?.hypothesis).toBe('of lr-003'),
      EVENTUALLY,
    );
    expect(rowsOf(world.csvPath).get('job-0000002')?.hypothesis).toBe('wider');
  });

  it('is never lost in a crowd of scripts that write while we write', async () => {
    const random = randomNumbers(5);
    const ids = Array.from({ length: 20 }, (_, index) => `ext-${index}`);
    for (const [index, id] of ids.entries()) {
      const text = onDisk();
      experiments.editor.edit('job-0000003', { next_action: `step ${index}` });
      experiments.plans.add({ name: `own-${index}`, hypothesis: 'h', owner: 'ada' });
      await sleep(random() * 60);
      // A script reads and writes within milliseconds; it is we who may write in between.
      writeInPlace(addRow(id)(random() < 0.2 ? text : onDisk()));
      await sleep(random() * 60);
      if (!parseExperimentLog(onDisk()).rows.some(({ fields }) => fields.experiment_id === id))
        await experiments.settled();
    }
    // What went into a file that was replaced at that moment is looked for there a second later.
    await vi.waitFor(() => {
      const rows = rowsOf(world.csvPath);
      expect(ids.filter((id) => !rows.has(id))).toEqual([]);
    }, EVENTUALLY);
    await experiments.settled();
    const rows = rowsOf(world.csvPath);
    expect(ids.filter((_, index) => !rows.has(`own-${index}`))).toEqual([]);
    expect(rows.get('job-0000003')?.next_action).toBe('step 19');
    expect(onDisk()).toBe(experiments.csv.text());
  });

  it('may sort the rows and add columns, which stay so', async () => {
    const [header, ...lines] = onDisk().trimEnd().split('\r\n');
    const mood = lines.reverse().map((line, index) => `${line},mood ${index}`);
    const text = `${[`${header},mood`, ...mood].join('\r\n')}\r\n`;
    writeInPlace(text);
    await experiments.settled();
    experiments.editor.edit('job-0000002', { owner: 'ada' });
    await experiments.settled();
    // Who reads a row anew must be able to tell it from an older copy.
    const asRead = onDisk().replace(',ada,multi', ',,multi').replaceAll(':04Z,,multi,', ':03Z,,multi,');
    expect(asRead).toBe(text);
    experiments.jobsChanged([job(4)]);
    await experiments.settled();
    expect(onDisk().trimEnd().split('\r\n').at(-1)).toMatch(/^job-0000004,.*,multi,$/);
  });

  it('may remove columns, which come back with all that stood in them', async () => {
    experiments.editor.edit('job-0000002', { hypothesis: 'wider' });
    await experiments.settled();
    const before = rowsOf(world.csvPath).get('job-0000002');
    const lines = [
      'experiment_id,status',
      'job-0000003,completed',
      'job-0000001,superseded',
      'job-0000002,completed',
      '',
    ];
    writeInPlace(lines.join('\r\n'));
    await experiments.settled();
    const rows = rowsOf(world.csvPath);
    expect([...rows.keys()]).toEqual(['job-0000003', 'job-0000001', 'job-0000002']);
    expect(rows.get('job-0000001')?.status).toBe('superseded');
    expect(rows.get('job-0000002')).toEqual(before);
    expect(before?.hypothesis).toBe('wider');
  });

  it('with an id twice, or none, is kept under an id of its own', async () => {
    edit(
      (text) =>
        `${text}job-0000001${','.repeat(12)}copied and changed${','.repeat(9)}\r\n${','.repeat(12)}no id${','.repeat(9)}\r\n`,
    );
    await experiments.settled();
    expect(experiments.rows.get('job-0000001~2')?.hypothesis).toBe('copied and changed');
    expect(experiments.rows.get('unnamed-1')?.hypothesis).toBe('no id');
    expect(experiments.rows.get('job-0000001')?.hypothesis).toBe('');
    expect(world.notices).toHaveLength(2);
    expect(onDisk()).toBe(experiments.csv.text());
  });

  it('that deletes a row does not: it comes back, and people are told', async () => {
    world.setTime('2026-11-24T00:00:00Z');
    const text = onDisk();
    writeInPlace(text.replace(/^job-0000002.*\r\n/m, ''));
    await experiments.settled();
    expect(onDisk()).toBe(text);
    expect(world.notices).toEqual([expect.stringContaining('job-0000002')]);
  });

  it('is text and nothing else, whatever it looks like', async () => {
    const cell = '=HYPERLINK("x")|$(touch /tmp/x)`id`<@U1>';
    edit(
      (text) =>
        text +
        formatRow(row({ experiment_id: '../../etc/passwd', status: 'weird', notes: cell, run_dir: '/etc' })),
    );
    await experiments.settled();
    expect(experiments.rows.get('../../etc/passwd')).toMatchObject({
      status: 'weird',
      notes: cell,
      run_dir: '/etc',
    });
    expect(readdirSync(folder())).toEqual(['experiment_log.csv']);
  });
});

describe('half a file', () => {
  it('is waited for: it is neither read as it is nor written over', async () => {
    await beginPatiently();
    const text = addRow('lr-003')(onDisk());
    const script = openSync(world.csvPath, 'w');
    experiments.editor.edit('job-0000003', { hypothesis: 'ours' });
    const step = Math.ceil(text.length / 4);
    for (let from = 0; from < text.length; from += step) {
      writeSync(script, text.slice(from, from + step));
      await sleep(100);
      if (from + step < text.length) expect(onDisk()).toBe(text.slice(0, from + step));
    }
    closeSync(script);
    await experiments.settled();
    expect(rowsOf(world.csvPath).get('job-0000003')?.hypothesis).toBe('ours');
    expect(onDisk()).toBe(experiments.csv.text());
    expect(rowsOf(world.csvPath).size).toBe(4);
    expect(world.notices).toEqual([]);
  });

  it('that stays so costs no text: a cell that is cut off is taken from the database', async () => {
    experiments.editor.edit('job-0000003', { notes: 'ada: a long note' });
    await experiments.settled();
    const text = onDisk();
    writeInPlace(text.slice(0, text.indexOf(' long note')));
    await experiments.settled();
    expect(onDisk()).toBe(text);
  });

  it('without its last line end only is read as it stands', async () => {
    edit((text) => withCell(text, 'job-0000003', 'notes', 'typed here').trimEnd());
    await experiments.settled();
    expect(rowsOf(world.csvPath).get('job-0000003')?.notes).toBe('typed here');
  });
});

describe('what makes no sense in a log', () => {
  it('is kept as it stands, and said once', async () => {
    const rows = [
      row({ experiment_id: 'a', parent_experiment_id: 'b' }),
      row({ experiment_id: 'b', parent_experiment_id: 'a' }),
      row({ experiment_id: 'c', parent_experiment_id: 'nobody', objective_value: 'nan' }),
      row({ experiment_id: '../d', metrics_json: '[1, 2]' }),
      row({
        experiment_id: 'fine',
        parent_experiment_id: 'a',
        metrics_json: '{"x": NaN}',
        objective_value: '1',
      }),
    ];
    writeFileSync(world.csvPath, onDisk() + rows.map((each) => formatRow(each)).join(''));
    await experiments.settled();
    await experiments.settled();
    expect(world.notices).toEqual([
      'The experiment log contains values that make no sense; they are kept as they are. ' +
        'a: its parent b follows it itself, a loop. b: its parent a follows it itself, a loop. ' +
        'c: its objective_value "nan" is not a number, so it is ignored. ' +
        'c: its parent nobody is not in the log. ../d: its id looks like a path; commands do not make such ids. ' +
        'And more.',
    ]);
    expect(experiments.rows.get('c')).toMatchObject({
      parent_experiment_id: 'nobody',
      objective_value: 'nan',
    });
    expect(onDisk()).toContain('[1, 2]');
  });
});

it('what makes no sense is not said of a log that is read for the first time', async () => {
  const other = createWorld();
  mkdirSync(dirname(other.csvPath), { recursive: true });
  const line = formatRow(row({ experiment_id: 'c', parent_experiment_id: 'x' }));
  writeFileSync(other.csvPath, `${EXPERIMENT_COLUMNS.join(',')}\r\n${line}`);
  const adopted = other.open();
  await adopted.start();
  expect(adopted.rows.get('c')?.parent_experiment_id).toBe('x');
  expect(other.notices).toEqual([]);
  await other.close();
});

describe('a file that is no log', () => {
  it.each([
    ['another table', 'name,value\r\na,1\r\n', /experiment_id/],
    ['an open quote', `${EXPERIMENT_COLUMNS.join(',')}\r\nlr-1,"never closed\r\n`, /not CSV/],
    ['no UTF-8', Buffer.from([...Buffer.from('experiment_id\r\nm'), 0xfc, 0x0d, 0x0a]), /UTF-8/],
  ])('(%s) is set aside, told of, and written anew', async (_what, content, reason) => {
    const text = onDisk();
    writeInPlace(content);
    await experiments.settled();
    expect(onDisk()).toBe(text);
    const aside = readdirSync(folder()).filter((name) => name.startsWith('experiment_log.broken-'));
    expect(aside).toEqual(['experiment_log.broken-20261123T152403Z.csv']);
    expect(readFileSync(join(folder(), aside[0]!))).toEqual(Buffer.from(content));
    expect(world.notices).toEqual([expect.stringMatching(reason)]);
    expect(world.notices[0]).toContain(aside[0]!);
  });

  it('never takes the name of one that was set aside before', async () => {
    for (const content of ['one\n', 'two\n']) {
      writeInPlace(content);
      await experiments.settled();
    }
    const aside = readdirSync(folder()).filter((name) => name.startsWith('experiment_log.broken-'));
    expect(aside.map((name) => readFileSync(join(folder(), name), 'utf8')).sort()).toEqual([
      'one\n',
      'two\n',
    ]);
  });

  it('is mended when it makes sense again in time', async () => {
    await beginPatiently();
    const text = onDisk();
    writeInPlace('nothing yet');
    await vi.waitFor(() => expect(experiments.health().ok).toBe(false), EVENTUALLY);
    writeInPlace(addRow('lr-003')(text));
    await experiments.settled();
    expect(experiments.rows.get('lr-003')).toBeDefined();
    expect(experiments.health().ok).toBe(true);
    expect(world.notices).toEqual([]);
  });
});

it('a log in a folder that was there before is resumed at the start, with what people did while we were away', async () => {
  experiments.editor.edit('job-0000001', { hypothesis: 'wider' });
  await experiments.stop();
  edit((text) => withCell(text, 'job-0000002', 'next_action', 'done by hand'));
  mkdirSync(folder(), { recursive: true });
  const next = world.open();
  await next.start();
  expect(next.rows.get('job-0000002')?.next_action).toBe('done by hand');
  expect(next.rows.get('job-0000001')?.hypothesis).toBe('wider');
});
