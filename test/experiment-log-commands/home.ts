import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { experimentRow } from '../../src/core/experiment.ts';
import { experimentLogCommand, runExperimentLogCommand } from '../../src/experiment-log-commands/index.ts';
import { formatExperimentLog } from '../../src/experiments/csv.ts';
import { DISK_TIMINGS, type DiskTimings } from '../../src/experiments/disk-file.ts';
import { temporaryFolder } from '../helpers.ts';
import { parseExperimentLog } from '../parsing.ts';

/** What writes in tests has written within a few milliseconds. */
const QUICK_DISK = { ...DISK_TIMINGS, settleMs: 20, unchangedMs: 200 };

/** A queue's folder with the log of the session `default`, and the log commands given in it. */
export function newHome(timings: Partial<DiskTimings> = {}) {
  const home = temporaryFolder();
  const folder = join(home, 'experiments', 'default');
  mkdirSync(folder, { recursive: true });
  const csv = join(folder, 'experiment_log.csv');
  async function run(...args: string[]): Promise<{ code: number; said: string; complained: string }> {
    let [said, complained] = ['', ''];
    const code = await runExperimentLogCommand(
      experimentLogCommand(args)!,
      {
        env: { XAX_HOME: home, HOME: home },
        cwd: home,
        now: Date.parse('2026-11-23T15:24:04Z'),
        timings: { ...QUICK_DISK, ...timings },
      },
      {
        say: (text) => {
          said += text;
        },
        complain: (text) => {
          complained += text;
        },
      },
    );
    return { code, said, complained };
  }
  return {
    home,
    folder,
    csv,
    run,
    upsert: (id: string, ...flags: string[]) => run('log', 'upsert', '--experiment-id', id, ...flags),
    text: () => readFileSync(csv, 'utf8'),
    ids: () => parseExperimentLog(readFileSync(csv, 'utf8')).rows.map(({ fields }) => fields.experiment_id),
  };
}

/** A log of so many rows, whose cells need quotes. */
export function logOf(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => ({
    fields: experimentRow({
      experiment_id: `lr-${index}`,
      run_dir: `/runs/${index}`,
      hypothesis: 'a, "b"\nc',
    }),
    extra: {},
  }));
  return formatExperimentLog(rows);
}
