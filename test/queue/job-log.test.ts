import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cleanLine } from '../../src/queue/clean-text.ts';
import { tailJobLog } from '../../src/queue/job-log.ts';
import { createRunFiles } from '../../src/queue/run-files.ts';
import { cleanLines } from '../parsing.ts';

describe('a line of a log as plain text', () => {
  test.each<[string, string, string]>([
    [
      'colours',
      '\u001b[1;36mINFO\u001b[0m  \u001b[90m2026\u001b[0m [\u001b[1;34mtrain\u001b[0m] go',
      'INFO  2026 [train] go',
    ],
    ['a frame', '│ loss │ 0.5 │', ' loss  0.5'],
    ['a frame’s edge', '┌──────────┐', ''],
    ['what a carriage return overwrote', ' 10%\r 50%\r100%', '100%'],
    ['a Windows line end', 'done\r', 'done'],
    ['a carriage return before a colour’s end', 'half\u001b[32m\rwhole\u001b[0m\r', 'whole'],
    ['a link of the terminal', '\u001b]8;;https://x.example\u0007here\u001b]8;;\u0007', 'here'],
    ['control characters', 'a\u0007b\u0000c\u009bd', 'abcd'],
    ['marks that turn the reading direction', 'safe\u202egnp.exe\u2066', 'safegnp.exe'],
    ['emoji and letters of any script', '🕒 Größe 漢字 ↪ ✓', '🕒 Größe 漢字 ↪ ✓'],
  ])('is without %s', (_what, raw, clean) => {
    expect(cleanLine(raw)).toBe(clean);
  });

  test('is cut when it is very long', () => {
    expect(cleanLine('x'.repeat(5_000))).toBe(`${'x'.repeat(2_000)}…`);
  });

  test('a text becomes its lines, without an empty one after the last newline', () => {
    expect(cleanLines('a\n\u001b[1mb\u001b[0m\n')).toEqual(['a', 'b']);
    expect(cleanLines('')).toEqual([]);
  });
});

describe('the end of a log', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xaxbot-log-'));
    path = join(folder, 'logs.txt');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const tail = (count: number, before?: number) =>
    tailJobLog(createRunFiles(folder), 'logs.txt', count, before);

  test('is read upwards page by page, each line once, while the log grows', async () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => (index % 500 === 7 ? '' : `línea ${index}`));
    writeFileSync(path, `${lines.join('\n')}\n`);
    const pages: string[] = [];
    let before: number | undefined;
    let more = true;
    while (more) {
      const page = await tail(70, before);
      pages.unshift(...page.lines);
      expect(before === undefined || page.from < before).toBe(true);
      before = page.from;
      more = page.truncated;
      appendFileSync(path, `later ${before}\n`);
    }
    expect(before).toBe(0);
    expect(pages.filter((line) => line !== '')).toEqual(lines.filter((line) => line !== ''));
    expect(await tail(70, 0)).toMatchObject({ lines: [], truncated: false, from: 0 });
    expect((await tail(1, 1e15)).lines).toEqual([expect.stringMatching(/^later /)]);
  });

  test('goes on above a page that is all empty lines', async () => {
    writeFileSync(path, `first\n${'\n'.repeat(50)}`);
    const page = await tail(20);
    expect([page.lines, page.truncated]).toEqual([[], true]);
    expect((await tail(40, page.from)).lines[0]).toBe('first');
  });

  test.each([true, false])(
    'is its last lines, whether its last line is ended (%s) or not',
    async (isEnded) => {
      const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
      writeFileSync(path, lines.join('\n') + (isEnded ? '\n' : ''));
      expect(await tail(3)).toMatchObject({
        lines: ['line 49997', 'line 49998', 'line 49999'],
        truncated: true,
      });
      expect((await tail(20_000)).lines).toEqual(lines.slice(-20_000));
      expect(await tail(60_000)).toMatchObject({ lines, truncated: false });
    },
  );

  test('of two gigabytes is read from its end', async () => {
    writeFileSync(path, '');
    truncateSync(path, 2 * 1024 ** 3);
    appendFileSync(path, '\nlast but one\nlast\n');
    expect(await tail(2)).toMatchObject({ lines: ['last but one', 'last'], truncated: true });
  });

  test('without line ends is cut, not read whole', async () => {
    writeFileSync(path, 'y'.repeat(20 * 1024 * 1024));
    const { lines, truncated } = await tail(5);
    expect({ count: lines.length, length: lines[0]!.length, truncated }).toEqual({
      count: 1,
      length: 2_001,
      truncated: true,
    });
  });

  test('of a log that is not there is an error with the path', async () => {
    await expect(tail(5)).rejects.toMatchObject({
      code: 'no-log',
      message: expect.stringContaining('logs.txt'),
    });
  });
});
