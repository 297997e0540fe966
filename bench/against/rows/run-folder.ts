import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from '../../entering.ts';
import { SINGLE, writeRun } from '../../metrics-run.ts';
import { say } from '../bots.ts';
import { type Run, Unmeasured } from '../measure.ts';

/** Images of a run of a day. */
const IMAGES_A_DAY = 200;
const DAY_S = 86_400;

/** A run of so many seconds with so many tags, written once for all rows that read it. */
export function runFolder(run: Run, seconds: number, tags: number): Promise<string> {
  return run.once(`run ${seconds} ${tags}`, async () => {
    const folder = join(run.folder, `run-${seconds}-${tags}`);
    writeRun(folder, seconds, Math.round((IMAGES_A_DAY * seconds) / DAY_S), tags);
    return folder;
  });
}

/** Puts a run where a job has its own: the same files under another name, which no bot has seen. */
export function putRun(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  execFileSync('cp', ['-al', from, to]);
}

/** Asks for all metrics of a job without a chart, which a tag of one point has none of; how long that took, milliseconds. */
export async function askMetrics(browser: Browser, number: number): Promise<number> {
  const began = performance.now();
  const answer = await say(browser, `metrics ${number} ${SINGLE}`);
  const took = performance.now() - began;
  if (!answer.includes('value/loss'))
    throw new Unmeasured(`no metrics of job ${number}: ${answer.slice(0, 200)}`);
  return took;
}
