import { expect, it } from 'vitest';
import { COLOURS, colourDepth, painted } from '../../adapters/terminal/colours.ts';
import { linesOf } from '../../adapters/terminal/render.ts';
import { wordsOf } from '../../adapters/terminal/styled.ts';
import { widthOf } from '../../src/core/columns.ts';
import type { Message } from '../../src/core/message.ts';
import { plainText } from '../../src/core/plain-text.ts';
import { spelledOut } from '../../src/core/unseen.ts';
import { screenOf } from '../chaos/texts/screen.ts';
import { contrast } from '../colours.ts';

const MESSAGE: Message = {
  tone: 'bad',
  blocks: [
    { kind: 'text', text: ['the run of ', { code: 'job-0000007' }, ' failed'] },
    { kind: 'fields', fields: [{ name: 'why', value: 'no memory' }] },
    { kind: 'progress', label: 'step 5 of 10', fraction: 0.5 },
    {
      kind: 'table',
      columns: ['job', 'status', 'error'],
      rows: [[{ code: 'job-0000007' }, 'failed, 3 min ago', 'a word '.repeat(12).trim()]],
    },
    { kind: 'code', text: 'Traceback (most recent call last):\n  x\nValueError: no\tb' },
    { kind: 'buttons', buttons: [{ label: 'Refresh', command: 'status', options: {} }] },
  ],
};

it.each<[string, boolean, NodeJS.ProcessEnv, number]>([
  ['a terminal of 256 colours', true, { TERM: 'xterm-256color' }, 8],
  ['a terminal that says more', true, { TERM: 'xterm', COLORTERM: 'truecolor' }, 8],
  ['a terminal', true, { TERM: 'xterm' }, 4],
  ['a pipe', false, { TERM: 'xterm-256color' }, 0],
  ['NO_COLOR', true, { TERM: 'xterm', NO_COLOR: '1' }, 0],
  ['an empty NO_COLOR', true, { TERM: 'xterm', NO_COLOR: '' }, 4],
  ['a dumb terminal', true, { TERM: 'dumb' }, 0],
  ['a pipe with FORCE_COLOR', false, { FORCE_COLOR: '1' }, 4],
  ['FORCE_COLOR=3', false, { FORCE_COLOR: '3', NO_COLOR: '1' }, 8],
  ['FORCE_COLOR=0', true, { TERM: 'xterm', FORCE_COLOR: '0' }, 0],
])('%s has as many colours as it takes', (_what, isTTY, env, depth) => {
  expect(colourDepth({ isTTY }, env)).toBe(depth);
});

/** The colour of a number in xterm's 256 (its cube from 16, its greys from 232). */
function hexOf(number: number): string {
  const level = (each: number) => (each === 0 ? 0 : 55 + 40 * each);
  const at = number - 16;
  const grey = 8 + 10 * (number - 232);
  const parts =
    number >= 232 ? [grey, grey, grey] : [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map(level);
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

it.each(Object.entries(COLOURS))('%s is told from light and from dark grounds', (_name, number) => {
  // White, black, what editors have, and Solarized's two.
  for (const ground of ['#ffffff', '#000000', '#1e1e1e', '#fdf6e3', '#002b36'])
    expect(contrast(hexOf(number), ground), ground).toBeGreaterThan(3);
});

it('says the same with colours and without', () => {
  const lines = linesOf(MESSAGE, {});
  const words = lines.map(wordsOf).join('\n');
  expect(words).toBe(plainText({ ...MESSAGE, blocks: MESSAGE.blocks.slice(0, -1) }));
  for (const depth of [4, 8] as const) {
    const { shown } = screenOf(lines.map((line) => painted(line, depth, spelledOut)).join('\n'));
    expect(shown).toBe(words);
  }
  expect(lines.map((line) => painted(line, 0, spelledOut)).join('\n')).toBe(words);
  expect(painted(lines.at(-1)!, 8, spelledOut)).toBe('\u001b[1;38;5;196mValueError: no\tb\u001b[0m');
});

it('lets no sequence of a text through between its own', () => {
  const evil = '\u001b[2J\u001b]0;x\u0007\u202e';
  const message: Message = {
    blocks: [
      { kind: 'heading', text: evil },
      { kind: 'table', columns: [`job${evil}`, 'status'], rows: [[{ code: evil }, `failed${evil}`]] },
      { kind: 'code', text: `ValueError${evil}` },
    ],
  };
  for (const line of linesOf(message, { width: 40 }))
    expect(painted(line, 8, spelledOut).replaceAll(/\u001b\[[0-9;]*m/g, '')).not.toMatch(
      /[\u001b\u0007\u202e]/,
    );
});

it.each([20, 50, 80])('what a chart shows fits %d columns, and where it lies stays whole', (width) => {
  const alt =
    'Chart of job-0000007 loss over steps 0 to 9,800, with 3 spikes and the smoothed line that ends at 0.0312';
  const path = `/home/ada/.local/state/xaxbot/files/${'0'.repeat(32)}.png`;
  const image: Message = {
    blocks: [{ kind: 'image', image: { file: 'a.png' }, alt, width: 800, height: 400 }],
  };
  const lines = linesOf(image, { width, pathOf: () => path }).map(wordsOf);
  expect(lines.at(-1)).toBe(path);
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines.slice(0, -1)) expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(lines.slice(0, -1).join(' ')).toBe(`[image: ${alt}]`);
  const unbroken = linesOf(image, { pathOf: () => path }).map(wordsOf);
  expect(unbroken).toEqual([`[image: ${alt}] ${path}`]);
});

it('a path is never broken, so that it can be copied', () => {
  const path = '/home/ada/proj/examples/toy_regression/run_000/config.yaml';
  const message: Message = {
    blocks: [
      { kind: 'text', text: ['its settings are in ', { code: path }, ' and nowhere else'] },
      { kind: 'fields', fields: [{ name: 'config', value: { code: path } }] },
    ],
  };
  expect(linesOf(message, { width: 40 }).map(wordsOf)).toEqual([
    'its settings are in',
    path,
    'and nowhere else',
    'config:',
    path,
  ]);
});

it.each([20, 50, 80, 120])('fits %d columns', (width) => {
  for (const line of linesOf(MESSAGE, { width }).slice(0, -3))
    expect(widthOf(wordsOf(line))).toBeLessThanOrEqual(width);
  const all = linesOf(MESSAGE, { width }).map(wordsOf).join(' ');
  for (const word of ['job-0000007', 'failed, 3', 'min', 'word']) expect(all).toContain(word);
});
