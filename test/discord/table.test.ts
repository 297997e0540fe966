import { describe, expect, it } from 'vitest';
import { render } from '../../adapters/discord/render.ts';
import { widthOf } from '../../src/core/columns.ts';
import type { Block, Text } from '../../src/core/message.ts';

const context = {
  accountOf: () => undefined,
  actions: { idOf: () => 'a', byId: () => undefined },
  timezone: 'UTC',
  now: 0,
};
const table = (columns: string[], rows: Text[][]): Block => ({ kind: 'table', columns, rows });

function shown(...blocks: Block[]) {
  const { container, files, degraded } = render({ blocks }, context);
  const texts = container.components.flatMap((each) => ('content' in each ? [each.content] : []));
  return { texts, files, degraded };
}

const JOBS = ['job', 'task', 'status', 'by', 'error'];
const job = (index: number, error = 'out of device memory: 16.0 GiB could not be allocated'): Text[] => [
  `job-${String(index).padStart(7, '0')}`,
  'ToyRegression',
  'failed',
  'ada',
  error,
];

describe('a table in Discord', () => {
  it('stands in columns where a phone shows each row in one line, by what characters are wide', () => {
    const { texts } = shown(
      table(
        ['metric', 'latest'],
        [
          ['value/loss', '2.64'],
          ['学習率', '0.003'],
        ],
      ),
    );
    expect(texts).toEqual(['```\nmetric      latest\nvalue/loss  2.64\n学習率      0.003\n```']);
    const wide = (name: string) => shown(table(['metric', 'latest'], [[name, '2.64']])).texts[0]!;
    expect(wide('x'.repeat(36))).toMatch(/^```/);
    expect(wide('x'.repeat(37))).toMatch(/^-# metric · latest\n\*\*x/);
    // Half as many characters that are twice as wide.
    expect(wide('学'.repeat(18))).toMatch(/^```/);
    expect(wide('学'.repeat(19))).toMatch(/^-# /);
  });

  it('else is a paragraph a row, each value beside its column, whole', () => {
    const { texts, files, degraded } = shown(table(JOBS, [job(8), job(7, '')]));
    expect(texts).toEqual([
      [
        '-# job',
        '**job-0000008**  task: ToyRegression · status: failed · by: ada · error: out of device memory: 16.0 GiB could not be allocated',
        '**job-0000007**  task: ToyRegression · status: failed · by: ada',
      ].join('\n'),
    ]);
    expect([files, degraded]).toEqual([[], []]);
  });

  it('calls a row that has a number by what stands behind it', () => {
    const rows = [1, 2].map((at): Text[] => [`${at}`, ...job(at)]);
    expect(
      shown(table(['#', ...JOBS], rows))
        .texts[0]!.split('\n')
        .slice(0, 2),
    ).toEqual([
      '-# job',
      '1 **job-0000001**  task: ToyRegression · status: failed · by: ada · error: out of device memory: 16.0 GiB could not be allocated',
    ]);
    const short: Text[][] = [['1', 'job-0000001', 'x'.repeat(50)]];
    expect(shown(table(['#', 'job', 'error'], short)).texts).toEqual([
      `-# \\# · job · error\n1 **job-0000001**  ${'x'.repeat(50)}`,
    ]);
  });

  it('names its columns once where that makes room, and cuts only what fits in no form', () => {
    const rows = Array.from({ length: 36 }, (_, index) => job(index));
    const dense = shown(table(JOBS, rows));
    expect(dense.texts[0]).toMatch(
      /^-# job · task · status · by · error\n\*\*job-0000000\*\* {2}ToyRegression · failed/,
    );
    expect(dense.texts[0]!.split('\n')).toHaveLength(37);
    expect(dense.files).toEqual([]);
    const cut = shown(table(JOBS, [...rows, ...rows]));
    expect(cut.degraded).toEqual([expect.stringMatching(/^\d+ rows of a table$/)]);
    expect(cut.files).toEqual([{ name: 'message.txt', text: expect.stringContaining('job-0000035') }]);
  });

  it('keeps a value that is empty in its place, and lets nothing act that stands in a cell', () => {
    const many = Array.from({ length: 60 }, (_, index): Text[] => [
      `run-${index}`,
      index === 59 ? 'slow' : '',
      'x'.repeat(40),
      '*y*',
    ]);
    const { texts } = shown(table(['run', 'note', 'text', 'mark'], many));
    expect(texts[0]!.split('\n')[1]).toBe(`**run-0**  – · ${'x'.repeat(40)} · \\*y\\*`);
  });

  it('shows no line of columns that is wider than a phone', () => {
    for (const width of [10, 20, 30, 40, 50]) {
      const [text] = shown(table(['a', 'b'], [['x'.repeat(width), 'y'.repeat(8)]])).texts;
      const lines = text!.startsWith('```') ? text!.split('\n') : [];
      expect(lines.every((line) => widthOf(line) <= 44)).toBe(true);
    }
  });
});
