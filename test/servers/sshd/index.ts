import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemon, startDaemon } from '../daemon.ts';
import { cpuSecondsOf, killProcessesOf, processesOf } from '../folder-processes.ts';
import { freePort } from '../free-port.ts';
import { untilEnd } from '../running.ts';
import {
  placesIn,
  trustHostKey,
  writeClientFiles,
  writeEnvironment,
  writeHostKey,
  writeRc,
  writeServerFiles,
  writeShell,
} from './files.ts';
import { type Network, startNetwork } from './network.ts';
import { mountSmallDisk } from './small-disk.ts';

export { writeSsh } from './files.ts';
export type { Network } from './network.ts';
export { fillDisk, whyNoSmallDisk } from './small-disk.ts';

const SSHD = '/usr/sbin/sshd';
/** Without it sshd does not start as root; Debian's service makes it. */
const PRIVILEGE_SEPARATION = '/run/sshd';
const START_MAX_MS = 20_000;

/** Why no sshd can be started here, in one line; null where one can. */
export function whyNoSshd(): string | null {
  if (process.platform !== 'linux') return 'a real sshd is started on Linux only';
  if (!existsSync(SSHD)) return `there is no ${SSHD}: install openssh-server`;
  if (spawnSync('ssh', ['-V']).error) return 'there is no ssh on PATH: install openssh-client';
  if (process.getuid?.() === 0 && !existsSync(PRIVILEGE_SEPARATION))
    mkdirSync(PRIVILEGE_SEPARATION, { mode: 0o755 });
  return null;
}

export interface SshdOptions {
  /** The name under which the client's settings know it. */
  host?: string;
  /** What a login has in its environment, besides HOME and SHELL. */
  environment?: Record<string, string>;
  /** The login shell; sh unless given. */
  shell?: string;
  /** The home is on a disk of its own of so many bytes, which `fillDisk` fills; not where `whyNoSmallDisk` has a reason. */
  diskBytes?: number;
  /** Lines of sshd_config; the first of a keyword counts, so that these cannot change what stands there already. */
  settings?: string[];
}

export interface Sshd {
  host: string;
  /** The port that the client is told: the network's, with the server behind it. */
  port: number;
  /** Everything of it stands in here. */
  folder: string;
  /** The user's home on the host. */
  home: string;
  /** The client's settings, for `ssh -F`. */
  configFile: string;
  knownHosts: string;
  /** A folder for PATH whose `ssh` goes by `configFile` alone. */
  bin: string;
  network: Network;
  /** What sshd wrote into its log. */
  log: () => string;
  /** Logins so far: a command through a living master is none. */
  logins: () => number;
  /** The processor's time of the server, its sessions and all that runs in them, seconds. */
  cpuSeconds: () => number;
  /** Ends it with all sessions and all that they started, as a crash of the host. */
  kill: () => Promise<void>;
  /** Starts it, again if it runs. */
  restart: () => Promise<void>;
  /** Has another host key from the next connection on; sessions end. */
  changeHostKey: () => Promise<void>;
  /** Has the client expect the host's present key. */
  trustHostKey: () => void;
  /** What the login shell reads before it runs anything. */
  setRc: (text: string) => void;
  /** Another login shell from the next session on: a path. */
  setShell: (path: string) => void;
  setEnvironment: (environment: Record<string, string>) => void;
  stop: () => Promise<void>;
}

/** Starts a real OpenSSH server as this user on 127.0.0.1; nothing outside its folder is read or written. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const reason = whyNoSshd();
  if (reason) throw new Error(reason);
  const host = options.host ?? 'box';
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-sshd-'));
  const places = placesIn(folder);
  const serverPort = await freePort();
  mkdirSync(places.home);
  const unmount = options.diskBytes === undefined ? () => {} : mountSmallDisk(places.home, options.diskBytes);
  writeServerFiles(places, serverPort, options.settings ?? []);
  const setEnvironment = (environment: Record<string, string>) =>
    writeEnvironment(places, {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      USER: userInfo().username,
      ...environment,
    });
  setEnvironment(options.environment ?? {});
  writeShell(places, options.shell ?? '/bin/sh');
  const network = await startNetwork(serverPort);
  writeClientFiles(places, host, network.port);
  trustHostKey(places, host);

  let server: Daemon | undefined;
  const log = () => (existsSync(places.log) ? readFileSync(places.log, 'utf8') : '');
  const kill = async () => {
    await server?.end();
    network.cut();
    await killProcessesOf(folder);
  };
  const start = async () => {
    server = startDaemon(
      SSHD,
      ['-D', '-e', '-f', places.config],
      { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      places.log,
    );
    await answering(serverPort, server, log);
  };
  const restart = async () => {
    await kill();
    await start();
  };
  const stop = untilEnd(async () => {
    await kill();
    await network.close();
    unmount();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  await start();
  return {
    host,
    port: network.port,
    folder,
    home: places.home,
    configFile: places.clientConfig,
    knownHosts: places.knownHosts,
    bin: places.bin,
    network,
    log,
    logins: () => log().split('Accepted publickey').length - 1,
    cpuSeconds: () => cpuSecondsOf(processesOf(folder)),
    kill,
    restart,
    changeHostKey: async () => {
      writeHostKey(places);
      await restart();
    },
    trustHostKey: () => trustHostKey(places, host),
    setRc: (text) => writeRc(places, text),
    setShell: (path) => writeShell(places, path),
    setEnvironment,
    stop,
  };
}

async function answering(port: number, server: Daemon, log: () => string): Promise<void> {
  const until = Date.now() + START_MAX_MS;
  while (!(await accepts(port))) {
    if (!server.alive() || Date.now() > until) throw new Error(`sshd does not start:\n${log()}`);
    await sleep(10);
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
