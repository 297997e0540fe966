import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { logOf, newHome } from './home.ts';

let home: ReturnType<typeof newHome>;
beforeEach(() => {
  home = newHome();
});

describe('half a file, as the scripts leave it for a moment', () => {
  it('is waited for, in an open quote as at a cut cell', async () => {
    home = newHome({ unchangedMs: 120_000 });
    const whole = logOf(2);
    for (const cut of [whole.length - 30, whole.lastIndexOf('"b') + 2]) {
      writeFileSync(home.csv, whole.slice(0, cut));
      const done = home.upsert('mine');
      await sleep(100);
      writeFileSync(home.csv, whole);
      expect((await done).complained).toBe('');
      expect(home.ids()).toEqual(['lr-0', 'lr-1', 'mine']);
      expect(home.text().startsWith(whole)).toBe(true);
    }
  });

  it.each([
    ['cut in a cell', logOf(2).slice(0, -30), /its last line has no line break/],
    ['in an open quote', logOf(2).slice(0, logOf(2).lastIndexOf('"b') + 2), /it is not CSV/],
    ['with NUL bytes', logOf(2).replace('/runs/1', '\0\0\0'), /NUL/],
  ])('that stays so (%s) is refused and left, by every command', async (_what, text, words) => {
    writeFileSync(home.csv, text);
    writeFileSync(join(home.home, 'status.json'), '{"jobs": [{"job_id": "job-0000001"}]}');
    for (const command of [
      ['log', 'upsert', '--experiment-id', 'mine'],
      ['log', 'sync', '--status-json', 'status.json'],
      ['report', '--experiment-name', 'default'],
    ]) {
      const { code, said, complained } = await home.run(...command);
      expect([code, said, complained]).toEqual([1, '', expect.stringMatching(words)]);
    }
    expect(home.text()).toBe(text);
    expect(readdirSync(home.folder)).toEqual(['experiment_log.csv']);
  });

  it('is none when it is empty and stays so', async () => {
    writeFileSync(home.csv, '');
    expect((await home.upsert('mine')).code).toBe(0);
    expect(home.ids()).toEqual(['mine']);
  });
});
