// A training that no queue started: writes a table of metrics and an event file, row by row, until a file called `stop` appears.
import { appendFileSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [folder, events, nanFrom = 'never'] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
copyFileSync(events, join(folder, 'events.out.tfevents.1795446000.host.1.0'));
writeFileSync(join(folder, 'metrics.csv'), 'step,loss\n');
for (let step = 0; !existsSync(join(folder, 'stop')); step += 1) {
  const loss = nanFrom !== 'never' && step >= Number(nanFrom) ? 'nan' : (1 / (1 + step)).toFixed(5);
  appendFileSync(join(folder, 'metrics.csv'), `${step},${loss}\n`);
  await sleep(20);
}
