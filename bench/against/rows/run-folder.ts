import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '../../entering.ts';
import { SINGLE, writeRun } from '../../metrics-run.ts';
import { hear, say } from '../bots.ts';
import { type Run, Unmeasured } from '../measure.ts';

/** Images of a run of a day. */
const IMAGES_A_DAY = 200;
const DAY_S = 86_400;
/** A tag that only the outcome names. */
const OF_A_RUN = 'value/loss';
const WITHIN_MS = 120_000;

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

/**
 * Asks for all metrics of a job without a chart, which a tag of one point has none of; how long that took, milliseconds. What takes
 * long is answered by a word that it goes on, and by the outcome on the stream.
 */
export async function askMetrics(browser: Browser, number: number): Promise<number> {
  let heard = '';
  const deafen = await hear(browser, (text) => {
    heard += text;
  });
  try {
    const began = performance.now();
    heard += await say(browser, `metrics ${number} ${SINGLE}`);
    while (!heard.includes(OF_A_RUN)) {
      if (performance.now() - began > WITHIN_MS)
        throw new Unmeasured(`no metrics of job ${number}: ${heard.slice(0, 200)}`);
      await sleep(1);
    }
    return performance.now() - began;
  } finally {
    await deafen();
  }
}
