// Does what the README says on a machine with nothing but node, git and sh, with the npm that comes with Node 20 and 22:
// clones, installs, starts, and opens the link that was printed.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NPM = 'npm@^10';
const PROGRAMS = ['node', 'git', 'sh', 'env'];
/** Of a machine that is busy with other things too. */
const START_MAX_MS = 60_000;

const repository = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'xaxbot-bare-'));
const clone = join(folder, 'clone');
const bin = join(folder, 'bin');
const home = join(folder, 'home');
const npm = join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js');

for (const each of [bin, home, join(home, '.xax')]) mkdirSync(each);
for (const name of PROGRAMS)
  symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(bin, name));

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
  run(join(bin, 'node'), [npm, '--version'], { env });
  run(join(bin, 'node'), [npm, 'ci'], { cwd: clone, env });
  await startsAndAnswers();
  console.log(`it installs and starts with ${NPM} and ${PROGRAMS.join(', ')} alone`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function startsAndAnswers() {
  const bot = spawn(join(bin, 'node'), [npm, 'start'], {
    cwd: clone,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => bot.on('exit', resolve));
  try {
    const response = await fetch(await printedLink(bot));
    const page = await response.text();
    if (!response.ok || !page.includes('<title>'))
      throw new Error(`the link answered ${response.status}: ${page.slice(0, 200)}`);
  } finally {
    if (bot.exitCode === null) process.kill(-bot.pid, 'SIGTERM');
    await ended;
  }
}

function printedLink(bot) {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () => reject(new Error(`no link within ${START_MAX_MS} ms; it printed:\n${text}`)),
      START_MAX_MS,
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
