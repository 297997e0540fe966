import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { CsvError, recordsOf } from '../../src/experiments/csv-records.ts';
import { seededRandom } from '../../src/queue/simulated/random.ts';

/** What a cell, a line and a quote are made of, so that every place of each beside each other comes up. */
const PARTS = ['a', 'bc', ' ', '"', '"', '""', ',', ',', ';', '\n', '\r\n', '\r', '\t', 'ö', '\u{1f600}'];

it('reads the records that csv-parse reads', () => {
  const random = seededRandom(1);
  const pick = () => PARTS[Math.floor(random() * PARTS.length)]!;
  let refused = 0;
  for (let count = 0; count < 4_000; count += 1) {
    const bom = random() < 0.1 ? '\ufeff' : '';
    const text = bom + Array.from({ length: 1 + Math.floor(random() * 24) }, pick).join('');
    const delimiter = random() < 0.8 ? ',' : ';';
    const [ours, theirs] = [ourRecords([text], delimiter), theirRecords(text, delimiter)];
    if (theirs === null) refused += 1;
    expect([text, ours]).toEqual([text, theirs]);
  }
  expect(refused).toBeGreaterThan(100);
});

it('reads the same wherever between its lines a text is cut into pieces', () => {
  const random = seededRandom(2);
  const pick = () => PARTS[Math.floor(random() * PARTS.length)]!;
  for (let count = 0; count < 4_000; count += 1) {
    const text = Array.from({ length: 1 + Math.floor(random() * 40) }, pick).join('');
    const pieces = text.split(/(?<=\n|\r(?!\n))/).reduce<string[]>((all, line) => {
      if (all.length > 0 && random() < 0.4) all.push(all.pop()! + line);
      else all.push(line);
      return all;
    }, []);
    expect(pieces.join('')).toBe(text);
    expect([pieces, ourRecords(pieces, ',')]).toEqual([pieces, ourRecords([text], ',')]);
  }
});

function ourRecords(pieces: readonly string[], delimiter: string): string[][] | null {
  try {
    return [...recordsOf(pieces, delimiter)];
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

function theirRecords(text: string, delimiter: string): string[][] | null {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    });
  } catch {
    return null;
  }
}
