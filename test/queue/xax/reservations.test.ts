import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readObserverService } from '../../../src/queue/xax/observer-service.ts';
import { readReservations } from '../../../src/queue/xax/reservations.ts';
import { temporaryFolder } from '../../helpers.ts';
import { writeProgram } from '../../programs.ts';

/** What `systemctl --user show xax-queue-observer.service --property=Environment` prints, and nothing else. */
const ASKED = '--user show xax-queue-observer.service --property=Environment';

describe('what the queue keeps for its jobs', () => {
  let folder: string;
  let home: string;
  const children: ChildProcess[] = [];
  const env = () => ({ PATH: `${join(folder, 'bin')}:/usr/bin:/bin` });
  const systemctl = (script: string) => writeProgram(join(folder, 'bin'), 'systemctl', script);
  const service = (environment: string) =>
    systemctl(`[ "$*" = "${ASKED}" ] || exit 1\ncat <<'END'\nEnvironment=${environment}\nEND`);

  beforeEach(() => {
    folder = temporaryFolder();
    home = join(folder, 'a home');
    mkdirSync(home);
    systemctl('echo "Failed to connect to bus: No medium found" >&2; exit 1');
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** A process that was started as xax's observer is, or as another program. */
  async function observer(variables: NodeJS.ProcessEnv, words = ['queue', '_observer']) {
    const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)', ...words], {
      env: variables,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    await once(child.stdout!, 'data');
    return { pid: child.pid!, hostname: 'g1', startedAt: 1, updatedAt: 1, status: 'idle', active: true };
  }

  const kept = (running: Awaited<ReturnType<typeof observer>> | null = null) =>
    readReservations({ home, env: env(), observer: running });

  it('is what the settings of its service name', async () => {
    service(`PYTHONUNBUFFERED=1 "XAX_HOME=${home}" XAX_QUEUE_GPUS=0,3`);
    expect(await kept()).toEqual([{ kind: 'listed', indices: [0, 3], source: 'service' }]);
    service(`PYTHONUNBUFFERED=1 "XAX_HOME=${home}" XAX_QUEUE_NUM_GPUS=2`);
    expect(await kept()).toEqual([{ kind: 'first', count: 2, source: 'service' }]);
    service(`"XAX_HOME=${home}"`);
    expect(await kept()).toEqual([{ kind: 'all', source: 'service' }]);
  });

  it('is not what the service of another queue names; a symlink to our folder is ours', async () => {
    service('XAX_HOME=/srv/other XAX_QUEUE_GPUS=0,3');
    expect(await kept()).toEqual([]);
    symlinkSync(home, join(folder, 'link'));
    service(`XAX_HOME=${join(folder, 'link')} XAX_QUEUE_GPUS=0,3`);
    expect(await kept()).toMatchObject([{ indices: [0, 3] }]);
  });

  it('is without systemd what the observer was started with: its variables, or its flags before them', async () => {
    expect(await kept()).toEqual([]);
    expect(await kept(await observer({ XAX_QUEUE_GPUS: '1,2', SLACK_BOT_TOKEN: 'xoxb-secret' }))).toEqual([
      { kind: 'listed', indices: [1, 2], source: 'observer' },
    ]);
    expect(await kept(await observer({ XAX_QUEUE_NUM_GPUS: ' 3 ' }))).toMatchObject([
      { kind: 'first', count: 3 },
    ]);
    const flags = ['queue', '_observer', '--queue-gpus', '0'];
    expect(await kept(await observer({ XAX_QUEUE_GPUS: '1' }, flags))).toMatchObject([{ indices: [0] }]);
    const joined = ['queue', '_observer', '--queue-num-gpus=4'];
    expect(await kept(await observer({}, joined))).toMatchObject([{ kind: 'first', count: 4 }]);
    expect(await kept(await observer({}))).toEqual([{ kind: 'all', source: 'observer' }]);
  });

  it('is unknown where the recorded process is no observer', async () => {
    expect(await kept(await observer({ XAX_QUEUE_GPUS: '0' }, ['train.py']))).toEqual([
      { kind: 'unknown', source: 'observer' },
    ]);
  });

  it('is told twice where the running observer has something else than was set since', async () => {
    service('XAX_QUEUE_GPUS=0,1');
    expect(await kept(await observer({ XAX_QUEUE_GPUS: '0,1' }))).toHaveLength(1);
    expect(await kept(await observer({ XAX_QUEUE_GPUS: '2' }))).toEqual([
      { kind: 'listed', indices: [0, 1], source: 'service' },
      { kind: 'listed', indices: [2], source: 'observer' },
    ]);
  });

  it.each(['0,0', '0,', 'a', '0;1', '-1', ''])('is not what xax itself would not take: %j', async (value) => {
    service(`"XAX_HOME=${home}" "XAX_QUEUE_GPUS=${value}"`);
    expect(await kept()).toEqual([{ kind: 'all', source: 'service' }]);
  });

  it('is not waited for where systemctl hangs, and not made up from what it prints else', async () => {
    systemctl('sleep 600');
    expect(await readObserverService(env(), 300)).toBeUndefined();
    systemctl('echo XAX_QUEUE_GPUS=0; head -c 100000 /dev/urandom');
    expect(await readObserverService(env())).toBeUndefined();
    expect(await readObserverService({ PATH: '/nowhere' })).toBeUndefined();
  });
});
