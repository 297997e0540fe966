// Does what the README says on a machine with nothing but node, npm, git and sh, with the npm that comes with Node 20 and 22:
// clones, runs its two commands, opens the link that each prints, and waits there for the first notification.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const NPM = 'npm@^10';
const PROGRAMS = ['node', 'git', 'sh', 'env'];
/** Of a machine that is busy with other things too. */
const TOLD_MAX_MS = 180_000;
/** What a new user waits for the first notification, from the clone's end. */
const TOLD_WANTED_MS = 60_000;

const repository = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bare-'));
const clone = join(folder, 'clone');
const bin = join(folder, 'bin');
const home = join(folder, 'home');
const queue = join(home, '.xax');

for (const each of [bin, home, queue]) mkdirSync(each);
for (const name of PROGRAMS)
  symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name));
const npm = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');
writeFileSync(join(bin, 'npm'), `#!/usr/bin/env sh\nexec node "${npm}" "$@"\n`, { mode: 0o755 });

/** Where this machine gets its packages; nothing else of its settings. */
const network = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(https?_proxy|no_proxy|node_extra_ca_certs)$/i.test(name)),
);
for (const setting of ['registry', 'cache', 'cafile']) {
  const value = execFileSync('npm', ['config', 'get', setting], { encoding: 'utf8' }).trim();
  if (value !== 'null') network[`npm_config_${setting}`] = value;
}
const env = { ...network, PATH: bin, HOME: home, XAXBOT_WEB_PORT: '0' };
const run = (program, argv, options) => execFileSync(program, argv, { stdio: 'inherit', ...options });

try {
  run('npm', ['install', '--prefix', folder, '--silent', '--no-save', NPM]);
  run('git', ['clone', '--quiet', repository, clone]);
  await tellsOfTheQueue('npm ci && npm run demo', () => {});
  showState('029.json');
  await tellsOfTheQueue('npm ci && npm start', () => showState('030.json'));
  console.log(`it installs and starts with ${NPM} and ${PROGRAMS.join(', ')} alone`);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
}

/** The queue's file as xax wrote it once. */
function showState(name) {
  cpSync(join(clone, 'test/fixtures/xax/states', name), join(queue, 'new'));
  renameSync(join(queue, 'new'), join(queue, 'queue_state.json'));
}

/** Runs a command of the README until the chat that it opens tells of a job; `change` is done once somebody looks. */
async function tellsOfTheQueue(command, change) {
  const began = performance.now();
  const bot = spawn(join(bin, 'sh'), ['-c', command], {
    cwd: clone,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // What the shell started outlives it, and writes into its folder until it has ended: then its pipe is closed.
  const ended = new Promise((resolve) => bot.on('close', resolve));
  try {
    const link = await printedLink(bot);
    const response = await fetch(link);
    const page = await response.text();
    if (!response.ok || !page.includes('<title>'))
      throw new Error(`the link answered ${response.status}: ${page.slice(0, 200)}`);
    change();
    const { stdout } = await promisify(execFile)(
      join(bin, 'node'),
      ['bin/node24.js', '--disable-warning=ExperimentalWarning', '.ci/first-notification.ts', link],
      { cwd: clone, env, timeout: TOLD_MAX_MS },
    );
    const ms = performance.now() - began;
    console.log(`${command}: told after ${(ms / 1000).toFixed(1)} s: ${stdout.trim()}`);
    if (ms > TOLD_WANTED_MS)
      console.log(`that is longer than the ${TOLD_WANTED_MS / 1000} s that are wanted`);
  } finally {
    if (bot.exitCode === null) process.kill(-bot.pid, 'SIGTERM');
    await ended;
  }
}

function printedLink(bot) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`no link within ${TOLD_MAX_MS} ms; it printed:\n${text}`)),
      TOLD_MAX_MS,
    );
    bot.stdout.on('data', (chunk) => {
      text += chunk;
      const link = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(text)?.[0];
      if (!link || !text.includes('\n', text.indexOf(link))) return;
      clearTimeout(timer);
      resolve(link);
    });
    bot.on('exit', (code) => reject(new Error(`it ended with ${code}; it printed:\n${text}`)));
  });
}
