import { closeSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { formatRow } from '../../../src/experiments/csv.ts';
import { createWorld, HEADER, row, type World } from '../../experiments/world.ts';
import { figure, runs } from '../figures.ts';
import { heldBy, heldWords } from './held.ts';

const MB = 1_000_000;
/** As long as what a run's commands, paths and metrics take. */
const NOTES = 'learning_rate=0.003, "dropout" 0.1\n'.repeat(9);
let world: World;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.close());

/** A log of experiments of so many bytes; how many there are. */
function writeLog(bytes: number, words: string): number {
  mkdirSync(dirname(world.csvPath), { recursive: true });
  const file = openSync(world.csvPath, 'w');
  let count = 0;
  for (let written = writeSync(file, HEADER); written < bytes; count += 1) {
    const values = { experiment_id: `lr-${count}`, parent_experiment_id: count > 0 ? `lr-${count - 1}` : '' };
    const line = formatRow(
      row({ ...values, status: 'completed', hypothesis: `${words} settles lower`, notes: NOTES }),
    );
    written += writeSync(file, line);
  }
  closeSync(file);
  return count;
}

it('a log of many megabytes is left as it stands, said once, and nothing waits for it', async ({ task }) => {
  const experiments = world.open();
  await experiments.start();
  const size = runs({ full: 200, ci: 70 }) * MB;
  writeLog(size, 'a lower rate');
  const before = statSync(world.csvPath);
  const held = await heldBy(async () => {
    await experiments.settled();
    await experiments.settled();
  });
  figure(task, { attack: `an experiment log of ${size / MB} MB`, runs: 1, result: heldWords(held) });
  expect(statSync(world.csvPath)).toMatchObject({
    size: before.size,
    mtimeMs: before.mtimeMs,
    ino: before.ino,
  });
  expect(experiments.health()).toMatchObject({ ok: false, detail: expect.stringMatching(/too large/) });
  expect(world.notices).toEqual([
    expect.stringMatching(/experiment_log\.csv is not read: .*at most \d+ bytes/),
  ]);
  expect(held.loopMs).toBeLessThan(50);
  expect(held.heap).toBeLessThan(40 * MB);
});

it('a large log of experiments is taken in while everything else goes on', async ({ task }) => {
  const experiments = world.open();
  await experiments.start();
  const bytes = runs({ full: 20, ci: 0.5 }) * MB;
  const count = writeLog(bytes, 'a lower rate');
  const taken = await heldBy(() => experiments.settled());
  expect([...experiments.rows.pages()].flat()).toHaveLength(count);
  writeLog(bytes, 'a higher rate');
  const changed = await heldBy(() => experiments.settled());
  expect(readFileSync(world.csvPath, 'utf8')).toContain('a higher rate settles lower');
  expect(experiments.rows.get('lr-3')?.hypothesis).toBe('a higher rate settles lower');
  const size = (statSync(world.csvPath).size / MB).toFixed(1);
  figure(task, { attack: `${count} experiments (${size} MB) taken in`, runs: 1, result: heldWords(taken) });
  figure(task, { attack: 'the same with every row changed', runs: 1, result: heldWords(changed) });
  expect(Math.max(taken.loopMs, changed.loopMs)).toBeLessThan(50);
  // Its text and its rows, once each.
  expect(Math.max(taken.heap, changed.heap)).toBeLessThan(20 * MB + 4 * bytes);
});
