import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

it('the demo has the people of the settings that were named, on its own queue, and leaves nothing', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'team.yaml'), 'people:\n  ada: {name: Ada Lovelace, role: admin}\n');
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'ada',
    XAXBOT_CONFIG: 'team.yaml',
    XAXBOT_WEB_PORT: '0',
  };
  const child = spawn(process.execPath, [PROGRAM, 'demo'], { cwd: folder, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  const dataDir = await eventually('it is open', () => /XAXBOT_DATA_DIR=(\S+)/.exec(said)?.[1]);
  expect(said).toContain('SIMULATED QUEUE');
  expect(said).toContain('Open the chat as Ada Lovelace');
  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
  expect(existsSync(dataDir)).toBe(false);
});
