import { writeFileSync } from 'node:fs';
import { realXax } from '../contract/xax-places.ts';
import { RECORDED, readByXax, settings } from './settings-world.ts';

const place = realXax();
if (!place) throw new Error('XAX_BIN names no xax');
const read = await readByXax(
  place.python,
  settings().map(({ field, scalar }) => [field, scalar]),
);
writeFileSync(RECORDED, `${read.map((each) => JSON.stringify(each)).join('\n')}\n`);
