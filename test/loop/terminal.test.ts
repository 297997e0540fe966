import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../helpers.ts';
import { type ToyBot, toyBot } from '../toy-bot.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));

const folder = temporaryFolder();
let world: ToyBot;

/** One command of the terminal, as a script gives it: its data, or its error's code. */
function xaxbot(...argv: string[]): Promise<{ ok: boolean; data: never; error?: { code: string } }> {
  return new Promise((resolve, reject) => {
    const env = {
      PATH: process.env.PATH,
      HOME: folder,
      USER: 'root',
      XAX_HOME: folder,
      XAXBOT_DATA_DIR: join(folder, 'data'),
      LOG_LEVEL: 'error',
    };
    const child = spawn(process.execPath, [PROGRAM, ...argv, '--json'], { cwd: folder, env });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.once('close', () => {
      try {
        resolve(JSON.parse(out.trim().split('\n').at(-1)!));
      } catch (error) {
        reject(error);
      }
    });
  });
}

beforeAll(async () => {
  world = await toyBot({ folder });
});
afterAll(() => world.stop());

it('the loop is run by a script through the terminal, from the objective to the report', async () => {
  expect((await xaxbot('session', 'new', 'study', 'metric=value/loss', 'mode=min')).ok).toBe(true);
  const planned = await xaxbot('plan', 'toy', 'hypothesis=a baseline', 'expected=below 1', 'name=base');
  expect(planned.data).toMatchObject({
    row: { experiment_id: 'base', status: 'planned' },
    expected: 'below 1',
  });
  const queued = await xaxbot('queue', 'experiment=base');
  expect(queued.data).toMatchObject({ state: 'queued', experimentId: 'base', jobId: 'job-0000001' });
  const value = await eventually('its value', async () => {
    const { data } = await xaxbot('experiment', 'show', 'base');
    return (data as { row: { objective_value: string } }).row.objective_value || undefined;
  });
  expect(Number(value)).toBeGreaterThan(0);
  expect((await xaxbot('verdicts')).data).toMatchObject({
    open: 1,
    shown: [{ experiment: 'base', reading: 'not comparable' }],
  });
  expect((await xaxbot('verdict', '1', 'confirmed', 'it learns')).ok).toBe(true);
  expect((await xaxbot('verdict', '1', 'refuted', 'no')).error?.code).toBe('verdict-exists');
  const suggested = (await xaxbot('suggest')).data as {
    preset: string;
    suggestions: { settings: Record<string, string>; parent: string; hypothesis: string; rows: string[] }[];
  };
  const [next] = suggested.suggestions;
  expect(next).toMatchObject({ parent: 'base', rows: ['base'] });
  const settings = Object.entries(next!.settings).map(([key, text]) => `${key}=${text}`);
  const again = await xaxbot(
    'queue',
    suggested.preset,
    ...settings,
    'parent=base',
    `hypothesis=${next!.hypothesis}`,
  );
  expect(again.data).toMatchObject({ state: 'queued', assignments: next!.settings });
  const report = (await xaxbot('report')).data as { path: string };
  expect(readFileSync(report.path, 'utf8')).toContain(
    '- base: confirmed: it learns (hypothesis: a baseline)',
  );
});
