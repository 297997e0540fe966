/** Which GPUs a queue keeps for its jobs. Indices are nvidia-smi's own. */
export type GpuReservation =
  | { kind: 'listed'; indices: readonly number[] }
  /** The lowest indices that the host has. */
  | { kind: 'first'; count: number }
  /** Nothing is set: its jobs see every GPU. */
  | { kind: 'all' }
  /** An observer runs, and what it holds may not be read. */
  | { kind: 'unknown' };

/** What can be asked for. */
export type AskedReservation = Extract<GpuReservation, { kind: 'listed' | 'first' }>;

/** A reservation and who says so: the settings of the observer's service, or the observer that runs. */
export type KnownReservation = GpuReservation & {
  source: 'service' | 'observer';
  /** Whose; absent where there is one queue. */
  queue?: string;
};

/** One GPU as nvidia-smi sees it now. */
export interface Gpu {
  index: number;
  uuid: string;
  name: string;
  /** Percent of the time a kernel ran, over the last moments; null where the GPU does not tell (MIG). */
  utilization: number | null;
  /** MiB; null where the GPU has no memory of its own to tell of. */
  memoryUsed: number | null;
  memoryTotal: number | null;
  /** What nvidia-smi says is wrong with it, in its words: `[GPU requires reset]`. */
  fault?: string;
  /** It is split into parts (MIG), and no program can have the whole of it. */
  isPartitioned?: true;
}

/** What nvidia-smi answers. */
export interface GpuReading {
  /** null where it is not there, gives no complete answer, or tells of none. */
  gpus: Gpu[] | null;
  /** What it says is wrong with a GPU that is not among these; null: nothing. */
  trouble: string | null;
}

/** A process on a GPU, as nvidia-smi tells. */
export interface GpuProcess {
  uuid: string;
  pid: number;
  /** MiB; null where the driver does not tell. */
  memoryUsed: number | null;
}

/** A process on one of the queue's GPUs that is none of the queue's. */
export interface GpuTaker {
  gpu: number;
  pid: number;
  /** Its Unix user; null where nobody knows. */
  user: string | null;
  /** The program's name, without its arguments. */
  program: string | null;
  /** MiB. */
  memoryUsed: number | null;
}

/**
 * A process on one of the queue's GPUs that cannot be seen from here: nvidia-smi gives the host's process ids, and in
 * a container those are not its own. It may as well be the queue's.
 */
export type UnseenProcess = Pick<GpuTaker, 'gpu' | 'pid' | 'memoryUsed'>;

/** The host's GPUs and the queues' part of them: `queues` names whose each is, where there are several. Plain JSON. */
export interface GpuReport {
  /** Empty: no observer runs and none is set up, so the queue holds nothing. */
  reservations: KnownReservation[];
  /** null where nvidia-smi is not there or does not answer. */
  gpus: (Gpu & { isQueues: boolean; isBusy: boolean; queues?: string[] })[] | null;
  /** The indices that are not the queue's; null where that cannot be told. */
  others: number[] | null;
  /** Those of them that are well, whole, and used by nobody, as far as is known; null where that cannot be told. */
  free: number[] | null;
  takers: GpuTaker[];
  unseen: UnseenProcess[];
  /** What nvidia-smi says is wrong with a GPU that it has no row of; null: nothing. */
  trouble: string | null;
}

export interface GpusService {
  /** What one queue keeps, or each, on the host's GPUs. Errors `unknown-queue`, `queue-lacks`. */
  look(queue?: string): Promise<GpuReport>;
  /** How many GPUs a job of a queue has now; null: unknown. */
  count(queue: string): Promise<number | null>;
  /** Only who takes the queues' GPUs, at the price of one process where nobody does; null: nvidia-smi did not answer. */
  takers(): Promise<GpuTaker[] | null>;
}

/** The reservation in words: `GPUs 0, 1`. */
export function reservationText(reservation: GpuReservation): string {
  switch (reservation.kind) {
    case 'listed':
      return `${reservation.indices.length === 1 ? 'GPU' : 'GPUs'} ${reservation.indices.join(', ')}`;
    case 'first':
      return reservation.count === 1 ? 'the first GPU' : `the first ${reservation.count} GPUs`;
    case 'all':
      return 'every GPU';
    case 'unknown':
      return 'unknown GPUs';
  }
}

/** What one process takes, in words: `ada's python (pid 4242) uses 10,240 MiB of GPU 1`. */
export function takerText({ gpu, pid, user, program, memoryUsed }: GpuTaker): string {
  const who = `${user === null ? "somebody's" : `${user}'s`} ${program ?? 'process'} (pid ${pid})`;
  return `${who} uses ${memoryText(memoryUsed)}GPU ${gpu}`;
}

/** What is known of a process that cannot be seen from here, in words. */
export function unseenText({ gpu, pid, memoryUsed }: UnseenProcess): string {
  return `A process that cannot be seen from here (pid ${pid}, of the host or of another container) uses ${memoryText(memoryUsed)}GPU ${gpu}: whether it belongs to the queue is unknown.`;
}

function memoryText(mib: number | null): string {
  return mib === null ? '' : `${new Intl.NumberFormat('en-US').format(mib)} MiB of `;
}
