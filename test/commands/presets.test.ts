import { expect, it } from 'vitest';
import { linesOf } from '../../adapters/terminal/render.ts';
import { wordsOf } from '../../adapters/terminal/styled.ts';
import { presets } from '../../commands/presets.ts';

const preset = (name: string, settings: number) => ({
  name,
  description: 'Trains a policy that walks on flat ground',
  command: `/home/ada/proj/.venv/bin/python -m tasks.${name} --launcher queued`,
  options: Array.from({ length: settings }, (_, index) => ({
    key: `learning_rate_${index}`,
    type: 'number' as const,
    description: index === 0 ? 'How fast it learns' : '',
    default: '3e-4',
    min: 0,
  })),
  allowExtra: ['*'],
});
const shown = (all: ReturnType<typeof preset>[], width: number) =>
  linesOf(presets.view({ presets: all }, {} as never), { width }).map(wordsOf);

it.each([80, 50])(
  'several presets are a table of %i columns, with a row each and how to see one',
  (width) => {
    const lines = shown([preset('walk', 40), preset('run', 2), preset('stand', 0)], width);
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    expect(lines.length).toBeLessThan(25);
    const text = lines.join(' ').replace(/\s+/g, ' ');
    expect(text).toMatch(/^preset .*walk .*run .*stand .*presets NAME says/);
    expect(text).toContain('and 35 more');
  },
);

it.each([80, 50])(
  'one preset is in full at %i columns: what it starts, and what each setting accepts',
  (width) => {
    const lines = shown([preset('walk', 3)], width);
    const text = lines.join('\n');
    expect(text).toMatch(/^walk: Trains[\s\S]*python -m tasks\.walk[\s\S]*\nsetting +accepts/);
    expect(lines.filter((line) => /^learning_rate_\d +number from 0/.test(line))).toHaveLength(3);
    expect(text).toContain('How fast it learns');
    expect(lines.at(-1)).toBe('Any other setting may be given too.');
  },
);
