import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startTestBot } from '../bot.ts';
import { temporaryFolder } from '../helpers.ts';

describe('a queue folder that does not exist', () => {
  it('is not made by the log: it may be a mistake in the settings', async () => {
    const folder = temporaryFolder();
    const home = join(folder, 'not-there');
    const bot = await startTestBot({ folder, home });
    await bot.app.settled();
    expect(existsSync(home)).toBe(false);
    const problems = bot.app.health().filter(({ ok }) => !ok);
    expect(problems.map(({ name }) => name)).toEqual(expect.arrayContaining(['queue', 'experiment log']));
    expect(problems[0]!.detail).toMatch(/not-there does not exist/);
    await bot.app.stop();
  });
});
