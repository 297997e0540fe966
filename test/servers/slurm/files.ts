import { randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

export const NODES = ['node1', 'node2'] as const;
export type NodeName = (typeof NODES)[number];
export const NODE_CPUS = 2;
export const NODE_MEMORY_MB = 1000;
export const NODE_GPUS = 2;

/** Where everything of one cluster stands, all of it in one folder. */
export function placesIn(folder: string) {
  return {
    folder,
    config: join(folder, 'slurm.conf'),
    /** What jobs may write to, whoever's they are. */
    jobs: join(folder, 'jobs'),
    state: join(folder, 'state'),
    completions: join(folder, 'jobcomp.txt'),
    munge: join(folder, 'munge'),
    socket: join(folder, 'munge', 'socket'),
    log: (daemon: string) => join(folder, 'log', `${daemon}.log`),
  };
}
export type Places = ReturnType<typeof placesIn>;

export interface SlurmOptions {
  /** How long Slurm remembers a job that ended, seconds (MinJobAge). */
  rememberSeconds?: number;
  /** After how long a node that does not answer is down, seconds (SlurmdTimeout). */
  nodeTimeoutSeconds?: number;
  /** Between SIGTERM and SIGKILL, seconds (KillWait). */
  killWaitSeconds?: number;
  /** Memory limits are kept, so that a job can run out of memory, where `whyNoMemoryLimits` knows no reason against it. */
  memoryLimits?: boolean;
  /** Further lines of slurm.conf. */
  settings?: string[];
}

const MEMORY_CGROUPS = '/sys/fs/cgroup/memory';

/** Why Slurm cannot keep memory limits on this machine, in one line; null where it can. */
export function whyNoMemoryLimits(): string | null {
  try {
    accessSync(join(MEMORY_CGROUPS, 'memory.limit_in_bytes'), constants.W_OK);
    return null;
  } catch {
    return `${MEMORY_CGROUPS} (cgroup v1) is not there to write to: no job runs out of memory here`;
  }
}

/** Removes what the nodes made there for their jobs, the only thing outside the folder; what another cluster uses stays. */
export function removeMemoryCgroups(): void {
  for (const name of NODES) {
    const top = join(MEMORY_CGROUPS, `slurm_${name}`);
    if (!existsSync(top)) continue;
    const inside = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const paths = inside.map((entry) => join(entry.parentPath, entry.name));
    for (const path of [...paths.sort().reverse(), top]) {
      try {
        rmdirSync(path);
      } catch {
        // In use.
      }
    }
  }
}

export interface Ports {
  controller: number;
  nodes: Record<NodeName, number>;
}

/** slurm.conf: a cluster on this machine alone, which nobody else reaches, and which keeps no accounts. */
function slurmConfig(places: Places, ports: Ports, options: SlurmOptions): string {
  const host = hostname();
  const limits = options.memoryLimits && whyNoMemoryLimits() === null;
  const lines = [
    'ClusterName=test',
    `SlurmctldHost=${host}(127.0.0.1)`,
    'SlurmUser=root',
    `SlurmctldPort=${ports.controller}`,
    'AuthType=auth/munge',
    'CredType=cred/munge',
    `AuthInfo=socket=${places.socket}`,
    'CommunicationParameters=NoInAddrAny,NoCtldInAddrAny',
    `StateSaveLocation=${places.state}`,
    `SlurmdSpoolDir=${join(places.folder, 'spool', '%n')}`,
    `SlurmctldPidFile=${join(places.folder, 'slurmctld.pid')}`,
    `SlurmdPidFile=${join(places.folder, 'slurmd.%n.pid')}`,
    `SlurmctldLogFile=${places.log('slurmctld')}`,
    `SlurmdLogFile=${places.log('%n')}`,
    'ProctrackType=proctrack/linuxproc',
    `TaskPlugin=${limits ? 'task/cgroup' : 'task/none'}`,
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_CPU_Memory',
    'SchedulerType=sched/backfill',
    // The scheduler's own waits are there to spare a large cluster.
    'SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=2,bf_interval=1',
    'AccountingStorageType=accounting_storage/none',
    'JobCompType=jobcomp/filetxt',
    `JobCompLoc=${places.completions}`,
    'MailProg=/bin/true',
    'MpiDefault=none',
    'ReturnToService=2',
    `SlurmdTimeout=${options.nodeTimeoutSeconds ?? 20}`,
    'SlurmctldTimeout=10',
    `KillWait=${options.killWaitSeconds ?? 2}`,
    `MinJobAge=${options.rememberSeconds ?? 300}`,
    'PreemptType=preempt/partition_prio',
    'PreemptMode=REQUEUE',
    'GresTypes=gpu',
    // What the machine truly has does not matter.
    'SlurmdParameters=config_overrides',
    ...(options.settings ?? []),
    ...NODES.map(
      (name) =>
        `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports.nodes[name]} CPUs=${NODE_CPUS} ` +
        `RealMemory=${NODE_MEMORY_MB} Gres=gpu:${NODE_GPUS} State=UNKNOWN`,
    ),
    'PartitionName=main Nodes=ALL Default=YES MaxTime=UNLIMITED DefMemPerCPU=100 PriorityTier=5 PreemptMode=OFF State=UP',
    'PartitionName=scav Nodes=ALL MaxTime=1-00:00:00 DefaultTime=01:00:00 DefMemPerCPU=100 PriorityTier=1 PreemptMode=REQUEUE State=UP',
    'PartitionName=killq Nodes=ALL MaxTime=1-00:00:00 DefMemPerCPU=100 PriorityTier=1 PreemptMode=CANCEL State=UP',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

const CGROUP_CONFIG = `CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
CgroupAutomount=no
ConstrainRAMSpace=yes
ConstrainCores=no
ConstrainDevices=no
AllowedSwapSpace=0
`;

/** Writes all that the daemons read. Other users read the settings too. */
export function writeSlurmFiles(places: Places, ports: Ports, options: SlurmOptions): void {
  const folders = [places.munge, places.state, join(places.folder, 'log')];
  for (const each of [...folders, ...NODES.map((name) => join(places.folder, 'spool', name))])
    mkdirSync(each, { recursive: true });
  for (const each of [places.folder, places.munge, join(places.folder, 'spool')]) chmodSync(each, 0o755);
  mkdirSync(places.jobs);
  chmodSync(places.jobs, 0o1777);
  writeFileSync(join(places.munge, 'key'), randomBytes(128), { mode: 0o600 });
  const files = {
    'slurm.conf': slurmConfig(places, ports, options),
    'cgroup.conf': CGROUP_CONFIG,
    'gres.conf': `NodeName=${NODES.join(',')} Name=gpu File=${join(places.folder, 'gpu')}[0-${NODE_GPUS - 1}]\n`,
    // Slurm counts a GPU only if there is a file of it.
    ...Object.fromEntries(Array.from({ length: NODE_GPUS }, (_, index) => [`gpu${index}`, ''])),
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(places.folder, name), text);
    chmodSync(join(places.folder, name), 0o644);
  }
}
