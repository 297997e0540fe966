import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spawnBot } from './bot.ts';
import { createStateFile } from './state.ts';
import type { Row } from './table.ts';

const ASKED = 5;
const JOB = 'job-0000001';

/**
 * The same run's metrics asked of a running bot (with its chart), in the terminal, and of `xax queue metrics`, which
 * reads everything again each time. xax only where XAX_BIN names it.
 */
export async function besideXax(runDir: string): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bench-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  createStateFile(home, 1).write();
  const path = join(home, 'queue_state.json');
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('/srv/project/runs/run_1', runDir));
  const bot = await spawnBot(folder, home);
  try {
    const browser = await bot.enter();
    const inChat = async () => {
      const began = performance.now();
      const answer = await browser.postTo('api/say', { channel: 'queue', text: '/xax metrics 1' });
      if (!(await answer.text()).includes('value/loss')) throw new Error('the bot gave no metrics');
      return performance.now() - began;
    };
    const first = await inChat();
    let inBot = 0;
    for (let count = 0; count < ASKED; count += 1) inBot += (await inChat()) / ASKED;
    const began = performance.now();
    await bot.terminal('metrics', '1');
    const terminal = performance.now() - began;
    const rows: Row[] = [
      { what: 'metrics in the chat, all read and the chart drawn', value: first, unit: 'ms', target: null },
      { what: 'metrics in the chat of a bot that knows the run', value: inBot, unit: 'ms', target: null },
      { what: 'the same in the terminal', value: terminal, unit: 'ms', target: null },
    ];
    const xax = process.env.XAX_BIN;
    if (!xax) return rows;
    const before = performance.now();
    const env = { PATH: process.env.PATH, HOME: folder, XAX_HOME: home, JAX_PLATFORMS: 'cpu' };
    await promisify(execFile)(xax, ['queue', 'metrics', JOB, '--json'], { env, maxBuffer: 64 * 1024 * 1024 });
    const took = performance.now() - before;
    return [
      ...rows,
      { what: 'xax queue metrics', value: took / 1000, unit: 's', target: null },
      {
        what: 'of that, in the chat with all read and drawn',
        value: (first / took) * 100,
        unit: '%',
        target: null,
      },
      {
        what: 'of that, in the chat of a bot that knows the run',
        value: (inBot / took) * 100,
        unit: '%',
        target: 1,
      },
    ];
  } finally {
    await bot.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
