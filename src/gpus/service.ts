import type {
  Gpu,
  GpuProcess,
  GpuReading,
  GpuReservation,
  GpusService,
  GpuTaker,
  KnownReservation,
  UnseenProcess,
} from '../core/gpus.ts';
import type { Queue } from '../core/queue.ts';
import { isProcessHere, processIdentity } from './process-identity.ts';

/** A GPU that computes this much, or holds this much, is somebody's: a screen takes some hundred MiB, a model more. */
const BUSY_PERCENT = 10;
const BUSY_MIB = 1_024;

/** Combines what the queue keeps, what nvidia-smi reports, and who owns the processes. */
export function createGpusService(deps: {
  queue: Pick<Queue, 'refresh' | 'gpus'>;
  readGpus(): Promise<GpuReading>;
  /** null: nvidia-smi is not there or does not answer. */
  readProcesses(): Promise<GpuProcess[] | null>;
  /** How many there are where nvidia-smi does not tell; null: unknown. */
  countGpus(): Promise<number | null>;
  /** A Unix user's name. */
  userName(uid: number): Promise<string | undefined>;
}): GpusService {
  const { queue, readGpus, readProcesses } = deps;

  const reservationsNow = async () => (await queue.gpus?.reservations()) ?? [];
  const ownsProcess = (pid: number) => queue.gpus?.ownsProcess(pid) === true;

  /** Those of the processes that are on the queue's GPUs and not known to be the queue's, lowest GPU first. */
  async function othersAmong(
    processes: readonly GpuProcess[],
    gpus: readonly Gpu[],
    held: ReadonlySet<number>,
  ): Promise<{ takers: GpuTaker[]; unseen: UnseenProcess[] }> {
    const indices = new Map(gpus.map(({ uuid, index }) => [uuid, index]));
    const found = processes
      .flatMap(({ uuid, pid, memoryUsed }) => {
        const gpu = indices.get(uuid);
        return gpu !== undefined && held.has(gpu) && !ownsProcess(pid) ? { gpu, pid, memoryUsed } : [];
      })
      .sort((a, b) => a.gpu - b.gpu);
    const unseen = found.filter(({ pid }) => !isProcessHere(pid));
    const seen = found.filter((each) => !unseen.includes(each));
    return { takers: await Promise.all(seen.map(identified)), unseen };
  }

  async function identified(taker: UnseenProcess): Promise<GpuTaker> {
    const known = await processIdentity(taker.pid);
    const user = known && (await deps.userName(known.uid));
    return { ...taker, user: user ?? null, program: known?.program ?? null };
  }

  /** Without nvidia-smi: its order is that of the PCI addresses, from 0. */
  async function countedIndices(): Promise<number[] | null> {
    const count = await deps.countGpus();
    return count === null ? null : Array.from({ length: count }, (_, index) => index);
  }

  return {
    async look() {
      await queue.refresh();
      const [reservations, { gpus, trouble }, processes] = await Promise.all([
        reservationsNow(),
        readGpus(),
        readProcesses(),
      ]);
      const isUnknown = reservations.some(({ kind }) => kind === 'unknown');
      const there = gpus?.map(({ index }) => index) ?? (await countedIndices());
      const held = heldBy(reservations, there ?? []);
      const others = isUnknown ? null : (there?.filter((index) => !held.has(index)) ?? null);
      if (!gpus) {
        // What is counted is not known to be well where nvidia-smi complains.
        const free = trouble === null ? others : others && [];
        return { reservations, gpus: null, others, free, takers: [], unseen: [], trouble };
      }
      const inUse = new Set(processes?.map(({ uuid }) => uuid));
      const found = gpus.map((gpu) => ({
        ...gpu,
        isQueues: held.has(gpu.index),
        isBusy: inUse.has(gpu.uuid) || isBusy(gpu),
      }));
      const usable = new Set(found.filter((gpu) => !gpu.isBusy && canBeHad(gpu)).map(({ index }) => index));
      return {
        reservations,
        gpus: found,
        others,
        free: others?.filter((index) => usable.has(index)) ?? null,
        ...(await othersAmong(processes ?? [], gpus, keptBy(reservations, gpus))),
        trouble,
      };
    },

    async count() {
      // What the running observer has goes before what is set for its next start.
      const reservation = (await reservationsNow()).at(-1);
      switch (reservation?.kind) {
        case 'listed':
          return reservation.indices.length;
        case 'first':
          return reservation.count;
        case 'all':
          return (await readGpus()).gpus?.length ?? deps.countGpus();
        default:
          return null;
      }
    },

    async takers() {
      const processes = await readProcesses();
      if (!processes || processes.every(({ pid }) => ownsProcess(pid))) return processes && [];
      const { gpus } = await readGpus();
      if (!gpus) return null;
      return (await othersAmong(processes, gpus, keptBy(await reservationsNow(), gpus))).takers;
    },
  };
}

/** The indices of all that the queue's jobs may have, of those that are there. */
function heldBy(reservations: readonly KnownReservation[], there: readonly number[]): Set<number> {
  return new Set(reservations.flatMap((reservation) => indicesOf(reservation, there)));
}

/** Those that are kept for them: where nothing is set, nobody is on a GPU that is not theirs. */
function keptBy(reservations: readonly KnownReservation[], gpus: readonly Gpu[]): Set<number> {
  const set = reservations.filter(({ kind }) => kind !== 'all');
  return heldBy(
    set,
    gpus.map(({ index }) => index),
  );
}

function isBusy({ utilization, memoryUsed }: Gpu): boolean {
  return (utilization ?? 0) >= BUSY_PERCENT || (memoryUsed ?? 0) >= BUSY_MIB;
}

/** Whether a program could have it: it is well and whole, and tells whether somebody has it. */
function canBeHad({ fault, isPartitioned, utilization }: Gpu): boolean {
  return fault === undefined && !isPartitioned && utilization !== null;
}

function indicesOf(reservation: GpuReservation, there: readonly number[]): readonly number[] {
  switch (reservation.kind) {
    case 'listed':
      return reservation.indices;
    case 'first':
      return there.slice(0, reservation.count);
    case 'all':
      return there;
    case 'unknown':
      return [];
  }
}
