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
import type { QueueWith } from '../core/queue.ts';
import { queueWith } from '../core/queue-lacks.ts';
import type { Queues } from '../core/queues.ts';
import { isProcessHere, processIdentity } from './process-identity.ts';

/** A GPU that computes this much, or holds this much, is somebody's: a screen takes some hundred MiB, a model more. */
const BUSY_PERCENT = 10;
const BUSY_MIB = 1_024;

const UNKNOWN: KnownReservation = { kind: 'unknown', source: 'observer' };

type GpuQueue = QueueWith<'gpus'>;
type GpuQueues = Pick<Queues, 'all' | 'areSeveral' | 'find' | 'named' | 'with'>;

/** Combines what the queues keep, what nvidia-smi reports, and who owns the processes. */
export function createGpusService(deps: {
  queues: GpuQueues;
  /** The host's. What is simulated is not on them: then nothing is read. */
  readGpus(): Promise<GpuReading>;
  /** null: nvidia-smi is not there or does not answer. */
  readProcesses(): Promise<GpuProcess[] | null>;
  /** How many there are where nvidia-smi does not tell; null: unknown. */
  countGpus(): Promise<number | null>;
  /** A Unix user's name. */
  userName(uid: number): Promise<string | undefined>;
}): GpusService {
  const { queues } = deps;

  /** Queues whose jobs are on this host's GPUs. */
  const real = () => queues.with('gpus').filter(({ simulated }) => !simulated);
  /** A run that no queue started, and that is followed, is known as well as a queue's. */
  const ownsProcess = (pid: number) => queues.all.some((queue) => queue.ownsProcess(pid));
  const readGpus = async (): Promise<GpuReading> =>
    real().length === 0 ? { gpus: null, trouble: null } : deps.readGpus();
  const readProcesses = async () => (real().length === 0 ? null : deps.readProcesses());

  const countGpus = async () => (real().length === 0 ? null : deps.countGpus());

  /** What queues keep, each with its name where there are several; of one of these that does not say it, it is unknown. */
  async function reservationsOf(of: readonly GpuQueue[]): Promise<KnownReservation[]> {
    const found = await Promise.all(
      of.map(async ({ name, gpus }): Promise<KnownReservation[]> => {
        if (!queues.areSeveral) return gpus.reservations();
        const reservations = await gpus.reservations().catch(() => [UNKNOWN]);
        return reservations.map((each) => ({ ...each, queue: name }));
      }),
    );
    return found.flat();
  }

  /** Of several, one that cannot be read holds up none of the others: it is told of as it was. */
  async function refresh(queue: GpuQueue): Promise<void> {
    const work = queue.refresh();
    await (queues.areSeveral ? work.catch(() => {}) : work);
  }

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
    const count = await countGpus();
    return count === null ? null : Array.from({ length: count }, (_, index) => index);
  }

  return {
    async look(name) {
      const asked = name === undefined ? queues.with('gpus') : [queueWith(queues.named(name), 'gpus')];
      // A queue that is simulated alone keeps GPUs that are simulated too.
      const onHost = real().length > 0 ? real() : queues.with('gpus');
      const each = [...new Set([...asked, ...onHost])];
      await Promise.all(each.map(refresh));
      const [reservations, kept, { gpus, trouble }, processes] = await Promise.all([
        reservationsOf(asked),
        reservationsOf(onHost),
        readGpus(),
        readProcesses(),
      ]);
      const isUnknown = kept.some(({ kind }) => kind === 'unknown');
      const there = gpus?.map(({ index }) => index) ?? (await countedIndices());
      const held = heldBy(kept, there ?? []);
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
        ...(queues.areSeveral ? { queues: holdersOf(gpu.index, kept, there ?? []) } : {}),
        isBusy: inUse.has(gpu.uuid) || isBusy(gpu),
      }));
      const usable = new Set(found.filter((gpu) => !gpu.isBusy && canBeHad(gpu)).map(({ index }) => index));
      return {
        reservations,
        gpus: found,
        others,
        free: others?.filter((index) => usable.has(index)) ?? null,
        ...(await othersAmong(processes ?? [], gpus, keptBy(kept, gpus))),
        trouble,
      };
    },

    async count(name) {
      // What the running observer has goes before what is set for its next start.
      const reservation = (await queues.find({ queue: name })?.gpus?.reservations())?.at(-1);
      switch (reservation?.kind) {
        case 'listed':
          return reservation.indices.length;
        case 'first':
          return reservation.count;
        case 'all':
          return (await readGpus()).gpus?.length ?? countGpus();
        default:
          return null;
      }
    },

    async takers() {
      const processes = await readProcesses();
      if (!processes || processes.every(({ pid }) => ownsProcess(pid))) return processes && [];
      const { gpus } = await readGpus();
      if (!gpus) return null;
      return (await othersAmong(processes, gpus, keptBy(await reservationsOf(real()), gpus))).takers;
    },
  };
}

/** The names of the queues whose jobs may have a GPU. */
function holdersOf(index: number, kept: readonly KnownReservation[], there: readonly number[]): string[] {
  const theirs = kept.filter((reservation) => indicesOf(reservation, there).includes(index));
  return [...new Set(theirs.flatMap(({ queue }) => queue ?? []))];
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
