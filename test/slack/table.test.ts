import type { TableBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { render } from '../../adapters/slack/render.ts';
import type { Block, Text } from '../../src/core/message.ts';

const context = {
  accountOf: () => undefined,
  actions: { idOf: () => 'a', byId: () => undefined },
  imageId: () => undefined,
  timezone: 'UTC',
  now: 0,
  surface: 'message' as const,
};
const table = (columns: string[], rows: Text[][]): Block => ({ kind: 'table', columns, rows });
const rowsOf = (count: number, columns: number, length: number) =>
  Array.from({ length: count }, () => Array.from({ length: columns }, () => 'x'.repeat(length)));
const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

function shown(...blocks: Block[]) {
  const rendered = render({ blocks }, context);
  return { ...rendered, tables: rendered.blocks.filter(({ type }) => type === 'table') as TableBlock[] };
}

describe('a table in Slack', () => {
  it('is whole as far as its text goes, however much JSON stands around it', () => {
    const { tables, overflow, degraded } = shown(table(names(20), rowsOf(99, 20, 4)));
    expect(JSON.stringify(tables[0]).length).toBeGreaterThan(150_000);
    expect([tables[0]!.rows.length, overflow, degraded]).toEqual([100, undefined, []]);
  });

  it('breaks the lines of text, and sets numbers below each other', () => {
    const rows: Text[][] = [
      ['job-0000008', '12.5 %', '1,200', 'out of memory'],
      ['job-0000007', '', '-3e-4', '2 runs failed'],
    ];
    expect(shown(table(['job', 'share', 'step', 'error'], rows)).tables[0]!.column_settings).toEqual([
      { is_wrapped: true },
      { align: 'right' },
      { align: 'right' },
      { is_wrapped: true },
    ]);
  });

  it('goes on as text in columns where that holds what a table cannot', () => {
    const { tables, blocks, overflow } = shown(table(['a', 'b'], rowsOf(150, 2, 10)));
    expect(tables).toEqual([]);
    expect(JSON.stringify(blocks).match(/x{10} {2}x{10}/g)).toHaveLength(150);
    expect(overflow).toBeUndefined();
  });

  it('loses its last rows where neither does, and is attached whole', () => {
    const long = shown(table(['a', 'b'], rowsOf(90, 2, 100)));
    expect(long.tables[0]!.rows.length).toBeLessThan(90);
    expect(long.degraded).toEqual([expect.stringMatching(/^\d+ rows of a table$/)]);
    expect(long.overflow?.match(/x{50,}/g)?.length).toBeGreaterThanOrEqual(180);
    const wide = shown(table(['a'], [['x'.repeat(20_000)]]));
    expect(wide.tables[0]!.rows).toHaveLength(2);
    expect(wide.degraded).toEqual(['the end of a cell']);
  });

  it('stands once in a message; a second one is text in columns', () => {
    const { tables, blocks } = shown(table(['a'], [['small']]), table(['a', 'b'], rowsOf(5, 2, 9)));
    expect(tables).toHaveLength(1);
    expect(tables[0]!.rows).toHaveLength(6);
    expect(JSON.stringify(blocks[0])).toContain('a\\nsmall');
  });
});
