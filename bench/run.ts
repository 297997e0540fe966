import { parseArgs } from 'node:util';
import { benchAgainst } from './against/index.ts';
import { benchCharts } from './charts.ts';
import { benchHosts } from './hosts.ts';
import { benchNoise } from './noise.ts';
import { benchRunFolders } from './run-folders.ts';
import { benchSlurm } from './slurm.ts';
import { benchSuggest } from './suggest.ts';
import { type Bench, isMissed, print } from './table.ts';

/**
 * `npm run bench [name…]`: what xaxbot costs on this machine, as tables and, last, as one line of JSON. Exit code 1 where a target is missed.
 * `npm run bench -- --against REV [--only ROW,…] [--pairs N] [--quick]`: the same work beside another revision and peers, in turn; see
 * docs/performance.md. Without REV but with --only: what needs none.
 */
const BENCHES: Record<string, () => Promise<Bench>> = {
  hosts: benchHosts,
  slurm: benchSlurm,
  charts: benchCharts,
  'run-folders': benchRunFolders,
  suggest: benchSuggest,
  noise: benchNoise,
};

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    against: { type: 'string' },
    only: { type: 'string' },
    pairs: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
process.exitCode =
  values.against !== undefined || values.only !== undefined
    ? await benchAgainst({
        against: values.against,
        only: values.only?.split(',') ?? [],
        pairs: values.pairs === undefined ? undefined : Number(values.pairs),
        isQuick: values.quick,
        command: `npm run bench -- ${process.argv.slice(2).join(' ')}`,
      })
    : await benchNamed();

async function benchNamed(): Promise<number> {
  const done: Bench[] = [];
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const result = await bench();
    print(result);
    done.push(result);
  }
  console.log(`\n${JSON.stringify(done)}`);
  return done.some(({ rows }) => rows.some(isMissed)) ? 1 : 0;
}
