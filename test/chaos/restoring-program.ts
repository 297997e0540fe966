import { join } from 'node:path';
import { restore } from '../../src/store/recovery.ts';

/** Goes back to one backup and to the other, again and again, until it is killed; says so when the first is in place. */
const [folder = '', ...backups] = process.argv.slice(2);
for (let turn = 0; ; turn += 1) {
  restore(folder, join(folder, backups[turn % backups.length]!), Date.now());
  if (turn === 0) process.stdout.write('begun\n');
}
