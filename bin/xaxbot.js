#!/usr/bin/env node
const { spawnSync } = require('child_process');
const { existsSync } = require('fs');
const { homedir } = require('os');
const { join } = require('path');
const { FOR_SOURCES, findNode, runOnNode } = require('./node24.js');

/** What the package is built for, and better-sqlite3 and execa ask for. */
const FOR_PACKAGE = 22;

const root = join(__dirname, '..');
const source = join(root, 'src', 'main.ts');
const isCheckout = existsSync(source);
// npm packs the checkout itself with the build inside, and the build without the checkout.
const built = [root, join(root, 'dist')].map((folder) => join(folder, 'bundle', 'main.js')).find(existsSync);
const main = isCheckout ? source : built;
if (!main) {
  console.error(
    'xaxbot was packed without being built: make the package with "npm run pack" in a checkout, and install that.',
  );
  process.exit(1);
}
const cache = isCheckout
  ? join(root, 'node_modules', '.cache', 'xaxbot')
  : join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'xaxbot', 'compiled');

/** What runs for long, beside the training; all else ends at once. */
const LASTING = ['start', 'demo', 'mcp'];

const major = isCheckout ? FOR_SOURCES : FOR_PACKAGE;
const args = process.argv.slice(2);
const isLasting = args.some((word) => LASTING.indexOf(word) >= 0);
if (!isLasting && Number(process.versions.node.split('.')[0]) >= major) {
  // Another Node would only take longer to begin.
  require('./this-node.js').runOnThisNode(main, cache);
} else runOnNode(major, keptSmall().concat(main, args));

/**
 * What keeps the bot small: flags of Node's, to which it returns, for a heap that grows little by little, and variables for a malloc
 * that gives back what is freed and for compiled code from a cache, without which Node loads its TypeScript stripper into every process
 * of a checkout. `npm run bench -- --only memory-1k` shows the sum.
 */
function keptSmall() {
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
  if (isCheckout && set.includes('NODE_COMPILE_CACHE')) {
    const node = findNode(FOR_SOURCES);
    if (node && !existsSync(cache)) spawnSync(node, flags.concat(main, '--help'), { stdio: 'ignore' });
  }
  return flags;
}
