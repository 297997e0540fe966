import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Daemon, startDaemon } from '../daemon.ts';
import { cpuSecondsOf, killProcessesOf, OWNER } from '../folder-processes.ts';
import { freePort } from '../free-port.ts';
import { untilEnd } from '../running.ts';
import {
  NODES,
  type NodeName,
  placesIn,
  removeMemoryCgroups,
  type SlurmOptions,
  writeSlurmFiles,
} from './files.ts';
import { type Asked, runIn, type Said } from './run.ts';

export {
  NODE_CPUS,
  NODE_GPUS,
  NODE_MEMORY_MB,
  NODES,
  type NodeName,
  type SlurmOptions,
  whyNoMemoryLimits,
} from './files.ts';
export type { Asked, Said } from './run.ts';

const PROGRAMS = { munged: '/usr/sbin/munged', slurmctld: '/usr/sbin/slurmctld', slurmd: '/usr/sbin/slurmd' };
const PATH = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';
const START_MAX_MS = 60_000;

/** Why no Slurm can be started here, in one line; null where one can. */
export function whyNoSlurm(): string | null {
  if (process.platform !== 'linux') return 'a real Slurm is started on Linux only';
  if (process.getuid?.() !== 0) return 'a real Slurm is started by root only';
  const missing = Object.values(PROGRAMS).find((program) => !existsSync(program));
  return missing ? `there is no ${missing}: install slurm-wlm and munge` : null;
}

export interface Slurm {
  folder: string;
  configFile: string;
  /** A folder that every user's jobs can write to; where `run` and `submit` work. */
  jobs: string;
  /** What Slurm's own commands need: PATH and SLURM_CONF. */
  environment: Record<string, string>;
  /** Runs one of Slurm's commands, and waits for its end. */
  run: (argv: readonly string[], asked?: Asked) => Promise<Said>;
  /** Submits a script of sh by the real sbatch; the new job's id. */
  submit: (script: string, argv?: readonly string[], asked?: Asked) => Promise<string>;
  /** What `scontrol show job` says of a job (of an array: of its first record), by field; undefined where it knows none. */
  job: (id: string) => Promise<Record<string, string> | undefined>;
  controller: {
    pid: () => number;
    /** The processor's time that it has taken so far, seconds. */
    cpuSeconds: () => number;
    /** Ends it as its service would, with its state saved. */
    stop: () => Promise<void>;
    /** Starts it, and waits until it answers. */
    start: () => Promise<void>;
    /** Ends it as a crash would. */
    kill: () => Promise<void>;
    freeze: () => void;
    thaw: () => void;
    /** Stops it, deletes all that it saved, and starts it: it knows no job, and its ids begin anew. */
    loseState: () => Promise<void>;
  };
  /** A node's daemon dies and its jobs' processes live on; `withJobs`: the machine goes. */
  killNode: (name: NodeName, withJobs?: 'withJobs') => Promise<void>;
  startNode: (name: NodeName) => Promise<void>;
  log: (daemon: 'slurmctld' | NodeName) => string;
  stop: () => Promise<void>;
}

/** Starts a real Slurm on 127.0.0.1: its own munge, one controller, two nodes of 2 processors and 2 counted GPUs. */
export async function startSlurm(options: SlurmOptions = {}): Promise<Slurm> {
  const reason = whyNoSlurm();
  if (reason) throw new Error(reason);
  const folder = mkdtempSync(join(tmpdir(), 'xaxbot-slurm-'));
  const places = placesIn(folder);
  writeSlurmFiles(
    places,
    { controller: await freePort(), nodes: { node1: await freePort(), node2: await freePort() } },
    options,
  );
  const environment = { PATH, SLURM_CONF: places.config, [OWNER]: folder };
  const daemons = new Map<string, Daemon>();
  const start = (name: string, program: string, argv: string[]) =>
    daemons.set(name, startDaemon(program, argv, environment, places.log(`${name}.printed`)));
  const end = async (name: string, signal: NodeJS.Signals) => daemons.get(name)?.end(signal);

  const run = (argv: readonly string[], asked: Asked = {}) =>
    runIn(places.jobs, argv, { ...environment, ...asked.environment }, asked);

  async function until(what: string, look: () => Promise<boolean>): Promise<void> {
    const limit = Date.now() + START_MAX_MS;
    while (!(await look())) {
      const dead = [...daemons].filter(([, daemon]) => !daemon.alive()).map(([name]) => name);
      if (Date.now() > limit || dead.length > 0)
        throw new Error(
          `${what} does not come up (ended: ${dead.join(', ') || 'none'}):\n${log('slurmctld')}`,
        );
      await sleep(30);
    }
  }
  const log = (daemon: string) =>
    existsSync(places.log(daemon)) ? readFileSync(places.log(daemon), 'utf8') : '';

  async function startController(): Promise<void> {
    start('slurmctld', PROGRAMS.slurmctld, ['-D']);
    await until('slurmctld', async () => (await run(['sinfo', '-h', '-o', '%T'])).code === 0);
  }
  async function startNodes(names: readonly NodeName[]): Promise<void> {
    for (const name of names) start(name, PROGRAMS.slurmd, ['-D', '-N', name]);
    for (const name of names)
      await until(name, async () => {
        const { out } = await run(['sinfo', '-h', '-n', name, '-o', '%T']);
        return /^(idle|mixed|allocated|completing|drain\w*)$/m.test(out);
      });
  }

  const stop = untilEnd(async () => {
    daemons.get('slurmctld')?.signal('SIGCONT');
    await Promise.all([...daemons.keys()].map((name) => end(name, 'SIGKILL')));
    await killProcessesOf(folder);
    if (options.memoryLimits) removeMemoryCgroups();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  start('munged', PROGRAMS.munged, [
    ...['-F', '-S', places.socket],
    ...['key', 'pid', 'log', 'seed'].map((file) => `--${file}-file=${join(places.munge, file)}`),
  ]);
  await until('munged', async () => existsSync(places.socket));
  await startController();
  await startNodes(NODES);

  return {
    folder,
    configFile: places.config,
    jobs: places.jobs,
    environment,
    run,
    submit: async (script, argv = [], asked = {}) => {
      const said = await run(['sbatch', '--parsable', ...argv], {
        ...asked,
        input: `#!/bin/sh\n${script}\n`,
      });
      if (said.code !== 0) throw new Error(`sbatch: ${said.error}`);
      return said.out.trim();
    },
    job: async (id) => {
      const { code, out } = await run(['scontrol', '-o', 'show', 'job', id]);
      if (code !== 0) return undefined;
      const [first = ''] = out.split('\n');
      return Object.fromEntries(
        [...first.matchAll(/(\S+?)=(\S*)/g)].map(([, name, value]) => [name!, value!]),
      );
    },
    controller: {
      pid: () => daemons.get('slurmctld')!.pid,
      cpuSeconds: () => cpuSecondsOf([daemons.get('slurmctld')!.pid]),
      stop: () => end('slurmctld', 'SIGTERM') as Promise<void>,
      start: startController,
      kill: () => end('slurmctld', 'SIGKILL') as Promise<void>,
      freeze: () => daemons.get('slurmctld')!.signal('SIGSTOP'),
      thaw: () => daemons.get('slurmctld')!.signal('SIGCONT'),
      loseState: async () => {
        await end('slurmctld', 'SIGTERM');
        rmSync(places.state, { recursive: true });
        mkdirSync(places.state);
        await startController();
      },
    },
    killNode: async (name, withJobs) => {
      await end(name, 'SIGKILL');
      if (withJobs)
        await killProcessesOf(places.log(name), [`${OWNER}=${folder}`, `SLURMD_NODENAME=${name}`]);
    },
    startNode: (name) => startNodes([name]),
    log,
    stop,
  };
}
