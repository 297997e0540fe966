import { expect, it } from 'vitest';
import { widthOf } from '../../src/core/columns.ts';
import { tableText } from '../../src/core/plain-table.ts';

const HEAD = ['job', 'status', 'hypothesis'];
const ROWS = [
  HEAD,
  [
    'job-0000001',
    'completed, 3 h 12 min ago',
    'a lower rate is smoother, and ends lower, given twice the steps',
  ],
  [
    'job-0000002',
    'queued',
    '学習率を上げると 🚀 速くなる そして長い文章がここに続きます、端末の幅を超えるまで続く',
  ],
];

it('a table fits the terminal it is for, its columns straight, whatever is written in it', () => {
  for (const width of [60, 80, 100]) {
    const lines = tableText(ROWS, width).split('\n');
    expect(Math.max(...lines.map(widthOf)), `${width}`).toBeLessThanOrEqual(width);
    const starts = lines.flatMap((line) => {
      const at = line.search(/(hypothesis|a lower|学習率)/);
      return at < 0 ? [] : [widthOf(line.slice(0, at))];
    });
    expect(starts, `${width}`).toEqual([starts[0], starts[0], starts[0]]);
  }
});

it('a table loses none of its words in a narrow terminal, and breaks no short one', () => {
  const lines = tableText(ROWS, 20).split('\n');
  for (const word of ['job-0000001', 'completed,', 'hypothesis', 'smoother,', 'steps'])
    expect(
      lines.some((line) => line.includes(word)),
      word,
    ).toBe(true);
});

it('a table without a terminal is as wide as its cells', () => {
  const long = 'word '.repeat(11).trim();
  expect(
    tableText([
      ['a', 'b'],
      [long, long],
    ]),
  ).toBe(`${'a'.padEnd(54)}  b\n${long}  ${long}`);
});
