#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findNode, runOnNode24 } from './node24.js';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const cache = fileURLToPath(new URL('../node_modules/.cache/xaxbot', import.meta.url));

// What keeps the bot small beside the training: a heap that grows little by little, a malloc that gives back what is
// freed, and compiled code from a cache, without which Node loads its TypeScript stripper into every process.
// `npm run bench queue` shows the sum.
const flags = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=1',
  '--heap-growing-percent=10',
];
const wanted = {
  NODE_COMPILE_CACHE: cache,
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

const set = Object.keys(wanted).filter((name) => !process.env[name]);
for (const name of set) process.env[name] = wanted[name];
// Named, so that the programs which the bot starts do not get them.
process.env.XAXBOT_LAUNCHER_SET = set.join(',');

if (set.includes('NODE_COMPILE_CACHE')) {
  const node = findNode();
  if (node && !existsSync(cache)) spawnSync(node, [...flags, main, '--help'], { stdio: 'ignore' });
}
runOnNode24([...flags, main, ...process.argv.slice(2)]);
