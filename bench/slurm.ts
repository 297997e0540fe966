import { readFileSync } from 'node:fs';
import { silentLog } from '../src/core/log.ts';
import { run } from '../src/processes/run.ts';
import { createSlurmQueue } from '../src/queue/slurm/index.ts';
import { startSlurm, whyNoSlurm } from '../test/servers/slurm/index.ts';
import type { Bench, Row } from './table.ts';

const JOBS = 5_000;
const POLLS = 10;
/** Clock ticks a second in /proc (USER_HZ). */
const TICKS = 100;
const NAME = `A Slurm cluster with ${JOBS.toLocaleString('en-US')} jobs`;

/** What asking a real controller costs, beside asking it for JSON. */
export async function benchSlurm(): Promise<Bench> {
  const why = whyNoSlurm();
  if (why !== null) return { name: `${NAME}: not measured, ${why}`, rows: [] };
  const slurm = await startSlurm();
  try {
    const script = `for number in $(seq ${JOBS}); do sbatch -Q -H -J "job-$number" --wrap 'sleep 1' > /dev/null; done`;
    await slurm.run(['sh', '-c', script]);
    const env = slurm.environment;
    // What starts processes is loaded once, whatever the number of jobs.
    await run({ argv: ['squeue', '--version'], env, timeoutMs: 60_000, maxOutputBytes: 1e6 });
    global.gc?.();
    const before = process.memoryUsage();
    const queue = createSlurmQueue({
      ...{ name: 'cluster', users: undefined, runs: 'slurm-runs', env, clock: Date.now, log: silentLog },
      timings: { busyMs: 3_600_000, idleMs: 3_600_000 },
    });
    const first = await spent(slurm, () => queue.start(() => {}));
    const known = queue.snapshot()!.jobs.size;
    if (known !== JOBS) throw new Error(`${known} jobs are known, of ${JOBS}`);
    const own = await spent(slurm, async () => {
      for (let poll = 0; poll < POLLS; poll += 1) await queue.refresh();
    });
    global.gc?.();
    const after = process.memoryUsage();
    const more = (what: 'heapUsed' | 'rss') => Math.max(0, after[what] - before[what]) / 1e6 / (JOBS / 1_000);
    await queue.stop();
    const json = await spent(slurm, async () => {
      for (let poll = 0; poll < POLLS; poll += 1) {
        const { stdout } = await run({
          argv: ['squeue', '--json'],
          env,
          timeoutMs: 60_000,
          maxOutputBytes: 1e9,
        });
        const { jobs } = JSON.parse(stdout.toString('utf8')) as { jobs: unknown[] };
        if (jobs.length < JOBS) throw new Error(`${jobs.length} jobs are listed, of ${JOBS}`);
      }
    });
    const each = (seconds: number) => (seconds / POLLS) * 1_000;
    const total = ({ client, controller }: Spent) => client + controller;
    const rows: Row[] = [
      {
        what: 'the first reading, with all that is asked once of each job',
        value: total(first),
        unit: 's',
        target: null,
      },
      { what: 'a poll: squeue and its reader', value: each(own.client), unit: 'ms', target: null },
      { what: 'a poll: the controller', value: each(own.controller), unit: 'ms', target: null },
      { what: 'squeue --json and its reader', value: each(json.client), unit: 'ms', target: null },
      { what: 'squeue --json: the controller', value: each(json.controller), unit: 'ms', target: null },
      {
        what: 'a poll, of squeue --json, together',
        value: total(own) / total(json),
        unit: 'parts',
        target: 0.1,
      },
      { what: 'memory that is kept for a thousand jobs', value: more('heapUsed'), unit: 'MB', target: 1 },
      { what: 'more resident for a thousand jobs, once', value: more('rss'), unit: 'MB', target: null },
    ];
    return { name: NAME, rows };
  } finally {
    await slurm.stop();
  }
}

/** The processor's time, seconds. */
interface Spent {
  client: number;
  controller: number;
}

async function spent(
  slurm: Awaited<ReturnType<typeof startSlurm>>,
  work: () => Promise<unknown>,
): Promise<Spent> {
  const before = { client: ownAndChildren(), controller: slurm.controller.cpuSeconds() };
  await work();
  return {
    client: ownAndChildren() - before.client,
    controller: slurm.controller.cpuSeconds() - before.controller,
  };
}

/** What this process and the programs that it has waited for took, seconds. */
function ownAndChildren(): number {
  const text = readFileSync('/proc/self/stat', 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / TICKS;
}
