import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type ExperimentColumn,
  type ExperimentLogRow,
  type ExperimentRow,
  experimentRow,
} from '../../src/core/experiment.ts';
import { formatExperimentLog, formatRow, formatTable } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { createWorld, job, randomNumbers, row, type World } from './world.ts';

let world: World;
let experiments: ReturnType<World['open']>;
let minutes = 0;
beforeEach(async () => {
  world = createWorld();
  experiments = world.open();
  minutes = 0;
  pass(1);
  await experiments.start();
  experiments.jobsChanged([job(1), job(2), job(3)]);
  await experiments.settled();
});
afterEach(() => world.close());

/** Lets the world's clock go on. */
function pass(by: number): string {
  minutes += by;
  const iso = new Date(Date.parse('2026-11-24T08:00:00Z') + minutes * 60_000).toISOString().slice(0, 19);
  world.setTime(`${iso}Z`);
  return `${iso}Z`;
}

const onDisk = () => readFileSync(world.csvPath, 'utf8');

/** As the scripts and most editors do, into the file as it is; long enough ago that nobody waits for more of it. */
async function save(text: string): Promise<void> {
  writeFileSync(world.csvPath, text);
  utimesSync(world.csvPath, new Date(), new Date(Date.now() - 2_000));
  await experiments.settled();
}

/** A copy of the log with one cell changed. */
function withCell(text: string, id: string, column: string, value: string): string {
  const { rows, extraColumns } = parseExperimentLog(text);
  const whole = rows.map(({ fields, extra }): ExperimentLogRow => ({ fields: experimentRow(fields), extra }));
  for (const each of whole.filter(({ fields }) => fields.experiment_id === id)) {
    if (column in each.fields) each.fields[column as ExperimentColumn] = value;
    else each.extra[column] = value;
  }
  const added = column in whole[0]!.fields || extraColumns.includes(column) ? [] : [column];
  return formatExperimentLog(whole, [...extraColumns, ...added]);
}

/** A copy as the original sync leaves it: its own words over result and notes, every row of a job updated now. */
function synced(text: string, now: string): string {
  const rows = parseExperimentLog(text).rows.map(({ fields, extra }): ExperimentLogRow => {
    const machine = { result_summary: 'return_code=0', notes: 'multi', updated_at: now };
    return { fields: experimentRow({ ...fields, ...machine }), extra };
  });
  return formatExperimentLog(rows);
}

const said = (id: string) => Object.values(experiments.rows.get(id)!).join('\n');

describe("a person's words in the file", () => {
  it('are not undone by a program or a person that had read the file before', async () => {
    const before = onDisk();
    await save(withCell(before, 'job-0000001', 'hypothesis', 'wider is better'));
    await save(withCell(before, 'job-0000002', 'hypothesis', "another person's"));
    expect(said('job-0000001')).toContain('wider is better');
    expect(said('job-0000002')).toContain("another person's");
    expect(onDisk()).toContain('wider is better');
  });

  it('are not undone by a sync that had read the file before, and that marks every row as new', async () => {
    const before = onDisk();
    await save(withCell(before, 'job-0000001', 'result_summary', 'refuted: it diverges'));
    await save(synced(before, pass(0)));
    expect(experiments.rows.get('job-0000001')!.result_summary).toBe('refuted: it diverges');
  });

  it('in a column that somebody added neither, though the copy has none there', async () => {
    const before = withCell(onDisk(), 'job-0000001', 'mood', '');
    await save(withCell(before, 'job-0000001', 'mood', 'good'));
    await save(withCell(before, 'job-0000002', 'mood', 'bad'));
    const moods = parseExperimentLog(onDisk()).rows.map(({ extra }) => extra.mood ?? '');
    expect(moods).toEqual(['good', 'bad', '']);
    await save(withCell(onDisk(), 'job-0000001', 'mood', ''));
    expect(parseExperimentLog(onDisk()).rows[0]!.extra.mood ?? '').toBe('');
  });

  it('may be set back by whoever has read the newer ones', async () => {
    await save(withCell(onDisk(), 'job-0000001', 'hypothesis', 'one'));
    pass(10);
    await save(withCell(onDisk(), 'job-0000001', 'hypothesis', 'two'));
    pass(10);
    await save(withCell(onDisk(), 'job-0000001', 'hypothesis', 'one'));
    expect(experiments.rows.get('job-0000001')!.hypothesis).toBe('one');
    expect(world.notices).toEqual([]);
  });

  it('of an older copy that stand over newer ones are named, so that nobody wonders', async () => {
    await save(withCell(onDisk(), 'job-0000001', 'hypothesis', 'one'));
    const copy = onDisk();
    pass(10);
    await save(withCell(copy, 'job-0000001', 'hypothesis', 'two'));
    await save(copy);
    expect(experiments.rows.get('job-0000001')!.hypothesis).toBe('two');
    expect(world.notices).toEqual([
      expect.stringContaining('over newer text, which was kept: job-0000001 hypothesis ("one")'),
    ]);
  });

  it('and those said here at the same time are both kept, though the file has ours already', async () => {
    const before = onDisk();
    pass(1);
    experiments.editor.edit('job-0000001', { result_summary: 'confirmed: in chat' });
    await experiments.settled();
    const theirs = withCell(before, 'job-0000001', 'result_summary', 'refuted: by a script');
    await save(withCell(theirs, 'job-0000001', 'updated_at', pass(0.1)));
    expect(said('job-0000001')).toContain('refuted: by a script');
    expect(said('job-0000001')).toContain('confirmed: in chat');
    expect(world.notices).toEqual([expect.stringContaining('changed both here and in the experiment log')]);
  });
});

describe('a row that a file holds in its own way', () => {
  it('without an id, or with the id of another, is made once, however often the file is saved', async () => {
    const copy = onDisk();
    const extra = formatRow(row({ experiment_id: 'job-0000001', hypothesis: 'a second one' }));
    const unnamed = formatRow(row({ hypothesis: 'without an id' }));
    for (let time = 0; time < 4; time += 1) await save(copy + extra + unnamed);
    const ids = parseExperimentLog(onDisk()).rows.map(({ fields }) => fields.experiment_id);
    expect(ids).toEqual(['job-0000001', 'job-0000002', 'job-0000003', 'job-0000001~2', 'unnamed-1']);
    expect(world.notices).toHaveLength(2);
  });

  it('with a comma that nobody quoted is put right where that is certain, else kept in notes', async () => {
    await save(onDisk().replace(/^(job-0000001,.*,)multi\r$/m, '$1multi, and more\r'));
    expect(experiments.rows.get('job-0000001')!.notes).toBe('multi, and more');
    await save(
      withCell(onDisk(), 'job-0000002', 'hypothesis', 'wider; better').replace(
        'wider; better',
        'wider, better',
      ),
    );
    expect(experiments.rows.get('job-0000002')!.hypothesis).toBe('wider, better');
    const torn = onDisk().replace(
      /^job-0000003,.*\r$/m,
      (line) => `${line.replace('completed', 'done, well').slice(0, -1)},x\r`,
    );
    await save(torn);
    expect(experiments.rows.get('job-0000003')).toMatchObject({ status: 'completed', hypothesis: '' });
    expect(said('job-0000003')).toContain('done |  well');
    expect(world.notices.at(-1)).toMatch(/job-0000003 has more cells in the experiment log than the header/);
  });

  it('under the id of a job that a plan took over gives what it says to the planned row', async () => {
    experiments.plans.add({ name: 'lr-9', hypothesis: 'lower', owner: 'ada' });
    experiments.plans.join('lr-9', job(3));
    await experiments.settled();
    pass(5);
    const line = formatRow(
      row({
        experiment_id: 'job-0000003',
        queue_job_id: 'job-0000003',
        objective_metric: 'value/loss',
        objective_value: '0.2',
        next_action: 'halve it',
        updated_at: pass(0),
      }),
    );
    await save(onDisk() + line);
    expect(experiments.rows.get('lr-9')).toMatchObject({
      objective_value: '0.2',
      next_action: 'halve it',
      hypothesis: 'lower',
    });
    expect(experiments.rows.all()).toHaveLength(3);
  });
});

describe('what a spreadsheet does to a log', () => {
  it('to numbers is no edit: rounded to what it shows, with the decimal comma of its country', async () => {
    experiments.editor.edit('job-0000001', { objective_value: '0.217773437512345' });
    await experiments.settled();
    const text = onDisk();
    await save(text.replace('0.217773437512345', '0.217773438'));
    await save(text.replace('0.217773437512345', '"0,217773437512345"'));
    expect(experiments.rows.get('job-0000001')!.objective_value).toBe('0.217773437512345');
    await save(onDisk().replace('0.217773437512345', '"0,25"'));
    expect(experiments.rows.get('job-0000001')!.objective_value).toBe('0.25');
  });

  it('to what stands between the cells is none either, and edits in such a file are taken in', async () => {
    const text = withCell(onDisk(), 'job-0000002', 'hypothesis', 'mine');
    const lines = parseExperimentLog(text);
    const cells = [
      lines.columns,
      ...lines.rows.map(({ fields }) =>
        lines.columns.map((name) => fields[name as keyof ExperimentRow] ?? ''),
      ),
    ];
    await save(cells.map((line) => `${line.join(';')}\r\n`).join(''));
    expect(experiments.rows.get('job-0000002')!.hypothesis).toBe('mine');
    expect(onDisk()).toMatch(/^experiment_id,parent_experiment_id,/);
    expect(world.notices).toEqual([]);
  });

  it('to the case of a column makes no other column of it', async () => {
    await save(onDisk().replace('hypothesis', ' Hypothesis '));
    expect(onDisk().split('\r\n')[0]).not.toMatch(/Hypothesis/);
  });
});

it("a person's superseded is not undone by the queue's word for the row's job", async () => {
  await save(
    onDisk() +
      formatRow(row({ experiment_id: 'by-hand', queue_job_id: 'job-0000099', status: 'superseded' })),
  );
  pass(60);
  await save(withCell(onDisk(), 'by-hand', 'status', 'completed'));
  expect(experiments.rows.get('by-hand')!.status).toBe('superseded');
});

it('a file with NUL bytes, of two programs that wrote at once, is set aside', async () => {
  const text = onDisk();
  writeFileSync(world.csvPath, text.replace('\r\n', `\r\n${'\0'.repeat(2_000)}`));
  await vi.waitFor(() => expect(onDisk()).toBe(text), { timeout: 30_000, interval: 20 });
  expect(world.notices).toEqual([expect.stringContaining('NUL bytes')]);
});

describe('somebody who saves again within a minute, without having read the file anew', () => {
  it('goes on with what they saved: the later text stands, and it is no conflict', async () => {
    const copy = onDisk();
    for (const text of ['w', 'wider', 'wider is better', 'deeper']) {
      pass(0.3);
      await save(withCell(copy, 'job-0000001', 'hypothesis', text));
    }
    expect(experiments.rows.get('job-0000001')).toMatchObject({ hypothesis: 'deeper', notes: 'multi' });
    expect(world.notices).toEqual([]);
  });

  it('also in a row that they added, in a column that they added, and across a restart', async () => {
    const added = onDisk() + formatRow(row({ experiment_id: 'lr-9', hypothesis: 'one' }));
    await save(withCell(added, 'lr-9', 'mood', 'good'));
    await experiments.stop();
    pass(0.5);
    experiments = world.open();
    await experiments.start();
    await save(withCell(withCell(added, 'lr-9', 'mood', 'bad'), 'lr-9', 'hypothesis', 'two'));
    expect(experiments.rows.get('lr-9')).toMatchObject({ hypothesis: 'two', notes: '' });
    expect(parseExperimentLog(onDisk()).rows.at(-1)!.extra).toEqual({ mood: 'bad' });
    expect(world.notices).toEqual([]);
  });

  it('does not take back what was said in chat meanwhile: both are kept, and it is said', async () => {
    const copy = onDisk();
    await save(withCell(copy, 'job-0000001', 'hypothesis', 'one'));
    experiments.editor.edit('job-0000001', { hypothesis: 'in chat' });
    await experiments.settled();
    pass(0.5);
    await save(withCell(copy, 'job-0000001', 'hypothesis', 'two'));
    expect(experiments.rows.get('job-0000001')).toMatchObject({
      hypothesis: 'two',
      notes: 'multi\n[hypothesis here was: in chat]',
    });
    expect(world.notices).toEqual([expect.stringContaining('changed both here and in the experiment log')]);
  });

  it('is told from another person, whose copy is older or has none of it', async () => {
    const older = onDisk();
    pass(1);
    experiments.editor.edit('job-0000003', { hypothesis: 'elsewhere' });
    await experiments.settled();
    await save(withCell(onDisk(), 'job-0000001', 'hypothesis', 'one'));
    pass(0.3);
    await save(withCell(older, 'job-0000001', 'hypothesis', 'two'));
    expect(said('job-0000001')).toMatch(/two[\s\S]*one/);
    await save(withCell(onDisk(), 'job-0000002', 'hypothesis', 'three'));
    await save(withCell(older, 'job-0000002', 'next_action', 'four'));
    expect(experiments.rows.get('job-0000002')).toMatchObject({ hypothesis: 'three', next_action: 'four' });
  });
});

/** As Excel saves a log that it has opened, and in which `typed` was typed: formulas' errors, semicolons, a BOM. */
function throughSpreadsheet(text: string, typed: string): string {
  const { columns, rows } = parseExperimentLog(text);
  const cells = rows.map(({ fields, extra }) =>
    columns.map((name) => {
      const cell = fields[name as ExperimentColumn] ?? extra[name] ?? '';
      if (/^[-=+@]/.test(cell) && cell !== typed) return '#NAME?';
      return cell.replace(/^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d):\d\dZ$/, '$3/$2/$1 $4');
    }),
  );
  const quote = (cell: string) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `\uFEFF${[columns, ...cells].map((line) => `${line.map(quote).join(';')}\r\n`).join('')}`;
}

/** As pandas writes it with its index, a word where nothing stands, and sorted. */
function throughPandas(text: string): string {
  const { columns, rows } = parseExperimentLog(text);
  const lines = rows.map(({ fields, extra }, index) => [
    String(index),
    ...columns.map((name) => fields[name as ExperimentColumn] || extra[name] || 'nan'),
  ]);
  return formatTable([['', ...columns], ...lines.reverse()]).replaceAll('\r\n', '\n');
}

/**
 * The whole of it, as it goes for weeks: people in chat, people with a copy of the file that they read a while ago, in
 * an editor, a spreadsheet or pandas, syncs that overwrite, restarts. Whoever replaces a word has seen it, or it stays
 * somewhere in its row. Who saves the same copy again within a minute goes on with what they saved.
 */
it.each([1, 2, 3, 4, 6, 26])(
  'no word is lost that its replacer had not seen, in a random history (%i)',
  async (seed) => {
    const random = randomNumbers(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
    const ids = ['job-0000001', 'job-0000002', 'job-0000003'];
    const columns = ['hypothesis', 'result_summary', 'next_action', 'change_summary'] as const;
    /** Words that must still be found, each with its row. */
    const words = new Map<string, string>();
    const copies: { text: string; seen: Set<string> }[] = [];
    const saves: { from: string; word: string; at: number }[] = [];
    /** What an edited copy looks like where it comes back. */
    const through = (text: string, typed: string) =>
      pick([String, String, throughSpreadsheet, throughPandas])(text, typed);
    const drop = (id: string, column: ExperimentColumn, seen: (word: string) => boolean) => {
      const before = experiments.rows.get(id)![column];
      for (const [word, of] of words)
        if (of === id && before.includes(word) && seen(word)) words.delete(word);
    };
    for (let step = 0; step < 60; step += 1) {
      pass(pick([0, 0.02, 1, 30]));
      const id = pick(ids);
      const column = pick(columns);
      const word = `${pick(['', '', '-', '=> '])}word${seed}x${step}.`;
      const what = pick(['chat', 'chat', 'fresh', 'fresh', 'copy', 'stale', 'stale', 'sync', 'restart']);
      if (what === 'chat') {
        drop(id, column, () => true);
        experiments.editor.edit(id, { [column]: word });
        words.set(word, id);
        if (random() < 0.7) await experiments.settled();
      } else if (what === 'fresh') {
        await experiments.settled();
        drop(id, column, () => true);
        words.set(word, id);
        saves.push({ from: onDisk(), word, at: minutes });
        await save(through(withCell(onDisk(), id, column, word), word));
      } else if (what === 'copy') {
        await experiments.settled();
        copies.push({ text: onDisk(), seen: new Set(words.keys()) });
      } else if (what === 'stale' && copies.length > 0) {
        const copy = pick(copies.slice(-2));
        const old = parseExperimentLog(copy.text).rows.find(({ fields }) => fields.experiment_id === id)!
          .fields[column]!;
        const own = saves.filter(({ from, at }) => from === copy.text && minutes - at <= 1);
        const isOwn = (each: string) => own.some((one) => one.word === each);
        drop(id, column, (each) => isOwn(each) || (old.includes(each) && copy.seen.has(each)));
        words.set(word, id);
        saves.push({ from: copy.text, word, at: minutes });
        await save(through(withCell(copy.text, id, column, word), word));
      } else if (what === 'sync') {
        await experiments.settled();
        await save(synced(onDisk(), pass(0)));
      } else if (what === 'restart') {
        await experiments.stop();
        experiments = world.open();
        await experiments.start();
      }
      for (const [each, of] of words) expect(said(of), `${each} after step ${step}, ${what}`).toContain(each);
    }
    await experiments.settled();
    for (const [each, of] of words)
      expect(onDisk().split('\r\n').join('\n'), `${each} of ${of} in the file`).toContain(each);
  },
);
