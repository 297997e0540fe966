import { beforeEach, expect, it } from 'vitest';
import type { ExperimentColumn } from '../../src/core/experiment.ts';
import { formatTable } from '../../src/experiments/csv.ts';
import { parseExperimentLog } from '../parsing.ts';
import { synced, useLog, withCell } from './log-on-disk.ts';
import { randomNumbers } from './world.ts';

const log = useLog();
beforeEach(async () => {
  log.pass(1);
  await log.openWithJobs();
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
      const before = log.experiments.rows.get(id)![column];
      for (const [word, of] of words)
        if (of === id && before.includes(word) && seen(word)) words.delete(word);
    };
    for (let step = 0; step < 60; step += 1) {
      log.pass(pick([0, 0.02, 1, 30]));
      const id = pick(ids);
      const column = pick(columns);
      const word = `${pick(['', '', '-', '=> '])}word${seed}x${step}.`;
      const what = pick(['chat', 'chat', 'fresh', 'fresh', 'copy', 'stale', 'stale', 'sync', 'restart']);
      if (what === 'chat') {
        drop(id, column, () => true);
        log.experiments.editor.edit(id, { [column]: word });
        words.set(word, id);
        if (random() < 0.7) await log.experiments.settled();
      } else if (what === 'fresh') {
        await log.experiments.settled();
        drop(id, column, () => true);
        words.set(word, id);
        saves.push({ from: log.onDisk(), word, at: log.minutes() });
        await log.save(through(withCell(log.onDisk(), id, column, word), word));
      } else if (what === 'copy') {
        await log.experiments.settled();
        copies.push({ text: log.onDisk(), seen: new Set(words.keys()) });
      } else if (what === 'stale' && copies.length > 0) {
        const copy = pick(copies.slice(-2));
        const old = parseExperimentLog(copy.text).rows.find(({ fields }) => fields.experiment_id === id)!
          .fields[column]!;
        const own = saves.filter(({ from, at }) => from === copy.text && log.minutes() - at <= 1);
        const isOwn = (each: string) => own.some((one) => one.word === each);
        drop(id, column, (each) => isOwn(each) || (old.includes(each) && copy.seen.has(each)));
        words.set(word, id);
        saves.push({ from: copy.text, word, at: log.minutes() });
        await log.save(through(withCell(copy.text, id, column, word), word));
      } else if (what === 'sync') {
        await log.experiments.settled();
        await log.save(synced(log.onDisk(), log.pass(0)));
      } else if (what === 'restart') {
        await log.restart();
      }
      for (const [each, of] of words)
        expect(log.said(of), `${each} after step ${step}, ${what}`).toContain(each);
    }
    await log.experiments.settled();
    for (const [each, of] of words)
      expect(log.onDisk().split('\r\n').join('\n'), `${each} of ${of} in the file`).toContain(each);
  },
);
