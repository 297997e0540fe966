import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startTestBot } from '../bot.ts';
import { newHome } from '../experiment-log-commands/home.ts';

const NAMES = ['lr study', 'größe', '_x', 'x'.repeat(120), '.hidden'];

it('a session that scripts made is gone on with, by the commands and by the bot, whatever it is called', async () => {
  const { home, run } = newHome();
  for (const name of NAMES) {
    mkdirSync(join(home, 'experiments', name));
    writeFileSync(
      join(home, 'experiments', name, 'experiment_log.csv'),
      'experiment_id,notes\nby-script,x\n',
    );
    const resumed = await run('session', 'start', '--resume', '--name', name);
    expect(JSON.parse(resumed.said), name).toMatchObject({ mode: 'resume', experiment_name: name });
    expect((await run('log', 'upsert', '--experiment-id', 'a', '--experiment-name', name)).code).toBe(0);
  }
  const bot = await startTestBot({ folder: home, home, yaml: 'session: {name: lr study}\n' });
  try {
    for (const name of NAMES) {
      const { data } = await bot.ask(`session use name="${name}"`);
      expect((data as { session: { name: string } }).session.name).toBe(name);
      const found = (await bot.ask('experiment list search=by-script')).data as { found: number };
      expect(found.found, name).toBe(1);
    }
  } finally {
    await bot.app.stop();
  }
});

it('no new session is hidden or outside', async () => {
  const { home, run } = newHome();
  for (const name of ['.new', '..', 'a/b', 'a\\b', 'a\u0000', 'a\u0007', 'ö'.repeat(128)]) {
    const { code, complained } = await run('session', 'start', '--name', name);
    expect([code, complained]).toEqual([1, expect.stringMatching(/cannot name a session\. Accepted:/)]);
  }
  expect(existsSync(join(home, 'experiments', '.new'))).toBe(false);
});
