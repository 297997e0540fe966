import { describe, expect, it } from 'vitest';
import { EXPERIMENT_COLUMNS, type ExperimentLogRow, experimentRow } from '../../src/core/experiment.ts';
import { formatExperimentLog } from '../../src/experiments/csv.ts';
import { parseExperimentLogBytes } from '../../src/experiments/decode.ts';
import { parseExperimentLog } from '../parsing.ts';
import { fixture, HEADER, row } from './world.ts';

const whole = (text: string): ExperimentLogRow[] =>
  parseExperimentLog(text).rows.map(({ fields, extra }) => ({ fields: experimentRow(fields), extra }));

describe('the log as text', () => {
  it.each(['after_sync_running', 'after_sync_idle', 'after_upserts'])(
    'reads %s.csv of the original scripts and writes the same bytes',
    (name) => {
      const text = fixture(`log/${name}.csv`);
      expect(formatExperimentLog(whole(text))).toBe(text);
    },
  );

  it('means the same to us after a spreadsheet has saved it with quotes everywhere, a BOM and LF', () => {
    const text = fixture('log/after_upserts.csv');
    const quoted = whole(text)
      .map(({ fields }) =>
        EXPERIMENT_COLUMNS.map((column) => `"${fields[column].replaceAll('"', '""')}"`).join(','),
      )
      .join('\n');
    const saved = `\uFEFF${EXPERIMENT_COLUMNS.join(',')}\n${quoted}\n`;
    expect(whole(saved)).toEqual(whole(text));
  });

  it('finds columns by their name, whatever their order', () => {
    const { rows } = parseExperimentLog('notes,experiment_id\r\nlooks good,lr-1\r\n');
    expect(rows).toEqual([{ fields: { notes: 'looks good', experiment_id: 'lr-1' }, extra: {} }]);
  });

  it('keeps a missing column apart from an empty cell', () => {
    const { fields } = parseExperimentLog('experiment_id,notes\r\nlr-1,\r\n').rows[0]!;
    expect(fields.notes).toBe('');
    expect('hypothesis' in fields).toBe(false);
  });

  it('gives back columns that somebody added, named or not', () => {
    const { rows, extraColumns } = parseExperimentLog(
      'experiment_id,mood,,__proto__,mood\r\nlr-1,fine,3,x,bad\r\n',
    );
    expect(extraColumns).toEqual(['mood', 'column_3', '__proto__', 'mood_2']);
    const text = formatExperimentLog(
      [{ ...row({ experiment_id: 'lr-1' }), extra: rows[0]!.extra }],
      extraColumns,
    );
    expect(text).toBe(
      `${HEADER.trimEnd()},mood,column_3,__proto__,mood_2\r\nlr-1${','.repeat(22)}fine,3,x,bad\r\n`,
    );
  });

  it('makes no columns of the empty cells that a spreadsheet leaves at the end of each line', () => {
    expect(parseExperimentLog('experiment_id,notes,,\r\nlr-1,ok,,\r\n').extraColumns).toEqual([]);
  });

  it('keeps what stands behind a comma that nobody quoted, and a quote in the middle of a cell', () => {
    const { rows } = parseExperimentLog(
      'experiment_id,notes\r\nlr-1,good, try again,,\r\nlr-2,a 5" disk\r\n',
    );
    expect(rows.map(({ fields }) => fields.notes)).toEqual(['good, try again', 'a 5" disk']);
  });

  it('knows a file that ends in the middle of a line, and one cut inside quotes', () => {
    const text = fixture('log/after_upserts.csv');
    expect(parseExperimentLog(text).isWhole).toBe(true);
    expect(parseExperimentLog(text.slice(0, -3)).isWhole).toBe(false);
    expect(parseExperimentLog(text.slice(0, text.indexOf('should reach'))).problem).toMatch(/not CSV/);
  });

  it('says why a text is no log, and takes an empty file for an empty log', () => {
    expect(parseExperimentLog('name,value\r\na,1\r\n').problem).toMatch(/experiment_id/);
    expect(parseExperimentLog('\uFEFF \n')).toMatchObject({ problem: null, rows: [] });
  });

  it('reads and writes 50,000 rows without a loss', () => {
    const rows = Array.from({ length: 50_000 }, (_, index) =>
      row({ experiment_id: `lr-${index}`, hypothesis: 'a, "b"\nc', notes: 'multi' }),
    );
    const read = parseExperimentLog(formatExperimentLog(rows));
    expect(read.rows).toHaveLength(50_000);
    expect(read.rows[49_999]).toEqual(rows[49_999]);
  });

  it.each([
    ['UTF-8', '\r\n', (text: string) => Buffer.from(text)],
    ['UTF-8', '\r', (text: string) => Buffer.from(text)],
    ['UTF-16', '\n', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ])(
    'reads a large file of %s with lines that end in %j as if it were one piece',
    (_encoding, end, encoded) => {
      const rows = Array.from({ length: 5_000 }, (_, index) =>
        row({
          experiment_id: `lr-${index}`,
          hypothesis: `größer \u{1f600} ${'wärmer '.repeat(index % 40)}`,
          notes: index % 900 === 0 ? `"${'x\ny\r\n'.repeat(8_000)}` : '',
        }),
      );
      const text = formatExperimentLog(rows).replaceAll('\r\n', end);
      const bytes = encoded(text);
      expect(bytes.length).toBeGreaterThan(1_000_000);
      const read = parseExperimentLogBytes(bytes);
      expect(read).toEqual(parseExperimentLog(text));
      expect(read.rows).toHaveLength(rows.length);
      expect(read).toMatchObject({ isWhole: true, problem: null });
    },
  );
});
