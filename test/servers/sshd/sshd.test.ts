import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { eventually, temporaryFolder } from '../../helpers.ts';
import { writeProgram } from '../../programs.ts';
import { processesOf } from '../folder-processes.ts';
import { fillDisk, type Sshd, startSshd, whyNoSmallDisk, whyNoSshd, writeSsh } from './index.ts';

const reason = whyNoSshd();
if (reason) test.skip(`a real sshd was not started: ${reason}`, () => {});

const BATCH = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5'];

interface Said {
  code: number | null;
  out: string;
  error: string;
}

/** The real client, with a limit of its own. */
function ssh(bin: string, argv: readonly string[], input = ''): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(join(bin, 'ssh'), argv, { timeout: 30_000 }, (failure, out, error) =>
      resolve({ code: failure ? ((failure.code as unknown as number) ?? null) : 0, out, error }),
    );
    child.stdin!.on('error', () => {});
    child.stdin!.end(input);
  });
}

describe.skipIf(reason !== null)('a real sshd of the tests', () => {
  let sshd: Sshd;
  const run = (command: string, input?: string) => ssh(sshd.bin, [...BATCH, sshd.host, command], input);

  beforeAll(async () => {
    sshd = await startSshd({ environment: { XAX_HOME: '/srv/ada/queue', PATH: process.env.PATH! } });
    return () => sshd.stop();
  });

  it('runs what it is asked with the home and the environment of the host', async () => {
    const asked = 'echo "$HOME|$PWD|$XAX_HOME|$SHELL"; cat; exit 7';
    expect(await run(asked, 'from here')).toEqual({
      code: 7,
      out: `${sshd.home}|${sshd.home}|/srv/ada/queue|/bin/sh\nfrom here`,
      error: '',
    });
    expect(await run('exec sh', 'echo one\n{ echo two; exit 3; }\n')).toMatchObject({
      code: 3,
      out: 'one\ntwo\n',
    });
  });

  it('is known to the client from its own files alone', async () => {
    const before = sshd.logins();
    expect(await ssh('/usr/bin', [...BATCH, '-F', sshd.configFile, sshd.host, 'echo it'])).toMatchObject({
      out: 'it\n',
    });
    expect(sshd.logins()).toBe(before + 1);
    const bin = join(temporaryFolder(), 'bin');
    writeSsh(bin, [sshd.configFile]);
    expect(await ssh(bin, [...BATCH, sshd.host, 'echo it'])).toMatchObject({ out: 'it\n' });
    writeSsh(bin, []);
    expect((await ssh(bin, [...BATCH, sshd.host, 'echo it'])).code).toBe(255);
  });

  it('lets a master carry many commands in one login', async () => {
    const master = ['-S', join(sshd.folder, 'master')];
    const before = sshd.logins();
    await ssh(sshd.bin, [...BATCH, ...master, '-o', 'ControlMaster=yes', '-fN', sshd.host]);
    for (const word of ['one', 'two'])
      expect(
        await ssh(sshd.bin, [...master, '-o', 'ProxyCommand=false', sshd.host, `echo ${word}`]),
      ).toMatchObject({
        code: 0,
        out: `${word}\n`,
      });
    expect(sshd.logins()).toBe(before + 1);
    await ssh(sshd.bin, [...master, '-O', 'exit', sshd.host]);
  });

  it('has the login shell and the rc file that it is told to have', async () => {
    sshd.setShell('/bin/bash');
    sshd.setRc('echo welcome to the cluster; exec sh -c "echo nothing else"\n');
    expect(await run('echo it')).toMatchObject({ code: 0, out: 'welcome to the cluster\nnothing else\n' });
    sshd.setRc('');
    expect(await run('echo "${BASH_VERSION:+bash}"')).toMatchObject({ out: 'bash\n' });
    sshd.setShell(
      writeProgram(join(sshd.folder, 'shells'), 'nologin', 'echo This account is not available.'),
    );
    expect(await run('echo it')).toMatchObject({ code: 0, out: 'This account is not available.\n' });
    sshd.setShell('/bin/sh');
  });

  it('is refused when its key is another than the known one', async () => {
    await sshd.changeHostKey();
    const refused = await run('echo it');
    expect(refused.code).toBe(255);
    expect(refused.error).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    sshd.trustHostKey();
    expect(await run('echo it')).toMatchObject({ code: 0, out: 'it\n' });
  });

  it('dies with everything that was started there, and comes back', async () => {
    const file = join(sshd.home, 'alive');
    const session = run(
      `echo yes > ${file}; (cd /; setsid sleep 600 < /dev/null > /dev/null 2>&1 &) ; sleep 600`,
    );
    await eventually('the command runs', () => existsSync(file));
    await sshd.kill();
    expect(processesOf(sshd.folder)).toEqual([]);
    expect((await session).code).toBe(255);
    expect((await run('echo it')).code).toBe(255);
    await sshd.restart();
    expect(await run('echo it')).toMatchObject({ code: 0, out: 'it\n' });
  });

  it('tells what it costs', async () => {
    const before = sshd.cpuSeconds();
    const file = join(sshd.home, 'busy');
    const session = run(`touch ${file}; while [ -e ${file} ]; do :; done`);
    await eventually('half a second of work', () => sshd.cpuSeconds() > before + 0.5);
    rmSync(file);
    expect((await session).code).toBe(0);
  });

  it('is behind a network that goes silent, is slow, and is cut', async () => {
    const { network } = sshd;
    network.goSilent();
    const waiting = ssh(sshd.bin, ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=1', sshd.host, 'echo it']);
    expect((await waiting).error).toMatch(/timed out/i);
    network.resume();
    expect(await run('echo it')).toMatchObject({ out: 'it\n' });

    network.slowDown(100);
    const started = Date.now();
    expect(await run('echo it')).toMatchObject({ out: 'it\n' });
    expect(Date.now() - started).toBeGreaterThan(500);
    network.resume();

    const before = sshd.logins();
    const session = run('sleep 600');
    await eventually('the login', () => sshd.logins() > before);
    network.cut();
    expect((await session).code).toBe(255);
  });

  it('cuts an upload in its midst', async () => {
    const final = join(sshd.home, 'inbox', 'final');
    mkdirSync(join(sshd.home, 'inbox'));
    writeFileSync(final, 'the good one');
    // After the login, which moves some 3 kB.
    sshd.network.cutAfter(300_000);
    const upload = await run(
      `head -c 1000000 > inbox/part; [ "$(wc -c < inbox/part)" = 1000000 ] && mv inbox/part inbox/final`,
      'x'.repeat(1_000_000),
    );
    expect(upload.code).toBe(255);
    const part = join(sshd.home, 'inbox', 'part');
    await eventually('the end of what came', () => existsSync(part) && processesOf(sshd.home).length === 0);
    // What sshd had not yet handed on when the connection ended is lost.
    expect(statSync(part).size).toBeGreaterThan(0);
    expect(statSync(part).size).toBeLessThan(300_000);
    expect(readFileSync(final, 'utf8')).toBe('the good one');
  });

  it.skipIf(whyNoSmallDisk() !== null)('has a disk that is full, and then is not', async () => {
    const small = await startSshd({ host: 'small', diskBytes: 1_000_000 });
    const write = () => ssh(small.bin, [...BATCH, small.host, 'cat > file'], 'x'.repeat(10_000));
    const free = fillDisk(small.home);
    expect(await write()).toMatchObject({
      code: 1,
      error: expect.stringContaining('No space left on device'),
    });
    free();
    expect(await write()).toMatchObject({ code: 0, error: '' });
    await small.stop();
    expect(existsSync(small.folder)).toBe(false);
  });

  it('leaves nothing behind', async () => {
    const other = await startSshd({ host: 'other' });
    const session = ssh(other.bin, [...BATCH, other.host, `sleep 600`]);
    await eventually('the login', () => other.logins() === 1);
    await other.stop();
    await other.stop();
    expect((await session).code).toBe(255);
    expect(processesOf(other.folder)).toEqual([]);
    expect(existsSync(other.folder)).toBe(false);
  });
});
