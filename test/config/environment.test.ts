import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { unixName } from '../../src/config/environment.ts';
import { temporaryFolder } from '../helpers.ts';
import { load, problem, xaxOf } from './load.ts';

describe('the environment', () => {
  it('may say ~ in .env for every place', () => {
    const home = temporaryFolder();
    const cwd = join(home, 'here');
    mkdirSync(cwd);
    mkdirSync(join(home, 'bin'));
    writeFileSync(join(home, 'bin', 'xax'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(home, 'team.yaml'), 'host: ours\n');
    writeFileSync(
      join(cwd, '.env'),
      'XAX_HOME=~/queue\nXAXBOT_DATA_DIR=~/data\nXAXBOT_CONFIG=~/team.yaml\nXAX_BIN=~/bin/xax\n',
    );
    const config = loadConfig({ env: { HOME: home }, cwd });
    expect(config).toMatchObject({
      hostLabel: 'ours',
      dataDir: join(home, 'data'),
      queues: [{ settings: { home: join(home, 'queue'), xaxBin: join(home, 'bin', 'xax') } }],
    });
  });

  it('sets nothing by a line of .env that is left empty', () => {
    const config = load(null, {}, { '.env': '\ufeffXAX_HOME=\r\nLOG_LEVEL=\r\nXAXBOT_WEB_PORT=1234\r\n' });
    expect(xaxOf(config).home).toMatch(/\.xax$/);
    expect(config.logLevel).toBe('info');
    expect(config.adapters.get('web')!.settings).toMatchObject({ port: 1234 });
  });

  it('holds no secret in the folder that the shell is in', () => {
    const env = { PWD: '/home/ada/proj', PGPASSWORD: 'a-password-of-hers' };
    expect(load(null, env).secrets).toEqual(['a-password-of-hers']);
  });

  it('is refused where XAX_BIN is a folder or no program', () => {
    const folder = temporaryFolder();
    const text = join(folder, 'xax');
    writeFileSync(text, 'not a program\n');
    chmodSync(text, 0o644);
    expect(problem(null, { XAX_BIN: folder })).toMatch(/XAX_BIN is ".*", which is a folder\. Name the xax/);
    expect(problem(null, { XAX_BIN: text })).toMatch(/is not executable by this user/);
    expect(problem(null, { XAX_BIN: '~/none' })).toMatch(/XAX_BIN is "~\/none", which does not exist/);
    expect(problem(null, { XAX_BIN: 'no-such', PATH: '/bin' })).toMatch(/is not on PATH/);
  });

  it('gives an xax of PATH only when it can be run', () => {
    const folders = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    mkdirSync(join(folders[0]!, 'xax'));
    writeFileSync(join(folders[1]!, 'xax'), '', { mode: 0o644 });
    expect(xaxOf(load(null, { PATH: folders.join(':') })).xaxBin).toBeUndefined();
    writeFileSync(join(folders[2]!, 'xax'), '#!/bin/sh\n', { mode: 0o755 });
    expect(xaxOf(load(null, { PATH: folders.join(':') })).xaxBin).toBe(join(folders[2]!, 'xax'));
  });

  it('is refused where a setting is mistyped, a port is no port, or a folder is a file', () => {
    expect(problem(null, { XAXBOT_WEBPORT: '80' })).toMatch(/XAXBOT_WEBPORT is set.*mean XAXBOT_WEB_PORT\?/);
    for (const port of ['0x50', '1e3', ' ', '-1', '65536', '8.0'])
      expect(problem(null, { XAXBOT_WEB_PORT: port })).toMatch(/from 0 to 65535/);
    expect(problem(null, { XAXBOT_DATA_DIR: '~/file/data' }, { file: '' })).toMatch(/\/file is not a folder/);
  });

  it('is told together with what is wrong in the yaml', () => {
    const said = problem('kil: 1\nhost: 5\n', {
      XAXBOT_WEB_PORT: 'x',
      LOG_LEVEL: 'loud',
      XAX_BIN: '/no/xax',
    });
    expect(said).toMatch(/^There are several problems with the settings:/);
    for (const part of [
      'line 1, kil',
      'line 2, host',
      'XAXBOT_WEB_PORT is "x"',
      'LOG_LEVEL is',
      'XAX_BIN is',
    ])
      expect(said).toContain(part);
    expect(said.match(/Nothing was started/g)).toHaveLength(1);
  });
});

describe('whoever runs the bot', () => {
  const unknownUid = () => {
    throw Object.assign(new Error('uv_os_get_passwd returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  };

  it('has a name also where the host knows none for the uid, as in a container', () => {
    expect(unixName({ USER: 'ada', LOGNAME: 'bob' }, unknownUid)).toBe('ada');
    expect(unixName({ USER: '', LOGNAME: 'bob' }, unknownUid)).toBe('bob');
    expect(unixName({}, unknownUid)).toBe(`uid-${process.getuid!()}`);
    expect(unixName({ USER: 'ada' }, () => 'eve')).toBe('eve');
  });
});
