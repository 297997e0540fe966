import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { environmentText, serviceVariables } from '../../src/cli/service/environment-file.ts';
import { unitText } from '../../src/cli/service/unit.ts';
import { temporaryFolder } from '../helpers.ts';
import { writeSystemd } from '../systemd.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/xaxbot.js', import.meta.url));
const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

/** What systemd has to say of a unit; empty where all is right. */
function verified(text: string): string {
  const path = join(temporaryFolder(), 'xaxbot.service');
  writeFileSync(path, text);
  const { stdout, stderr, status } = spawnSync('systemd-analyze', ['--user', 'verify', path], {
    encoding: 'utf8',
    env: { ...process.env, SYSTEMD_LOG_LEVEL: 'info', XDG_RUNTIME_DIR: temporaryFolder() },
  });
  const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('xaxbot.service'));
  return status === 0 ? about.join('\n') : `status ${status}\n${about.join('\n')}`;
}

/** A unit of a house whose every path has such a name. */
function unitIn(name: string, systemd = 252): string {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  writeFileSync(join(folder, 'env'), 'A="b"\n');
  return unitText({
    command: [join(folder, 'node'), join(folder, 'xaxbot.js'), 'start'],
    folder,
    environmentFile: join(folder, 'env'),
    umask: 0o027,
    version: '1.0.0',
    systemd,
  });
}

describe('the unit', () => {
  it
    .runIf(hasAnalyze)
    .each(['plain', 'two words', '100 %h', 'a$HOME', 'say "hi"', "it's", 'a[b]*', 'tab\\b x'])(
    'is right for systemd with paths such as %s',
    (name) => expect(verified(unitIn(name))).toBe(''),
  );

  it.runIf(hasAnalyze)('is one that systemd-analyze would find fault with', () => {
    expect(verified(unitIn('plain').replace('Type=notify', 'Type=notified'))).toContain('notified');
    expect(verified(unitIn('two words').replaceAll('"', ''))).toMatch(/two|not executable|No such file/);
  });

  it('says what systemd reads as the same paths', () => {
    const text = unitIn('100 %h$x[z]');
    expect(text).toMatch(/^WorkingDirectory=\/.*\/100 %%h\$x\[z\]$/m);
    expect(text).toMatch(/^EnvironmentFile=\/.*\/100 %%h\$x\\\[z\]\/env$/m);
    // A variable is put in behind the program only.
    expect(text).toMatch(
      /^ExecStart="\/.*\/100 %%h\$x\[z\]\/node" "\/.*\/100 %%h\$\$x\[z\]\/xaxbot\.js" start$/m,
    );
    expect(unitIn('a "b"')).toMatch(/^ExecStart=\/usr\/bin\/env "\/.*\/a \\"b\\"\/node" ".*" start$/m);
    expect(text).toMatch(/^UMask=0027$/m);
  });

  it('has growing pauses where systemd knows them', () => {
    expect(unitIn('plain', 252)).not.toContain('RestartSteps');
    expect(unitIn('plain', 255)).toContain('RestartSteps');
  });

  it.each(['a\nb', ' a', 'a\\'])('is refused where a path cannot stand in it: %j', (name) => {
    const folder = name.startsWith(' ') ? name : `/${name}`;
    const parts = {
      command: ['/node', '/x.js'] as const,
      environmentFile: '/env',
      umask: 0,
      version: '1.0.0',
      systemd: 0,
    };
    expect(() => unitText({ ...parts, folder })).toThrow('cannot stand in a unit');
  });

  it('lets the bot see whose job a process is: nothing in it makes a user namespace', () => {
    expect(unitIn('plain')).not.toMatch(
      /^(Protect\w+|Private\w+|ReadOnlyPaths|InaccessiblePaths|MemoryDenyWriteExecute)=/m,
    );
  });
});

describe('the variables of a service', () => {
  it('are those that its shell has for it, without folders that are gone with the shell', () => {
    const env = {
      PATH: '/run/user/1000/fnm_multishells/1/bin:/opt/x/bin:bin:/p/node_modules/.bin:/usr/bin:/opt/x/bin',
      XAX_HOME: '/data/xax',
      HF_TOKEN: 'hf_1',
      EMPTY: '',
      SECRET: 'a"b$c`d\\e',
    };
    expect(serviceVariables(env, ['XAX_HOME', 'EMPTY'], ['SECRET'])).toEqual({
      PATH: '/opt/x/bin:/usr/bin',
      XAX_HOME: '/data/xax',
      SECRET: 'a"b$c`d\\e',
    });
  });

  it('are written as systemd and a shell read them, and shown without secrets', () => {
    const variables = { A: 'a"b$c`d\\e %h', SLACK_BOT_TOKEN: 'xoxb-1' };
    const path = join(temporaryFolder(), 'env');
    writeFileSync(path, environmentText(variables));
    expect(spawnSync('sh', ['-c', '. "$1"; printf %s "$A"', 'sh', path], { encoding: 'utf8' }).stdout).toBe(
      variables.A,
    );
    expect(environmentText(variables, { isShown: true })).toContain('SLACK_BOT_TOKEN="(hidden)"');
  });
});

/** A house with a systemd; `service` calls the program in it. */
function house() {
  const folder = temporaryFolder();
  const bin = join(folder, 'bin');
  writeSystemd(folder, bin, 3);
  const env = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: folder,
    USER: 'ada',
    XDG_CONFIG_HOME: join(folder, 'conf'),
    XAXBOT_DATA_DIR: join(folder, 'data'),
    DISCORD_TOKEN: 'a-token-of-discord-1234',
  };
  const calls = () => (existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : '');
  return {
    unit: join(folder, 'conf/systemd/user/xaxbot.service'),
    environment: join(folder, 'conf/xaxbot/xaxbot.service.env'),
    /** What it was told to change since the last look. */
    changes() {
      const told = calls()
        .split('\n')
        .filter((line) => /daemon-reload|enable|disable|restart/.test(line));
      writeFileSync(join(folder, 'calls'), '');
      return told.map((line) => line.replace(/^--user /, ''));
    },
    service(...args: string[]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'service', ...args], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      return { status, said: `${stdout}${stderr}` };
    },
    env,
  };
}

describe('xaxbot service', () => {
  it('installs once, changes nothing that is as it is to be, and takes all away again', () => {
    const { service, changes, unit, environment } = house();
    const dry = service('install', '--dry-run');
    expect(dry.said).toContain(`Would write ${unit}`);
    expect(dry.said).toContain('Would call: systemctl --user restart xaxbot.service');
    expect(dry.said).not.toContain('a-token-of-discord');
    expect([existsSync(unit), changes()]).toEqual([false, []]);

    service('install');
    expect(changes()).toEqual(['daemon-reload', 'enable xaxbot.service', 'restart xaxbot.service']);
    expect(readFileSync(environment, 'utf8')).toContain('DISCORD_TOKEN="a-token-of-discord-1234"');
    expect(statSync(environment).mode & 0o777).toBe(0o600);

    expect(service('install').said).toContain('nothing is to be changed');
    expect(changes()).toEqual([]);

    expect(service('uninstall', '--dry-run').said).toContain(`Would remove ${unit}`);
    expect(existsSync(unit)).toBe(true);
    expect(service('uninstall').said).toContain('The data folder stays');
    expect(changes()).toEqual(['disable --now xaxbot.service', 'daemon-reload']);
    expect([existsSync(unit), existsSync(environment)]).toEqual([false, false]);
    expect(service('uninstall')).toMatchObject({
      status: 0,
      said: expect.stringContaining('nothing is to be removed'),
    });
  });

  it('says that it ends with the login, and keeps it running where that is wanted', () => {
    const { service } = house();
    expect(service('install').said).toContain('service install --linger');
    expect(service('install', '--linger').said).toContain('Called: loginctl enable-linger');
    expect(service('install').said).not.toContain('--linger');
  });

  it('tells what the unit and the bot are, and hands over the journal with its exit code', () => {
    const { service } = house();
    expect(service('status')).toMatchObject({ status: 3, said: expect.stringContaining('not installed') });
    const { status, said } = service('logs', '--lines', '5', '--follow');
    expect([status, said]).toEqual([
      3,
      'called: --user --no-pager --output=cat --unit=xaxbot.service --lines=5 --follow\n',
    ]);
  });

  it('says in words what is missing where there is no systemd, and what to do instead', () => {
    const { service, env } = house();
    env.PATH = join(temporaryFolder(), 'none');
    const { status, said } = service('install');
    expect(status).toBe(1);
    expect(said).toContain('there is no systemctl on PATH');
    expect(said).toContain('Run "npm start" under');
    expect(service('install', '--dry-run')).toMatchObject({
      status: 0,
      said: expect.stringContaining('[Service]'),
    });
  });
});
