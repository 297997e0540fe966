import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { DEFAULT_PORT } from '../../adapters/web/settings.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

it('the demo has the people of the settings that were named, on its own queue, and leaves nothing', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'team.yaml'), 'people:\n  ada: {name: Ada Lovelace, role: admin}\n');
  // Somebody has the usual port, as a bot that runs.
  const other = createServer()
    .on('error', () => {})
    .listen(DEFAULT_PORT, '127.0.0.1');
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'ada',
    XAXBOT_CONFIG: 'team.yaml',
  };
  const child = spawn(process.execPath, [PROGRAM, 'demo'], { cwd: folder, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const dataDir = await eventually('it is open', () => /XAXBOT_DATA_DIR=(\S+)/.exec(said)?.[1]);
  other.close();
  expect(said).toContain('SIMULATED QUEUE');
  expect(said).toContain('Open the chat as Ada Lovelace');
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
  expect(existsSync(dataDir)).toBe(false);
});
