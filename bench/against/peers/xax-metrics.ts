import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createStateFile } from '../../state.ts';
import { type Side, Unmeasured } from '../measure.ts';
import { putRun, runFolder } from '../rows/run-folder.ts';

/** `xax queue metrics` of a run of so many seconds, its start included, milliseconds. */
export const xaxMetrics = (seconds: number): Side => ({
  label: 'xax queue metrics',
  async open(run) {
    const xax = process.env.XAX_BIN;
    if (!xax) throw new Unmeasured('XAX_BIN names no xax');
    const folder = mkdtempSync(join(run.folder, 'xax-'));
    const [home, runs] = [join(folder, 'home'), join(folder, 'runs')];
    for (const each of [home, runs]) mkdirSync(each);
    createStateFile(home, 1, runs).write();
    putRun(await runFolder(run, seconds, 16), join(runs, 'run_1'));
    const env = { PATH: process.env.PATH, HOME: folder, XAX_HOME: home, JAX_PLATFORMS: 'cpu' };
    return {
      async sample() {
        const began = performance.now();
        await promisify(execFile)(xax, ['queue', 'metrics', 'job-0000001', '--json'], {
          env,
          maxBuffer: 1e9,
        });
        return performance.now() - began;
      },
      async close() {
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
