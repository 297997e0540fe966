import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../helpers.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it('the table of attacks has a line for each, with its seed, and says which failed', async () => {
  const folder = temporaryFolder();
  const figures = join(ROOT, 'test/chaos/figures.ts');
  writeFileSync(
    join(folder, 'two.test.ts'),
    [
      `import { expect, it } from 'vitest';`,
      `import { figure, runs, SEED } from ${JSON.stringify(figures)};`,
      `it('holds', ({ task }) => { figure(task, { attack: 'crash', runs: runs({ full: 1000, ci: 50 }), result: 'seed ' + SEED }); expect(1).toBe(1); });`,
      `it('falls', ({ task }) => { figure(task, { attack: 'flood', runs: 3, result: '2 lost' }); expect(1).toBe(2); });`,
    ].join('\n'),
  );
  writeFileSync(
    join(folder, 'vitest.config.ts'),
    `export default { root: ${JSON.stringify(folder)}, server: { fs: { strict: false } }, test: { reporters: [${JSON.stringify(join(ROOT, 'test/chaos/table.ts'))}] } };`,
  );
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const argv = [vitest, 'run', '--config', join(folder, 'vitest.config.ts')];
  const env = { ...process.env, CHAOS: 'full', CHAOS_SEED: '7', NODE_PATH: join(ROOT, 'node_modules') };
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: ROOT, env }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  expect(stdout).toMatch(/Seed 7/);
  expect(stdout).toMatch(/\| crash \| 1,000 \| seed 7 \| \d+ s \|/);
  expect(stdout).toMatch(/\| flood \| 3 \| FAILED: 2 lost \| \d+ s \|/);
});
