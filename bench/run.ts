import { benchHosts } from './hosts.ts';
import { benchMetrics } from './metrics.ts';
import { benchNoise } from './noise.ts';
import { benchPage } from './page.ts';
import { benchQueue } from './queue.ts';
import { benchRunFolders } from './run-folders.ts';
import { benchSlurm } from './slurm.ts';
import { benchSuggest } from './suggest.ts';
import { type Bench, isMissed, print } from './table.ts';

/** `npm run bench [name…]`: what xaxbot costs on this machine, as tables and, last, as one line of JSON. Exit code 1 where a target is missed. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  queue: () => benchQueue(1_000),
  'large-queue': () => benchQueue(10_000),
  hosts: benchHosts,
  slurm: benchSlurm,
  metrics: benchMetrics,
  'run-folders': benchRunFolders,
  page: benchPage,
  suggest: benchSuggest,
  noise: benchNoise,
};

const wanted = process.argv.slice(2);
const done: Bench[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const result = await bench();
  print(result);
  done.push(result);
}
console.log(`\n${JSON.stringify(done)}`);
process.exitCode = done.some(({ rows }) => rows.some(isMissed)) ? 1 : 0;
