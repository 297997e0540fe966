import { BotError, errorText } from '../../core/errors.ts';
import type { Job, JobKey } from '../../core/job.ts';
import type { KillOptions, KillSignal, Snapshot } from '../../core/queue.ts';
import { RefusedThere } from '../../hosts/connection.ts';
import type { Host } from '../../hosts/host.ts';
import type { ProcessFacts } from '../process-facts.ts';
import { type HostProcesses, type ProcessNames, signalTarget, type Target } from './identity.ts';
import { leftAlone, runningJob, type Sent, type Signals } from './kill.ts';

/** A signal is sent at once, or not at all, milliseconds. */
const SIGNAL_MS = 15_000;

/** What hosts/there tells of a process. */
interface ThereFacts {
  pid: number;
  parent: number;
  group: number;
  session: number;
  startedAt: number;
  /** When it started, as the kernel counts: with its number it tells one process from every other. */
  ticks: string;
  names: ProcessNames | null;
}

interface ThereProcesses {
  leader: ThereFacts | null;
  members: ThereFacts[];
  queue: string;
  own: [pid: number, group: number | null];
}

const REFUSALS: Readonly<Record<string, string>> = {
  'not-running': 'is not the job that the queue is running now',
  'another-process': 'was left alone: its process ended at that moment, and another one has its number',
  'not-ours': 'belongs to another user, whom xaxbot may not signal',
  gone: 'no longer has a process',
};

/**
 * Signals the jobs of a queue on another host. Who a process is, is decided here by what is told of it; the step there sends
 * the signal only if the queue's file still says that this job runs and the process is still the one that was looked at.
 */
export function createRemoteSignals(deps: {
  host: Host;
  home(): string;
  readNow(): Promise<Snapshot>;
}): Signals {
  const { host, home, readNow } = deps;

  async function look(key: JobKey): Promise<{ job: Job; found: ThereProcesses; target: Target } | Target> {
    const job = runningJob(key, await readNow());
    if ('refusal' in job) return job;
    const asked = {
      do: 'processes',
      pid: job.pid ?? 0,
      group: job.processGroupId ?? job.pid ?? 0,
      home: home(),
    };
    const found = (await host.ask(asked)).ok as ThereProcesses;
    const target = signalTarget(job, processesIn(found));
    return 'refusal' in target ? { refusal: `was left alone: ${target.refusal}` } : { job, found, target };
  }

  async function target(key: JobKey): Promise<Target> {
    try {
      const seen = await look(key);
      return 'job' in seen ? seen.target : seen;
    } catch (error) {
      return leftAlone(error);
    }
  }

  async function send(signal: KillSignal, key: JobKey, options: KillOptions): Promise<Sent> {
    let takeBack: (() => void) | undefined;
    let sentTo: Exclude<Target, { refusal: string }> | undefined;
    try {
      const seen = await look(key);
      if (!('job' in seen)) return seen;
      const { found, target } = seen;
      if ('refusal' in target) return target;
      const witness = [found.leader, ...found.members].find((each) => each?.pid === target.witness)!;
      takeBack = options.beforeSignal?.(signal);
      sentTo = target;
      const { pid, group, ticks } = witness;
      const { jobId: job, enqueuedAt } = key;
      await host.change(
        { do: 'signal', home: home(), job, enqueuedAt, pid, group, ticks, signal },
        { withinMs: SIGNAL_MS },
      );
      options.onSignal?.(signal);
      return target;
    } catch (error) {
      // Where nobody knows whether it went, it stays written down.
      if (sentTo && error instanceof BotError && error.code === 'outcome-unknown')
        return { ...sentTo, doubt: errorText(error) };
      takeBack?.();
      const refusal = error instanceof RefusedThere ? REFUSALS[error.code] : undefined;
      return refusal === undefined ? leftAlone(error) : { refusal };
    }
  }

  return {
    target,
    send,
    async groupIsAlive(group) {
      return (await host.ask({ do: 'groupIsAlive', group })).ok as boolean;
    },
  };
}

function processesIn({ leader, members, queue, own }: ThereProcesses): HostProcesses {
  const all = leader ? [leader, ...members] : members;
  const facts = new Map(all.map((each) => [each.pid, factsOf(each)]));
  return {
    own: { pid: own[0], processGroupId: own[1] ?? undefined },
    facts: (pid) => facts.get(pid),
    members: (group) => members.map(factsOf).filter(({ processGroupId }) => processGroupId === group),
    names: (pid) => all.find((each) => each.pid === pid)?.names ?? undefined,
    queue,
  };
}

function factsOf({ pid, parent, group, session, startedAt }: ThereFacts): ProcessFacts {
  return { pid, parentPid: parent, processGroupId: group, sessionId: session, startedAt };
}
