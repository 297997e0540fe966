import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/processes/find-program.ts';
import { createRecordedHome, STATES, startTestBot } from '../bot.ts';
import { findPython } from '../contract/xax-places.ts';
import { eventually, temporaryFolder } from '../helpers.ts';

const python = await findPython();
const canNotify = python !== undefined && findProgram('systemd-notify', process.env, '/') !== undefined;

/** As systemd listens: a socket of datagrams, each printed as a line of JSON. Node has no such sockets. */
const LISTEN = `
import json, socket, sys
sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sock.bind(sys.argv[1])
print(json.dumps("ready"), flush=True)
while True:
    print(json.dumps(sock.recv(4096).decode()), flush=True)
`;

let listener: ChildProcess | undefined;
afterEach(() => void listener?.kill());

describe.skipIf(!canNotify)('a bot that is a service', () => {
  it('tells systemd that it is ready, that it lives, how it is, and that it stops; its children hear nothing of that', async () => {
    const folder = temporaryFolder();
    const socket = join(folder, 'notify');
    listener = spawn(python!, ['-c', LISTEN, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    const told: string[] = [];
    createInterface({ input: listener.stdout! }).on('line', (line) =>
      told.push(...JSON.parse(line).split('\n')),
    );
    await eventually('it listens', () => told.includes('ready'));
    const home = createRecordedHome(folder);
    home.show(STATES[0]!);
    home.beat();
    const bot = await startTestBot({
      folder,
      home: home.home,
      env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000', WATCHDOG_PID: String(process.pid) },
    });
    try {
      expect(told).toContain('READY=1');
      expect(told.some((line) => line.startsWith('STATUS='))).toBe(true);
      await eventually('two signs of life', () => told.filter((line) => line === 'WATCHDOG=1').length >= 2);
      expect(bot.config.childEnv).not.toHaveProperty('NOTIFY_SOCKET');
      expect(bot.config.childEnv).not.toHaveProperty('WATCHDOG_USEC');
      expect(told).not.toContain('STOPPING=1');
    } finally {
      await bot.app.stop();
    }
    await eventually('it stops', () => told.includes('STOPPING=1'));
    expect(told.filter((line) => line === 'READY=1')).toHaveLength(1);
    const gone = once(listener, 'exit');
    listener.kill();
    await gone;
  });
});
