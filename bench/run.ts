import { benchMetrics } from './metrics.ts';
import { benchNoise } from './noise.ts';
import { benchPage } from './page.ts';
import { benchQueue } from './queue.ts';
import { benchSuggest } from './suggest.ts';
import { type Bench, print } from './table.ts';

/** `npm run bench [name…]`: what xaxbot costs on this machine, as tables and, last, as one line of JSON. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  queue: () => benchQueue(1_000),
  'large-queue': () => benchQueue(10_000),
  metrics: benchMetrics,
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
