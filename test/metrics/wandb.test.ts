import { expect, it } from 'vitest';
import { createColumns } from '../../src/metrics/columns.ts';
import { WANDB } from '../../src/metrics/sources/wandb.ts';
import { createTagTable } from '../../src/metrics/tag-table.ts';
import { cpuMs } from '../helpers.ts';
import { holding } from './holding.ts';

const BLOCK = 32 << 10;
const [FIRST, MIDDLE] = [2, 3];

/** A file of nothing but parts of one record, each of so many bytes. */
function ofParts(count: number, bytes: number): Buffer {
  const pieces: Buffer[] = [Buffer.from(':W&B\xe1\xbe\0', 'latin1')];
  let at = 7;
  for (let index = 0; index < count; index += 1) {
    const left = BLOCK - (at % BLOCK);
    if (left < 7 + bytes) {
      pieces.push(Buffer.alloc(left));
      at += left;
    }
    const header = Buffer.alloc(7 + bytes);
    header.writeUInt16LE(bytes, 4);
    header[6] = index === 0 ? FIRST : MIDDLE;
    pieces.push(header);
    at += header.length;
  }
  return Buffer.concat(pieces);
}

it.each([
  [100_000, 0],
  [100_000, 1],
  [2_000, 4_000],
])('a record of %i parts of %i bytes costs what its bytes cost', async (count, bytes) => {
  const keeping = { tags: createTagTable(10), storeOf: (tag: string) => createColumns(tag), isWhole: true };
  const source = WANDB.open(holding('run-a.wandb', ofParts(count, bytes)), 'run-a.wandb', keeping);
  const before = cpuMs();
  await source.read();
  expect(cpuMs() - before).toBeLessThan(1_000);
  expect(source.logged()).toEqual([]);
});
