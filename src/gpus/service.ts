import type {
  Gpu,
  GpuProcess,
  GpuReservation,
  GpusService,
  GpuTaker,
  KnownReservation,
} from '../core/gpus.ts';
import type { Queue } from '../core/queue.ts';
import { processIdentity } from './process-identity.ts';

/** Brings together what the queue keeps, what nvidia-smi sees, and whose the processes are. */
export function createGpusService(deps: {
  queue: Pick<Queue, 'refresh' | 'gpuReservations' | 'ownsProcess'>;
  /** null: nvidia-smi is not there or does not answer. */
  readGpus(): Promise<Gpu[] | null>;
  readProcesses(): Promise<GpuProcess[] | null>;
  /** A Unix user's name. */
  userName(uid: number): Promise<string | undefined>;
}): GpusService {
  const { queue, readGpus, readProcesses } = deps;

  /** Those of the processes that are on the queue's GPUs and not the queue's. */
  async function takersAmong(
    processes: readonly GpuProcess[],
    gpus: readonly Gpu[],
    held: ReadonlySet<number>,
  ): Promise<GpuTaker[]> {
    const indices = new Map(gpus.map(({ uuid, index }) => [uuid, index]));
    const found = processes.flatMap(({ uuid, pid, memoryUsed }) => {
      const gpu = indices.get(uuid);
      return gpu !== undefined && held.has(gpu) && !queue.ownsProcess(pid) ? { gpu, pid, memoryUsed } : [];
    });
    return Promise.all(found.sort((a, b) => a.gpu - b.gpu).map(identified));
  }

  async function identified(taker: Pick<GpuTaker, 'gpu' | 'pid' | 'memoryUsed'>): Promise<GpuTaker> {
    const known = await processIdentity(taker.pid);
    const user = known && (await deps.userName(known.uid));
    return { ...taker, user: user ?? null, program: known?.program ?? null };
  }

  return {
    async look() {
      await queue.refresh();
      const [reservations, gpus, processes] = await Promise.all([
        queue.gpuReservations(),
        readGpus(),
        readProcesses(),
      ]);
      if (!gpus) return { reservations, gpus: null, free: null, takers: [] };
      const held = heldBy(reservations, gpus);
      const isUnknown = reservations.some(({ kind }) => kind === 'unknown');
      return {
        reservations,
        gpus: gpus.map((gpu) => ({ ...gpu, isQueues: held.has(gpu.index) })),
        free: isUnknown ? null : gpus.map(({ index }) => index).filter((index) => !held.has(index)),
        takers: await takersAmong(processes ?? [], gpus, held),
      };
    },

    async count() {
      // What the running observer has goes before what is set for its next start.
      const reservation = (await queue.gpuReservations()).at(-1);
      switch (reservation?.kind) {
        case 'listed':
          return reservation.indices.length;
        case 'first':
          return reservation.count;
        case 'all':
          return (await readGpus())?.length ?? null;
        default:
          return null;
      }
    },

    async takers() {
      const processes = await readProcesses();
      if (!processes || processes.every(({ pid }) => queue.ownsProcess(pid))) return processes && [];
      const gpus = await readGpus();
      return gpus && takersAmong(processes, gpus, heldBy(await queue.gpuReservations(), gpus));
    },
  };
}

/** The indices of all that is kept. */
function heldBy(reservations: readonly KnownReservation[], gpus: readonly Gpu[]): Set<number> {
  const indices = gpus.map(({ index }) => index);
  return new Set(reservations.flatMap((reservation) => indicesOf(reservation, indices)));
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
